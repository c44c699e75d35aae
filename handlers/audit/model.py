"""The audit log: a change of what holds for others, as it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from handlers.kit.about import unpack


class Changed(StrEnum):
    """What was changed."""

    SETTING = "setting"
    ROLES = "roles"
    LIBRARY = "library"
    ADOPTION = "adoption"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change, noted. `subject` is a section's title, a message id, for a setting, and for a
    library and for who adopted what of it its title with the version's number; `person` whose roles
    it were. `before` and `after` are the values that differ, by name; of a library its entries'
    parts, by id, and `after` has the "names" of each.

    `by_command`: it was a command on Plecs' own machine. Otherwise `by` is who did it, and None
    once they were erased.
    """

    id: str
    workspace: str
    at: datetime
    kind: Changed
    subject: str = ""
    by: str | None = None
    by_command: bool = False
    person: str | None = None
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)

    @property
    def of_library(self) -> tuple[str, str]:
        """The library's title and the version's number, where it was one that changed."""
        title, number = unpack(self.subject, 2)
        return title, number


def name_of(parts: object, locale: str) -> str:
    """What an entry of a library is called by whose parts these are; empty where it has no name."""
    names = parts.get("names") if isinstance(parts, dict) else None
    return str(names.get(locale, "")) if isinstance(names, dict) else ""


class AuditLog(Protocol):
    """The entries of workspaces. None is ever written over."""

    def add(self, entry: AuditEntry) -> None: ...

    def of(self, workspace: str, skip: int, limit: int) -> tuple[AuditEntry, ...]:
        """The workspace's, newest first, from after so many on."""
        ...
