"""The log and what belongs to it; one file a subject."""

from activities.attachments.models import ActivityDocument, ActivityPhoto, ConcernPhoto, PhotoMoment
from activities.concerns.models import STEPS, Concern, ConcernQuerySet, ConcernState, ConcernStep
from activities.concerns.office_models import OfficeReminder
from activities.concerns.reporter_models import ReporterMessage, Said
from activities.imports.models import (
    ActivityImport,
    ActivityImportAnswer,
    ActivityImportRow,
    ImportRun,
    RowDecision,
    RowVerdict,
    RunKind,
    RunStep,
)
from activities.interface.models import ApiClient, ApiClientQuerySet, ApiScope
from activities.log.closed_period import ClosedPeriod
from activities.log.models import (
    Activity,
    ActivityCorrection,
    ActivityOrganisation,
    ActivityQuerySet,
    ActivityResult,
    AppointmentWithActivities,
)
from activities.log.organisations import Organisation
from activities.search.models import SavedFilter, SearchWord
from activities.series.models import ActivitySeries, SeriesDay
from activities.trash.models import TrashFile, TrashItem, TrashKind

__all__ = [
    "STEPS",
    "Activity",
    "ActivityCorrection",
    "ActivityDocument",
    "ActivityImport",
    "ActivityImportAnswer",
    "ActivityImportRow",
    "ActivityOrganisation",
    "ActivityPhoto",
    "ActivityQuerySet",
    "ActivityResult",
    "ActivitySeries",
    "ApiClient",
    "ApiClientQuerySet",
    "ApiScope",
    "AppointmentWithActivities",
    "ClosedPeriod",
    "Concern",
    "ConcernPhoto",
    "ConcernQuerySet",
    "ConcernState",
    "ConcernStep",
    "ImportRun",
    "OfficeReminder",
    "Organisation",
    "PhotoMoment",
    "ReporterMessage",
    "RowDecision",
    "RowVerdict",
    "RunKind",
    "RunStep",
    "Said",
    "SavedFilter",
    "SearchWord",
    "SeriesDay",
    "TrashFile",
    "TrashItem",
    "TrashKind",
]
