"""The models of people, and of how one reaches them: where Django finds them, and the other apps."""

from mediators.people.models import (
    Appointment,
    AppointmentQuerySet,
    Assistance,
    AssistanceQuerySet,
    EngagementForm,
    Mediator,
    towns_of,
)
from mediators.reach.models import MeetingRoom, Rhythm, VisitingChange, VisitingHours, Weekday

__all__ = [
    "Appointment",
    "AppointmentQuerySet",
    "Assistance",
    "AssistanceQuerySet",
    "EngagementForm",
    "Mediator",
    "MeetingRoom",
    "Rhythm",
    "VisitingChange",
    "VisitingHours",
    "Weekday",
    "towns_of",
]
