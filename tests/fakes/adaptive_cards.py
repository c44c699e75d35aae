"""What Teams refuses of Adaptive Cards, from Microsoft's documentation (learn.microsoft.com, and
the schema 1.5 of adaptivecards.io): written apart from the renderer that it judges."""

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

_ELEMENT = {"spacing", "separator", "id", "isVisible", "height"}
_INPUT = {"id", "label", "isRequired", "errorMessage", "spacing", "separator"}
_ACTION = {"title", "style", "fallback", "tooltip"}
_KINDS: dict[str, tuple[set[str], set[str]]] = {
    # type: what it must have, what it may have
    "TextBlock": (
        {"text"},
        _ELEMENT | {"wrap", "size", "weight", "style", "color", "isSubtle"},
    ),
    "Container": ({"items"}, _ELEMENT | {"style", "bleed"}),
    "ColumnSet": ({"columns"}, _ELEMENT),
    "Column": ({"items", "width"}, _ELEMENT | {"verticalContentAlignment"}),
    "FactSet": ({"facts"}, _ELEMENT),
    "Image": ({"url", "altText"}, _ELEMENT | {"size"}),
    "ActionSet": ({"actions"}, _ELEMENT),
    "Input.Text": ({"id", "label"}, _INPUT | {"isMultiline", "maxLength", "value"}),
    "Input.Number": ({"id", "label"}, _INPUT | {"min", "max", "value"}),
    "Input.Date": ({"id", "label"}, _INPUT | {"value"}),
    "Input.Time": ({"id", "label"}, _INPUT | {"value"}),
    "Input.ChoiceSet": (
        {"id", "label", "choices"},
        _INPUT | {"isMultiSelect", "style", "value", "wrap", "placeholder", "choices.data"},
    ),
    "Action.Execute": ({"title", "verb", "data", "fallback"}, _ACTION | {"associatedInputs"}),
    "Action.Submit": ({"title", "data"}, _ACTION | {"associatedInputs"}),
    "Action.ToggleVisibility": ({"title", "targetElements"}, _ACTION),
    "Action.OpenUrl": ({"title", "url"}, _ACTION),
}
_CARD = (
    {"type", "version", "body", "lang", "speak", "fallbackText", "$schema", "msteams"},
    {"actions", "refresh"},
)
_HOLDS = {
    "Container": ("items", {"TextBlock", "ActionSet", "Image", "FactSet"}),
    "Column": ("items", {"TextBlock", "ActionSet"}),
    "ColumnSet": ("columns", {"Column"}),
    "ActionSet": (
        "actions",
        {"Action.Execute", "Action.Submit", "Action.ToggleVisibility", "Action.OpenUrl"},
    ),
}
_VALUES = {
    "size": {"Small", "Large", "Stretch"},
    "weight": {"Bolder"},
    "color": {"Attention"},
    "spacing": {"None", "Small", "Default", "Large"},
}
_STYLES = {
    "TextBlock": {"heading"},
    "Container": {"attention", "good", "warning", "emphasis"},
    "Input.ChoiceSet": {"compact", "expanded"},
    "Action.Execute": {"positive", "destructive"},
    "Action.Submit": {"positive", "destructive"},
    "Action.ToggleVisibility": {"positive", "destructive"},
}


def message_problems(message: Json) -> list[str]:
    """What is wrong with an activity that carries one card."""
    problems = []
    if message.get("type") != "message" or not message.get("summary"):
        problems.append("no message, or nothing for its notification")
    for attachment in message["attachments"]:
        if attachment["contentType"] != "application/vnd.microsoft.card.adaptive":
            problems.append("an attachment that is no Adaptive Card")
        problems += card_problems(attachment["content"])
    return problems


def card_problems(card: Json, *, in_dialog: bool = False) -> list[str]:
    """What is wrong with a card; in a dialog Teams knows no Action.Execute."""
    return list(_card(card, in_dialog=in_dialog))


def walk(card: Json) -> Iterator[Json]:
    """Every element, action and input of the card, fallbacks included."""
    for thing in (*card["body"], *card.get("actions", ())):
        yield from _walk(thing)


def _walk(thing: Json) -> Iterator[Json]:
    yield thing
    for name in ("items", "columns", "actions"):
        for inner in thing.get(name, ()):
            yield from _walk(inner)
    if "fallback" in thing:
        yield from _walk(thing["fallback"])


def _card(card: Json, *, in_dialog: bool) -> Iterator[str]:
    yield from _keys(card, *_CARD, "card")
    if (card["type"], card["version"]) != ("AdaptiveCard", "1.5"):
        yield f"{card['type']} {card['version']}"
    if len(json.dumps(card, ensure_ascii=False).encode("utf-16-le")) > 80 * 1024:
        yield "over 80 KB"
    if not card["body"]:
        yield "an empty card"
    things = list(walk(card))
    ids = [thing["id"] for thing in things if "id" in thing]
    if len(ids) != len(set(ids)):
        yield "an id twice"
    for thing in things:
        yield from _thing(thing, set(ids))
        if in_dialog and thing["type"] == "Action.Execute":
            yield "an Action.Execute in a dialog"
    if not 0 <= len(card.get("actions", [])) <= 6:
        yield "over six actions"
    if len(card.get("refresh", {}).get("userIds", ())) > 60:
        yield "a refresh for more than sixty"
    shown = json.dumps(card["body"], ensure_ascii=False)
    for entity in card["msteams"].get("entities", ()):
        if entity["text"] != f"<at>{entity['mention']['name']}</at>" or entity["text"] not in shown:
            yield f"a mention that is not in the card: {entity}"
        if not entity["mention"]["id"]:
            yield "a mention of nobody"


def _thing(thing: Json, ids: set[str]) -> Iterator[str]:
    kind = thing["type"]
    if kind not in _KINDS:
        yield f"a {kind}"
        return
    needed, allowed = _KINDS[kind]
    yield from _keys(thing, needed | {"type"}, allowed, kind)
    yield from _values(kind, thing)
    if kind in _HOLDS:
        name, held = _HOLDS[kind]
        if not 0 < len(thing[name]) <= (6 if kind == "ActionSet" else 100):
            yield f"{kind} holds {len(thing[name])}"
        if wrong := {inner["type"] for inner in thing[name]} - held:
            yield f"{kind} holds {sorted(wrong)}"
    if kind == "TextBlock" and not thing.get("wrap"):
        yield "text that is cut off"
    if kind == "FactSet":
        for fact in thing["facts"]:
            if fact.keys() != {"title", "value"} or not all(fact.values()):
                yield f"fact {fact}"
    if kind == "Image" and not thing["url"].startswith("https://"):
        yield f"a picture at {thing['url']}"
    if kind.startswith("Action."):
        yield from _action(kind, thing, ids)
    if kind.startswith("Input."):
        yield from _input(kind, thing)


def _values(kind: str, thing: Json) -> Iterator[str]:
    for name, known in _VALUES.items():
        if name in thing and thing[name] not in known:
            yield f"{kind}: {name} {thing[name]}"
    if "style" in thing and thing["style"] not in _STYLES[kind]:
        yield f"{kind}: style {thing['style']}"
    for name in ("text", "title", "verb", "altText", "label", "id", "errorMessage"):
        if name in thing and (not isinstance(thing[name], str) or not thing[name]):
            yield f"{kind}: {name} is empty or no text"


def _action(kind: str, thing: Json, ids: set[str]) -> Iterator[str]:
    if not all(isinstance(value, str) for value in thing.get("data", {}).values()):
        yield "data that is no text"
    if kind == "Action.Execute" and thing["fallback"]["type"] != "Action.Submit":
        yield "no fallback for old clients"
    if set(thing.get("targetElements", ())) - ids:
        yield "folds out what is not there"


def _input(kind: str, field: Json) -> Iterator[str]:
    if field.get("isRequired") and "errorMessage" not in field:
        yield f"{kind}: required, and no word when it is missing"
    if kind == "Input.Text" and len(field.get("value", "")) > field["maxLength"]:
        yield "a value over the limit"
    if kind == "Input.Number":
        whole = (field["min"], field["max"], field.get("value", 0))
        if not all(isinstance(number, int) for number in whole):
            yield "a number that is none"
    if kind == "Input.ChoiceSet":
        yield from _choice_set(field)


def _choice_set(field: Json) -> Iterator[str]:
    values = [choice["value"] for choice in field["choices"]]
    if len(values) != len(set(values)) or not all(values):
        yield "a choice's value is empty or there twice"
    if not all(choice["title"] for choice in field["choices"]):
        yield "a choice without words"
    if "choices.data" in field:
        return
    if not values:
        yield "nothing to choose"
    chosen = field.get("value", "")
    parts = chosen.split(",") if field["isMultiSelect"] else [chosen]
    if chosen and set(parts) - set(values):
        yield "chosen is what is not there"


def _keys(thing: Json, needed: set[str], allowed: set[str], what: str) -> Iterator[str]:
    if missing := needed - thing.keys():
        yield f"{what} without {sorted(missing)}"
    if unknown := thing.keys() - needed - allowed:
        yield f"{what} with unknown {sorted(unknown)}"
