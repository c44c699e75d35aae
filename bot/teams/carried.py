"""What a card's actions carry: written by the renderer, read again when one is pressed.

It travels as one JSON text beside the inputs' values, because some clients turn whatever an
action's data holds into text, and old ones know no verb.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handlers.kit.commands import Value

KEY = "plecs"
"""The name in an action's data under which it travels; every other name there is an input's."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The command an action sends.

    `reply`: the card is a reply that only the caller sees, so the next reply may take its place;
    what was delivered is changed by the outbox alone. `several` names the fields that take more
    than one value: Teams joins those with commas.
    """

    does: str
    values: Mapping[str, str] = field(default_factory=dict)
    reply: bool = False
    several: Sequence[str] = ()

    def data(self) -> dict[str, str]:
        """What stands in the action's `data`."""
        carried = {
            "does": self.does,
            "values": dict(self.values),
            "reply": self.reply,
            "several": list(self.several),
        }
        return {KEY: json.dumps(carried, ensure_ascii=False, separators=(",", ":"))}


def read(data: object) -> tuple[Carried, dict[str, Value]] | None:
    """What was carried, and all values by name: the button's own, over them what was filled in.

    None for what is no action's data of ours, whatever it is.
    """
    if not isinstance(data, dict):
        return None
    try:
        found = json.loads(data.get(KEY, ""))
    except (TypeError, ValueError, RecursionError):
        return None
    match found:
        case {"does": str(does), "values": dict(values), "several": list(several)} if does:
            names = tuple(name for name in several if isinstance(name, str))
            own = {name: value for name, value in values.items() if isinstance(value, str)}
            carried = Carried(does, own, found.get("reply") is True, names)
            return carried, {**own, **_filled_in(data, frozenset(names))}
        case _:
            return None


def _filled_in(data: Mapping[object, object], several: frozenset[str]) -> dict[str, Value]:
    return {
        str(name): tuple(filter(None, _text(value).split(","))) if name in several else _text(value)
        for name, value in data.items()
        if name != KEY
    }


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""
