"""The models of people: where Django finds them, and the other apps."""

from mediators.people.models import (
    Appointment,
    AppointmentQuerySet,
    Assistance,
    AssistanceQuerySet,
    EngagementForm,
    Mediator,
    towns_of,
)

__all__ = [
    "Appointment",
    "AppointmentQuerySet",
    "Assistance",
    "AssistanceQuerySet",
    "EngagementForm",
    "Mediator",
    "towns_of",
]
