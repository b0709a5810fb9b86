"""The log and what belongs to it; one file a subject."""

from activities.models.access import ApiClient, ApiClientQuerySet, ApiScope, CalendarFeed, SavedFilter
from activities.models.activity import (
    Activity,
    ActivityCorrection,
    ActivityOrganisation,
    ActivityQuerySet,
    ActivityResult,
    AppointmentWithActivities,
)
from activities.models.attachment import ActivityDocument, ActivityPhoto, ConcernPhoto, PhotoMoment
from activities.models.closed_period import ClosedPeriod
from activities.models.concern import STEPS, Concern, ConcernQuerySet, ConcernState, ConcernStep
from activities.models.imports import (
    ActivityImport,
    ActivityImportRow,
    ImportRun,
    RowVerdict,
    RunKind,
    RunStep,
)
from activities.models.reference import ActivityKind, FieldOfAction, Organisation

__all__ = [
    "STEPS",
    "Activity",
    "ActivityCorrection",
    "ActivityDocument",
    "ActivityImport",
    "ActivityImportRow",
    "ActivityKind",
    "ActivityOrganisation",
    "ActivityPhoto",
    "ActivityQuerySet",
    "ActivityResult",
    "ApiClient",
    "ApiClientQuerySet",
    "ApiScope",
    "AppointmentWithActivities",
    "CalendarFeed",
    "ClosedPeriod",
    "Concern",
    "ConcernPhoto",
    "ConcernQuerySet",
    "ConcernState",
    "ConcernStep",
    "FieldOfAction",
    "ImportRun",
    "Organisation",
    "PhotoMoment",
    "RowVerdict",
    "RunKind",
    "RunStep",
    "SavedFilter",
]
