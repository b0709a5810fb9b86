"""The report from its plan to the council's decision; one file a subject."""

from reports.models.council import (
    Consultation,
    ConsultationRole,
    CouncilDecision,
    CouncilLink,
    CouncilQuestion,
    DecisionKind,
    ProposalTemplate,
)
from reports.models.county import CountyEdition, CountyReport
from reports.models.edition import (
    BuildStep,
    EditionKind,
    EditionState,
    ReportEdition,
    ReportSnapshot,
)
from reports.models.notice import NoticeChoice, Occasion, ReportNotice
from reports.models.photos import ReportPhoto
from reports.models.report import STEPS, InterimReport, ReportState, ReportStep
from reports.models.texts import (
    EASY,
    EASY_LABEL,
    TEXT_LABELS,
    EasyTextCheck,
    ReportComment,
    ReportSection,
    SectionKey,
)

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
