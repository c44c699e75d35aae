"""What happens on every platform alike, as a value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NotForUs:
    """Something that Plecs has nothing to do with; its name, where it has one, for the log."""

    name: str = ""
