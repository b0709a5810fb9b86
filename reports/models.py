"""The report from its plan to the council's decision; one file a subject."""

from reports.council.models import (
    Consultation,
    ConsultationRole,
    CouncilDecision,
    CouncilLink,
    CouncilQuestion,
    DecisionKind,
    ProposalTemplate,
)
from reports.county.models import CountyEdition, CountyReport
from reports.editions.models import BuildStep, EditionKind, EditionState, ReportEdition
from reports.figures.models import ReportSnapshot
from reports.notices.models import NoticeChoice, Occasion, ReportNotice
from reports.steps.models import STEPS, InterimReport, ReportState, ReportStep
from reports.writing.models import (
    EASY,
    EASY_LABEL,
    TEXT_LABELS,
    EasyTextCheck,
    ReportComment,
    ReportSection,
    SectionKey,
)
from reports.writing.photo_models import ReportPhoto

__all__ = [
    "EASY",
    "EASY_LABEL",
    "STEPS",
    "TEXT_LABELS",
    "BuildStep",
    "Consultation",
    "ConsultationRole",
    "CouncilDecision",
    "CouncilLink",
    "CouncilQuestion",
    "CountyEdition",
    "CountyReport",
    "DecisionKind",
    "EasyTextCheck",
    "EditionKind",
    "EditionState",
    "InterimReport",
    "NoticeChoice",
    "Occasion",
    "ProposalTemplate",
    "ReportComment",
    "ReportEdition",
    "ReportNotice",
    "ReportPhoto",
    "ReportSection",
    "ReportSnapshot",
    "ReportState",
    "ReportStep",
    "SectionKey",
]
