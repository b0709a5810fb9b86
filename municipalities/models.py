"""The models of towns, agreements and programme: where Django finds them, and the other apps."""

from municipalities.agreements.models import CooperationAgreement, Departure, DepartureReason, departure_of
from municipalities.legal.models import AccessibilityStatement, LegalText
from municipalities.programme.models import ActivityKind, FieldOfAction
from municipalities.towns.models import (
    Councillor,
    County,
    CountyQuerySet,
    CountyStaff,
    Municipality,
    MunicipalityContact,
    MunicipalityKind,
    MunicipalityQuerySet,
    Role,
)

__all__ = [
    "AccessibilityStatement",
    "ActivityKind",
    "CooperationAgreement",
    "Councillor",
    "County",
    "CountyQuerySet",
    "CountyStaff",
    "Departure",
    "DepartureReason",
    "FieldOfAction",
    "LegalText",
    "Municipality",
    "MunicipalityContact",
    "MunicipalityKind",
    "MunicipalityQuerySet",
    "Role",
    "departure_of",
]
