"""What Slack refuses of blocks and views, from its reference (docs.slack.dev/reference/block-kit):
written from the documentation, apart from the renderer that it judges."""

import json
import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

_BLOCKS: dict[str, tuple[set[str], set[str]]] = {
    # type: what it must have, what it may have
    "header": ({"text"}, {"block_id"}),
    "section": (set(), {"text", "fields", "accessory", "block_id", "expand"}),
    "actions": ({"elements"}, {"block_id"}),
    "context": ({"elements"}, {"block_id"}),
    "divider": (set(), {"block_id"}),
    "image": ({"image_url", "alt_text"}, {"title", "block_id"}),
    "input": ({"label", "element"}, {"hint", "optional", "dispatch_action", "block_id"}),
}
_SURFACES = {
    "message": set(_BLOCKS) - {"input"},
    "modal": set(_BLOCKS),
    "home": set(_BLOCKS),
}
_COMMON = {"action_id", "placeholder", "focus_on_load"}
_ELEMENTS: dict[str, tuple[set[str], set[str]]] = {
    "button": (
        {"text"},
        {"action_id", "value", "style", "confirm", "url", "accessibility_label"},
    ),
    "plain_text_input": (
        set(),
        {*_COMMON, "initial_value", "multiline", "min_length", "max_length"},
    ),
    "number_input": (
        {"is_decimal_allowed"},
        {*_COMMON, "initial_value", "min_value", "max_value"},
    ),
    "static_select": ({"options"}, {*_COMMON, "initial_option", "confirm"}),
    "multi_static_select": (
        {"options"},
        {*_COMMON, "initial_options", "max_selected_items", "confirm"},
    ),
    "radio_buttons": ({"options"}, {*_COMMON, "initial_option", "confirm"}),
    "checkboxes": ({"options"}, {*_COMMON, "initial_options", "confirm"}),
    "datepicker": (set(), {*_COMMON, "initial_date", "confirm"}),
    "timepicker": (set(), {*_COMMON, "initial_time", "confirm", "timezone"}),
    "users_select": (set(), {*_COMMON, "initial_user", "confirm"}),
    "multi_users_select": (
        set(),
        {*_COMMON, "initial_users", "max_selected_items", "confirm"},
    ),
}
_PICKED = {"initial_date": r"\d{4}-\d\d-\d\d", "initial_time": r"[0-2]\d:[0-5]\d"}
_IN_ACTIONS = {"button", "static_select", "radio_buttons", "checkboxes", "users_select"}
_IN_INPUT = set(_ELEMENTS) - {"button"}
_STYLES = (None, "primary", "danger")
_OPTIONS = {"static_select": 100, "multi_static_select": 100, "radio_buttons": 10, "checkboxes": 10}
_VIEW = {
    "modal": (
        {"type", "title", "blocks"},
        {"submit", "close", "private_metadata", "callback_id", "clear_on_close", "notify_on_close"}
        | {"external_id"},
    ),
    "home": ({"type", "blocks"}, {"private_metadata", "callback_id", "external_id"}),
}

_TOKEN = re.compile(
    r"<(?:@[UW][A-Z0-9]+"
    r"|!date\^\d+\^[^|^>]*\{\w+\}[^|^>]*\|[^|<>]+"
    r"|(?:https?|tel|mailto):[^|<>\s]+\|[^<>]+)>"
)
_ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")


def message_problems(content: Json) -> list[str]:
    """What is wrong with a message's `text` and `blocks`."""
    return [*_markup(content.get("text", "")), *_blocks(content.get("blocks", []), "message", 50)]


def view_problems(view: Json) -> list[str]:
    """What is wrong with a modal or home view."""
    return list(_view(view))


def _view(view: Json) -> Iterator[str]:
    kind = view.get("type")
    if kind not in _VIEW:
        yield f"view of type {kind!r}"
        return
    yield from _keys(view, *_VIEW[kind], f"{kind} view")
    for name in ("title", "submit", "close"):
        if name in view:
            yield from _text(view[name], 24, name, plain=True)
    if len(view.get("private_metadata", "")) > 3000:
        yield "private_metadata over 3000"
    for name in ("callback_id", "external_id"):
        if len(view.get(name, "")) > 255:
            yield f"{name} over 255"
    blocks = view.get("blocks", [])
    if kind == "modal":
        if not blocks:
            yield "a modal without blocks"
        if "submit" not in view and any(block.get("type") == "input" for block in blocks):
            yield "inputs without submit"
    if len(json.dumps(view).encode()) > 250_000:
        yield "view over 250 kB"
    yield from _blocks(blocks, kind, 100)


def _blocks(blocks: Any, surface: str, limit: int) -> Iterator[str]:
    if not isinstance(blocks, list):
        yield "blocks are no list"
        return
    if len(blocks) > limit:
        yield f"{len(blocks)} blocks in a {surface}"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        yield "a block_id twice"
    for block in blocks:
        kind = block.get("type")
        if kind not in _SURFACES[surface]:
            yield f"block {kind!r} in a {surface}"
            continue
        yield from _keys(block, _BLOCKS[kind][0] | {"type"}, _BLOCKS[kind][1], kind)
        if not 0 < len(block.get("block_id", "-")) <= 255:
            yield "block_id empty or over 255"
        yield from _block(kind, block)


def _block(kind: str, block: Json) -> Iterator[str]:
    match kind:
        case "header":
            yield from _text(block["text"], 150, "header", plain=True)
        case "section":
            yield from _section(block)
        case "actions":
            yield from _elements(block["elements"], 25, _IN_ACTIONS)
        case "context":
            if not 0 < len(block["elements"]) <= 10:
                yield f"{len(block['elements'])} elements in a context"
            for element in block["elements"]:
                yield from _text(element, 3000, "context")
        case "image":
            yield from _image(block)
        case "input":
            yield from _text(block["label"], 2000, "label", plain=True)
            if "hint" in block:
                yield from _text(block["hint"], 2000, "hint", plain=True)
            yield from _elements([block["element"]], 1, _IN_INPUT)
        case _:
            pass  # a divider is nothing but itself


def _image(block: Json) -> Iterator[str]:
    if not block["image_url"].startswith(("http://", "https://")):
        yield "image_url is no address"
    if not 0 < len(block["alt_text"]) <= 2000 or len(block["image_url"]) > 3000:
        yield "image's texts"
    if "title" in block:
        yield from _text(block["title"], 2000, "image title", plain=True)


def _section(block: Json) -> Iterator[str]:
    if "text" not in block and not block.get("fields"):
        yield "section with neither text nor fields"
    if "text" in block:
        yield from _text(block["text"], 3000, "section")
    if "fields" in block:
        if not 0 < len(block["fields"]) <= 10:
            yield f"{len(block['fields'])} fields in a section"
        for field in block["fields"]:
            yield from _text(field, 2000, "field")
    if "accessory" in block:
        yield from _elements([block["accessory"]], 1, _IN_ACTIONS)


def _elements(elements: list[Json], limit: int, allowed: set[str]) -> Iterator[str]:
    if not 0 < len(elements) <= limit:
        yield f"{len(elements)} elements"
    ids = [element.get("action_id") for element in elements if "action_id" in element]
    if len(ids) != len(set(ids)):
        yield "an action_id twice in one block"
    for element in elements:
        kind = element.get("type")
        if kind not in allowed:
            yield f"element {kind!r} here"
            continue
        yield from _keys(element, _ELEMENTS[kind][0] | {"type"}, _ELEMENTS[kind][1], kind)
        if not 0 < len(element.get("action_id", "-")) <= 255:
            yield "action_id empty or over 255"
        yield from _element(kind, element)


def _element(kind: str, element: Json) -> Iterator[str]:
    if element.get("max_selected_items", 1) < 1:
        yield "max_selected_items under 1"
    if "confirm" in element:
        yield from _confirm(element["confirm"])
    yield from _picked(element)
    if kind in _OPTIONS:
        yield from _options(kind, element)
    if kind == "button":
        yield from _text(element["text"], 75, "button", plain=True)
        if len(element.get("value", "")) > 2000 or element.get("style") not in _STYLES:
            yield "button's value over 2000, or its style"
    if kind == "plain_text_input":
        if not 1 <= element.get("max_length", 1) <= 3000:
            yield "max_length"
        if len(element.get("initial_value", "")) > element.get("max_length", 3000):
            yield "initial_value over max_length"
    if kind == "number_input":
        for name in ("initial_value", "min_value", "max_value"):
            if not isinstance(element.get(name, ""), str):
                yield f"{name} is no string"


def _picked(element: Json) -> Iterator[str]:
    for name, pattern in _PICKED.items():
        if name in element and not re.fullmatch(pattern, element[name]):
            yield f"{name} is not {pattern}"


def _confirm(dialog: Json) -> Iterator[str]:
    yield from _keys(dialog, {"title", "text", "confirm", "deny"}, {"style"}, "confirm")
    for name, limit in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        yield from _text(dialog[name], limit, f"confirm {name}", plain=True)


def _options(kind: str, element: Json) -> Iterator[str]:
    options = element["options"]
    if not 0 < len(options) <= _OPTIONS[kind]:
        yield f"{len(options)} options in {kind}"
    values = [option.get("value") for option in options]
    if len(values) != len(set(values)):
        yield "an option's value twice"
    for option in options:
        yield from _keys(option, {"text", "value"}, {"description"}, "option")
        yield from _text(option["text"], 75, "option", plain=True)
        if not 0 < len(option["value"]) <= 150:
            yield "option's value empty or over 150"
        if "description" in option:
            yield from _text(option["description"], 75, "option's description", plain=True)
    first = [element["initial_option"]] if "initial_option" in element else []
    for chosen in first + element.get("initial_options", []):
        if chosen not in options:
            yield "an initial option that is none of the options"
    if "initial_options" in element and not element["initial_options"]:
        yield "initial_options without any"


def _text(text: Any, limit: int, what: str, *, plain: bool = False) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in ("plain_text", "mrkdwn"):
        yield f"{what} is no text object"
        return
    if plain and text["type"] != "plain_text":
        yield f"{what} must be plain_text"
    yield from _keys(
        text, {"type", "text"}, {"emoji" if text["type"] == "plain_text" else "verbatim"}, what
    )
    if not 0 < len(text.get("text", "")) <= limit:
        yield f"{what} of {len(text.get('text', ''))} characters"
    if text["type"] == "mrkdwn":
        yield from _markup(text["text"])


def _markup(text: str) -> Iterator[str]:
    """Nothing in angle brackets but links, dates and people: no <!channel>, and nothing raw."""
    left = _TOKEN.sub("", text)
    if "<" in left or ">" in left.replace("\n> ", "\n").removeprefix("> "):
        yield f"brackets that Slack would interpret: {left!r}"
    if _ENTITY.search(text):
        yield f"an ampersand that is not escaped: {text!r}"


def _keys(thing: Json, needed: set[str], allowed: set[str], what: str) -> Iterator[str]:
    if missing := needed - thing.keys():
        yield f"{what} without {sorted(missing)}"
    if unknown := thing.keys() - needed - allowed:
        yield f"{what} with unknown {sorted(unknown)}"
