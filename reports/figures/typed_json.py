"""JSON as frozen dataclasses: read with a sentence for what is missing or wrong, written back as it was read."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

AnyType = TypeVar("AnyType")
Reader = Callable[[Any], Any]


class UnreadableJson(ValueError):
    """JSON that does not have the shape it should have. The message names the place: "fields[2].minutes is missing"."""


@dataclass(frozen=True)
class Since:
    """Marks a field that JSON of older schemas does not have: `photos: Annotated[tuple[Photo, ...], Since(4)]`."""

    schema: int


@functools.cache
def known_at(kind: type, schema: int) -> tuple[str, ...]:
    """The names of the fields of a dataclass that JSON of this schema has."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(each.name for each in fields(kind) if _since(hints[each.name]) <= schema)


def _since(hint: Any) -> int:
    return next((mark.schema for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, Since)), 1)


def read(kind: type[AnyType], data: object, what: str) -> AnyType:
    """`data` as an object of the dataclass `kind`; what else it holds is left out. `what` begins the message of
    UnreadableJson.
    """
    try:
        found: AnyType = _reader(cast("Hashable", kind))(data)
    except _Wrong as error:
        raise UnreadableJson(f"{what}: {error.path or 'the whole'} {error.problem}") from None
    return found


def write(value: Any, names: Callable[[type], Sequence[str]]) -> Any:
    """JSON of a dataclass: of each the fields that `names(its class)` says, in lists and groups as they stand."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: write(getattr(value, name), names) for name in names(type(value))}
    if isinstance(value, tuple):
        return [write(inner, names) for inner in value]
    return dict(value) if isinstance(value, Mapping) else value


class _Wrong(Exception):
    def __init__(self, problem: str, path: str = "") -> None:
        self.problem, self.path = problem, path

    def inside(self, place: str) -> _Wrong:
        separator = "" if not self.path or self.path.startswith("[") else "."
        return _Wrong(self.problem, f"{place}{separator}{self.path}")


@functools.cache
def _reader(kind: Any) -> Reader:
    """What reads a value of this annotation. Made once for each, because a report has thousands of values."""
    if isinstance(kind, type) and is_dataclass(kind):
        return functools.partial(_object, kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (types.UnionType, Union):
        (inner,) = (_reader(argument) for argument in arguments if argument is not types.NoneType)
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        return functools.partial(_list, _reader(arguments[0]))
    if origin is Mapping:
        return functools.partial(_group, _reader(arguments[1]))
    accepted = (float, int) if kind is float else (kind,)
    return functools.partial(_plain, accepted)


@functools.cache
def _readers(kind: type) -> tuple[tuple[str, Reader], ...]:
    hints = get_type_hints(kind)
    return tuple((each.name, _reader(hints[each.name])) for each in fields(kind))


def _object(kind: type, data: Any) -> Any:
    if not isinstance(data, Mapping):
        raise _Wrong("is no group")
    values, name = {}, ""
    try:
        for name, reader in _readers(kind):
            values[name] = reader(data[name])
    except KeyError:
        raise _Wrong("is missing", name) from None
    except _Wrong as error:
        raise error.inside(name) from None
    return kind(**values)


def _list(reader: Reader, data: Any) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise _Wrong("is no list")
    found: list[Any] = []
    try:
        for value in data:
            found.append(reader(value))
    except _Wrong as error:
        raise error.inside(f"[{len(found)}]") from None
    return tuple(found)


def _group(reader: Reader, data: Any) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise _Wrong("is no group")
    found, name = {}, ""
    try:
        for name, value in data.items():
            found[name] = reader(value)
    except _Wrong as error:
        raise error.inside(name) from None
    return found


def _plain(accepted: tuple[type, ...], value: Any) -> Any:
    if type(value) not in accepted:  # not isinstance: True is no number
        raise _Wrong(f"is {value!r:.40}, not {' or '.join(kind.__name__ for kind in accepted)}")
    return value
