"""The one way into the log: page, queue and import store here, and are refused in the same words."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from django.db import DataError, IntegrityError, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Lower

from activities.log import fields, refusals
from activities.log.models import Activity
from activities.log.organisations import Organisation

# {constraint: sentence}
SAID_BY_DATABASE = {
    constraint.name: str(constraint.violation_error_message)
    for constraint in Activity._meta.constraints
    if constraint.violation_error_message
} | refusals.MEANWHILE


class EntryRefused(Exception):
    """What the database says no to. The message is a German sentence."""


def store_entry(
    entry: Activity, *, organisations: Collection[Organisation] | None = None, new_names: Collection[str] = ()
) -> None:
    """Store an entry that `full_clean` has nothing against, and who took part (None: as it was). Names that the county
    does not know yet are added to its list.

    A new entry that is sent twice is stored once. The same key with other content is another entry (the form came
    back by the browser's Back button): it gets a key of its own. Raises EntryRefused.
    """
    if is_stored(entry, organisations=organisations, new_names=new_names):
        return
    key = entry.entry_key
    try:
        _save(entry, organisations, new_names)
    except (EntryRefused, IntegrityError):  # perhaps by a second try at the same moment, which was faster
        if is_stored(entry, organisations=organisations, new_names=new_names):
            return
        if entry.entry_key == key:
            raise
        _save(entry, organisations, new_names)


def _save(
    entry: Activity, organisations: Collection[Organisation] | None, new_names: Collection[str]
) -> None:
    with refused_in_words():
        entry.save()
        if organisations is not None:
            named = named_organisations(entry.municipality.county_id, list(new_names))
            entry.organisations.set([*organisations, *named])


def store_entries(entries: Iterable[Activity]) -> None:
    """Many new entries that `refusals` has nothing against: all of them or none. Raises EntryRefused."""
    with refused_in_words():
        Activity.objects.bulk_create(entries)


@contextmanager
def refused_in_words() -> Iterator[None]:
    """All or nothing. What a constraint refuses is raised as EntryRefused with its sentence."""
    try:
        with transaction.atomic():
            yield
    except (IntegrityError, DataError) as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if constraint not in SAID_BY_DATABASE:
            raise
        raise EntryRefused(SAID_BY_DATABASE[constraint]) from error


# --- the same entry


def is_stored(
    entry: Activity, *, organisations: Collection[Organisation] | None, new_names: Collection[str]
) -> bool:
    """Whether this very new entry is stored already. If its key belongs to another one, it gets one of its own."""
    if entry.pk:
        return False
    stored = Activity.objects.filter(entry_key=entry.entry_key).first()
    if stored is None:
        return False
    if _is_same(stored, entry) and _took_part(stored, organisations or (), list(new_names)):
        return True
    entry.entry_key = uuid.uuid4()
    return False


def _is_same(stored: Activity, entry: Activity) -> bool:
    return all(
        getattr(stored, column.attname) == getattr(entry, column.attname)
        for column in Activity._meta.concrete_fields
        if column.name in fields.COMPARED
    )


def _took_part(stored: Activity, organisations: Collection[Organisation], new_names: list[str]) -> bool:
    """Whether exactly these did. A new name of the first try is an organisation of the county by the second."""
    named = list(organisations_named(stored.municipality.county_id, new_names)) if new_names else []
    sent = {organisation.pk for organisation in (*organisations, *named)}
    return len(named) == len(new_names) and sent == set(stored.organisations.values_list("pk", flat=True))


# --- organisations


def named_organisations(county_id: str, names: list[str]) -> QuerySet[Organisation]:
    """Those of the county with these names; what is missing is added, also if two people add the same name in one
    moment.
    """
    if not names:
        return Organisation.objects.none()
    Organisation.objects.bulk_create(
        [Organisation(county_id=county_id, name=name) for name in names], ignore_conflicts=True
    )
    return organisations_named(county_id, names)


def organisations_named(county_id: str, names: list[str]) -> QuerySet[Organisation]:
    """Those of the county with these names, whatever their case."""
    wanted = Q()
    for name in names:
        wanted |= Q(lower_name=Lower(Value(name)))  # as the database folds it
    return Organisation.objects.annotate(lower_name=Lower(F("name"))).filter(wanted, county_id=county_id)
