"""Those who read what comes without a name: the coordinators of a workspace."""

from collections.abc import Sequence

from handlers.kit.people import Person


def zone_of(readers: Sequence[Person]) -> str:
    """By whose clocks it is morning: nothing here may hang on who wrote."""
    return min(readers, key=lambda one: one.id).zone if readers else "Europe/Riga"
