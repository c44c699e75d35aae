"""Cards as somebody reads them, and what the renderer made of an activity."""

import re
from typing import Any

from tests.fakes.adaptive_cards import walk

Json = dict[str, Any]


def words(card: Json) -> str:
    """The text of a card as somebody reads it, one line a text; markup but for mentions as sent."""
    said = []
    for one in walk(card) if card else ():
        if one["type"] == "TextBlock":
            said.append(one["text"])
        elif one["type"] == "FactSet":
            said += [f"{fact['title']}: {fact['value']}" for fact in one["facts"]]
        elif one["type"] == "Action.OpenUrl":
            said.append(f"[{one['title']}]({one['url']})")
    return re.sub("</?at>", "", "\n".join(said))


def actions(card: Json) -> list[Json]:
    """What can be pressed, in order."""
    kinds = ("Action.Execute", "Action.Submit")
    fallbacks = [one["fallback"] for one in walk(card) if "fallback" in one] if card else []
    return [one for one in walk(card) if one["type"] in kinds and one not in fallbacks]


def buttons(card: Json) -> list[str]:
    return [one["title"] for one in actions(card) if "title" in one] if card else []


def shown(card: Json) -> str:
    return " ".join([words(card), *(f"[{label}]" for label in buttons(card))]) if card else ""


def bare(activity: Json) -> Json:
    """The activity as the renderer made it: without its addresses."""
    return {
        name: value
        for name, value in activity.items()
        if name not in ("from", "recipient", "conversation", "id")
    }


def inputs(card: Json, filled: dict[str, str]) -> Json:
    """The card's inputs as Teams sends them: what was filled in, else what stood there."""
    names = {one["id"]: one for one in walk(card) if one["type"].startswith("Input.")}
    values = {name: str(one.get("value", "")) for name, one in names.items()}
    for name, value in filled.items():
        there = name if name in names else f"{name}[]"
        assert there in names, f"no {name!r} among {list(names)}"
        values[there] = value
    return values
