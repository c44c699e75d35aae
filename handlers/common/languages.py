"""Which language Plecs begins to speak with somebody new."""

from dataclasses import dataclass

from handlers.kit.ports import WorkspaceSettings, mark
from handlers.kit.settings import Section, one_of


@dataclass(frozen=True, slots=True)
class NewPeople:
    """In which language Plecs speaks with people who come; empty: their platform's."""

    new: str = ""


NEW_PEOPLE = Section(
    "language", mark("Language of new people"), NewPeople(), {"new": one_of(("", "lv", "en"))}
)


def language_for_new(settings: WorkspaceSettings, workspace: str) -> str | None:
    """The language the workspace set for people who come; None: their platform's."""
    return NEW_PEOPLE.of(settings, workspace).new or None
