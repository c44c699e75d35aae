"""Rows become values, and values rows: once for each dataclass that a table keeps."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, ClassVar, Generic, Protocol, TypeVar, get_args, get_origin, get_type_hints

from sqlalchemy import Connection, Row, Select, Table, bindparam, select

from handlers.kit.told import zone_or_usual


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]


V = TypeVar("V", bound=_Dataclass)


@dataclass(frozen=True, slots=True)
class Codec:
    """How a field's value stands in its column."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


WORDS = Codec(" ".join, lambda kept: tuple(kept.split()))
"""Ids, which have no blanks in them, one after the other."""

NUMBERS = Codec(
    lambda values: " ".join(map(str, values)), lambda kept: tuple(map(int, kept.split()))
)
"""Whole numbers, one after the other."""

# `json.loads` costs as much again as the reading, and a claim of sixty notices reads sixty.
_read_json = json.JSONDecoder().decode

LIST = Codec(json.dumps, lambda kept: tuple(_read_json(kept)))
"""A JSON list of what JSON knows."""

OBJECT = Codec(json.dumps, _read_json)
"""A JSON object, as a mapping."""

WALL = Codec(lambda wall: wall.isoformat(timespec="minutes"), datetime.fromisoformat)
"""A wall time without a zone, to the minute."""

DAY = Codec(date.isoformat, date.fromisoformat)

ZONE = Codec(str, zone_or_usual)
"""A time zone's name. Another machine may have written it, and known more of them."""

_AS_THEY_ARE = (str, int, bool, float, datetime)
"""What the drivers and the columns' own types write and read."""


class Record(Generic[V]):
    """How a dataclass stands in a table, field by field, made once when the module is read.

    Fields and columns have the same name, or `named` says the column's. Text, numbers, truths,
    aware instants and enumerations need nothing; for all else `as_` names the field's codec.
    `besides`: the fields that the table does not keep as they are, which whoever reads a row hands
    in. `derived`: columns that are worked out of the whole value when it is written.

    Raises TypeError for a field that it does not know how to keep.
    """

    def __init__(
        self,
        kind: type[V],
        table: Table,
        *,
        named: Mapping[str, str] | None = None,
        as_: Mapping[str, Codec] | None = None,
        besides: Iterable[str] = (),
        derived: Mapping[str, Callable[[V], Any]] | None = None,
    ) -> None:
        apart, named = frozenset(besides), named or {}
        self._kind, self._table = kind, table
        self._names = [one.name for one in fields(kind) if one.name not in apart]
        self._columns = [named.get(name, name) for name in self._names]
        for name, column in zip(self._names, self._columns, strict=True):
            if column not in table.c:
                raise TypeError(f"{table.name} has no column for {kind.__name__}.{name}")
        hints, stated = get_type_hints(kind), as_ or {}
        codecs = {name: stated.get(name) or _codec(kind, name, hints[name]) for name in self._names}
        self._reads = [(n, codec.read) for n, codec in codecs.items() if codec is not None]
        self._writes = [
            (column, codec.write)
            for column, codec in zip(self._columns, codecs.values(), strict=True)
            if codec is not None and codec.write is not _as_is
        ]
        self._derived = tuple((derived or {}).items())
        self._key = tuple(column.name for column in table.primary_key)
        self._of_row = attrgetter(*self._columns)
        self._of_value = attrgetter(*self._names)

    def value(self, row: Row[Any], **besides: Any) -> V:
        """The value that a row with the table's columns keeps."""
        values = dict(zip(self._names, self._of_row(row), strict=True))
        for name, read in self._reads:
            values[name] = read(values[name])
        return self._kind(**values, **besides)

    def load(self, connection: Connection, *key: Any, hold: bool = False) -> V | None:
        """The value that stands under the table's primary key; None where there is none. With
        `hold` its row is this transaction's until it ends: others who want to hold it wait."""
        row = self.load_row(connection, *key, hold=hold)
        return None if row is None else self.value(row)

    def load_row(self, connection: Connection, *key: Any, hold: bool = False) -> Row[Any] | None:
        """The same as a row, where there are fields that the table does not keep as they are."""
        asked = dict(zip(self._key, key, strict=True))
        return connection.execute(self._held if hold else self._by_key, asked).one_or_none()

    @cached_property
    def _by_key(self) -> Select[Any]:
        columns = self._table.primary_key
        return select(self._table).where(*(one == bindparam(one.name) for one in columns))

    @cached_property
    def _held(self) -> Select[Any]:
        return self._by_key.with_for_update()

    def value_of(self, columns: Mapping[str, Any]) -> V:
        """The value that was kept as these columns somewhere else than in the table."""
        values = {
            name: columns[column] for name, column in zip(self._names, self._columns, strict=True)
        }
        for name, read in self._reads:
            values[name] = read(values[name])
        return self._kind(**values)

    def row(self, value: V) -> dict[str, Any]:
        """The columns that keep the value."""
        row = dict(zip(self._columns, self._of_value(value), strict=True))
        for column, write in self._writes:
            row[column] = write(row[column])
        for column, work_out in self._derived:
            row[column] = work_out(value)
        return row

    def changes(self, value: V) -> dict[str, Any]:
        """The same without the primary key: what an update of the value's row sets."""
        row = self.row(value)
        for key in self._key:
            row.pop(key, None)
        return row


def _codec(kind: type[Any], name: str, hint: Any) -> Codec | None:
    """What the field's type needs; None for nothing."""
    some = [one for one in get_args(hint) if one is not NoneType]
    one = some[0] if get_origin(hint) is UnionType and len(some) == 1 else hint
    if one in _AS_THEY_ARE:
        return None
    if isinstance(one, type) and issubclass(one, Enum):
        members: dict[Any, Any] = {member.value: member for member in one}
        return Codec(_as_is, (members | {None: None}).__getitem__)
    raise TypeError(f"{kind.__name__}.{name} is {hint}: say by which codec a column keeps it")


def _as_is(value: Any) -> Any:
    """An enumeration's member is its own text or number, for the drivers too."""
    return value
