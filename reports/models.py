"""The report from its plan to the council's decision; one file a subject."""

from reports.certificates.models import Certificate
from reports.council.decision_models import CouncilDecision, DecisionCorrection, DecisionKind
from reports.council.models import (
    Consultation,
    ConsultationRole,
    CouncilLink,
    CouncilQuestion,
    ProposalTemplate,
)
from reports.county.models import CountyReport, CountyReportFile
from reports.editions.models import BuildStep, FileKind, FileState, ReportFile
from reports.figures.models import ReportSnapshot
from reports.notices.models import NoticeChoice, Occasion
from reports.preview.models import DraftPreview
from reports.renewals.models import NewEdition, Withdrawal
from reports.steps.models import STEPS, InterimReport, ReportState, ReportStep
from reports.steps.review_models import ReviewMode, ReviewRule
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
    "Certificate",
    "Consultation",
    "ConsultationRole",
    "CouncilDecision",
    "CouncilLink",
    "CouncilQuestion",
    "CountyReport",
    "CountyReportFile",
    "DecisionCorrection",
    "DecisionKind",
    "DraftPreview",
    "EasyTextCheck",
    "FileKind",
    "FileState",
    "InterimReport",
    "NewEdition",
    "NoticeChoice",
    "Occasion",
    "ProposalTemplate",
    "ReportComment",
    "ReportFile",
    "ReportPhoto",
    "ReportSection",
    "ReportSnapshot",
    "ReportState",
    "ReportStep",
    "ReviewMode",
    "ReviewRule",
    "SectionKey",
    "Withdrawal",
]
