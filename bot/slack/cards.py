"""Cards and forms as Slack's Block Kit.

Text from people is escaped here and nowhere else. Slack has no escape for its marks of emphasis
(`*`, `_`, `~`, backticks): in people's words they change how the words look and nothing more.
Every block says `verbatim`, so that Slack finds no links, channels or mentions in plain words.

Limits are Slack's: https://docs.slack.dev/reference/block-kit
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.texts import texts, written
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    ChoiceField,
    DateField,
    Divider,
    Facts,
    Field,
    Form,
    Line,
    Link,
    Look,
    Mention,
    Moment,
    Note,
    NumberField,
    Option,
    Paragraph,
    Part,
    PeopleField,
    Quote,
    Row,
    Span,
    Strong,
    Style,
    TextField,
    TimeField,
    Tone,
)
from handlers.kit.ports import Reader, Texts

Block = dict[str, Any]
"""A piece of JSON in Slack's shape."""

BLOCKS_IN_MESSAGE = 50
BLOCKS_IN_VIEW = 100
_SECTION, _FIELD, _FIELDS_IN_SECTION, _CONTEXT = 3000, 2000, 10, 3000
_HEADER, _ALT, _IMAGE_TITLE = 150, 2000, 2000
_BUTTON, _BUTTON_VALUE, _BUTTONS_IN_BLOCK, _ACTION_ID = 75, 2000, 25, 255
_CONFIRM_TITLE, _CONFIRM_TEXT, _CONFIRM_BUTTON = 100, 300, 30
_MODAL_TITLE, _METADATA = 24, 3000
_LABEL, _HINT = 2000, 2000
_OPTION, _OPTION_VALUE, _OPTIONS, _OPTIONS_AS_BUTTONS = 75, 150, 100, 10
_TYPED = 3000
_BAR = 20

_TONES = {Tone.CALM: "", Tone.URGENT: "🔴 ", Tone.GOOD: "✅ ", Tone.CAREFUL: "⚠️ "}

# Slack writes names of months in its own language, and Latvian is not one of those.
_DATES = {
    "en": {
        Style.TIME: "{time}",
        Style.DATE: "{date_short}",
        Style.DATETIME: "{date_short} {time}",
    },
    "lv": {Style.TIME: "{time}", Style.DATE: "{date_num}", Style.DATETIME: "{date_num} {time}"},
}


class UnshowableError(ValueError):
    """A card holds more than Slack shows, or nothing where Slack wants something. Ours are fixed
    in design and people's text is limited where it is typed: so this is a mistake of ours."""


@dataclass(frozen=True, slots=True)
class Page:
    """Whom a card is rendered for: the Slack workspace whose people are linked, and the reader.

    `chart_url` gives the address of a chart's picture, None where pictures can't be fetched.
    """

    workspace: str
    reader: Reader
    chart_url: Callable[[Chart], str | None] = lambda _: None

    @property
    def t(self) -> Texts:
        return texts(self.reader.locale)


def message(card: Card, page: Page) -> Block:
    """The arguments `text` (what a notification says) and `blocks` of a message."""
    return {
        "text": _within(_marked(card.summary or card.title, page), _SECTION, "summary"),
        "blocks": _counted(_card(card, page), BLOCKS_IN_MESSAGE),
    }


def home(card: Card, page: Page) -> Block:
    """The view of the App Home."""
    return {"type": "home", "blocks": _counted(_card(card, page), BLOCKS_IN_VIEW)}


def modal(card: Card, page: Page, kept: Mapping[str, Any]) -> Block:
    """The view that shows a card in a modal; `kept` comes back with what is pressed in it."""
    return {
        "type": "modal",
        "title": _plain(("Plecs",), page, _MODAL_TITLE),
        "close": _plain(page.t("Close"), page, _MODAL_TITLE),
        "private_metadata": _within(_json(kept), _METADATA, "metadata"),
        "blocks": _counted(_card(card, page), BLOCKS_IN_VIEW),
    }


def form(asked: Form, page: Page, kept: Mapping[str, Any]) -> Block:
    """The modal that asks. `callback_id` is the route, `kept` comes back on submit."""
    blocks = [block for part in asked.intro for block in _part(part, page)]
    known = {field.name for field in asked.fields}
    blocks += [
        _section("⚠️ " + _marked(line, page))
        for name, line in asked.errors.items()
        if name not in known
    ]
    for field in asked.fields:
        if field.name in asked.errors:
            blocks.append(_section("⚠️ " + _marked(asked.errors[field.name], page)))
        blocks.append(_input(field, asked, page))
    return {
        "type": "modal",
        "callback_id": _within(asked.does, _ACTION_ID, "route"),
        "title": _plain(asked.title, page, _MODAL_TITLE),
        "submit": _plain(asked.submit, page, _MODAL_TITLE),
        "close": _plain(page.t("Cancel"), page, _MODAL_TITLE),
        "private_metadata": _within(_json(kept), _METADATA, "metadata"),
        "blocks": _counted(blocks, BLOCKS_IN_VIEW),
    }


def field_errors(asked: Form, page: Page) -> dict[str, str]:
    """The form's errors by the ids of its inputs, as the answer to a submit wants them."""
    known = {field.name: field for field in asked.fields}
    return {
        input_id(asked.does, name): _bare(line, page)
        for name, line in asked.errors.items()
        if name in known
    }


def input_id(does: str, field: str) -> str:
    """The id of a form's input. It names the form, because Slack keeps what was typed under the
    same id when one form takes another's place."""
    return f"{does}/{field}"


def route_of(action_id: str) -> str:
    """The command behind a button's action_id, which is unique in its block by what follows #."""
    return action_id.partition("#")[0]


def escape(text: str) -> str:
    """Text as somebody wrote it, so that Slack shows exactly that."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What somebody typed, out of the text that Slack sends."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# --- cards ------------------------------------------------------------------------------------


def _card(card: Card, page: Page) -> Iterator[Block]:
    yield {
        "type": "header",
        "text": _plain((_TONES[card.tone], *card.title), page, _HEADER),
    }
    for part in card.parts:
        yield from _part(part, page)


def _part(part: Part, page: Page) -> Iterator[Block]:
    match part:
        case Paragraph(line):
            yield _section(_marked(line, page))
        case Quote(line):
            yield _section("\n".join(f"> {row}" for row in _marked(line, page).split("\n")))
        case Facts(rows):
            fields = [
                _text(f"*{_strong(_bare(name, page))}*\n{_marked(value, page)}", _FIELD)
                for name, value in rows
            ]
            for start in range(0, len(fields), _FIELDS_IN_SECTION):
                yield {"type": "section", "fields": fields[start : start + _FIELDS_IN_SECTION]}
        case Bullets(items, numbered):
            signs = (f"{number}." if numbered else "•" for number in range(1, len(items) + 1))
            yield _section(
                "\n".join(
                    f"{sign} {_marked(item, page)}" for sign, item in zip(signs, items, strict=True)
                )
            )
        case Row(line, button):
            yield {**_section(_marked(line, page)), "accessory": _button(button, 0, page)}
        case Buttons(buttons):
            elements = [_button(button, number, page) for number, button in enumerate(buttons)]
            if not 0 < len(elements) <= _BUTTONS_IN_BLOCK:
                raise UnshowableError(f"{len(elements)} buttons in one row")
            yield {"type": "actions", "elements": elements}
        case Note(line):
            yield {"type": "context", "elements": [_text(_marked(line, page), _CONTEXT)]}
        case Chart():
            yield from _chart(part, page)
        case Divider():
            yield {"type": "divider"}


def _chart(chart: Chart, page: Page) -> Iterator[Block]:
    url = page.chart_url(chart)
    if url is not None:
        yield {
            "type": "image",
            "image_url": url,
            "alt_text": _within(_bare(chart.alt, page), _ALT, "description of a picture"),
            "title": _plain(chart.title, page, _IMAGE_TITLE),
        }
        return
    yield _section(f"*{_strong(_bare(chart.title, page))}*\n```{_bars(chart)}```")
    yield {"type": "context", "elements": [_text(_marked(chart.alt, page), _CONTEXT)]}


def _bars(chart: Chart) -> str:
    """Bars as text. Half a character is the finest step; something is never drawn as nothing."""
    widest = max((len(label) for label, _ in chart.bars), default=0)
    most = max((count for _, count in chart.bars), default=0) or 1
    lines = []
    for label, count in chart.bars:
        halves = max(round(2 * _BAR * count / most), 1 if count else 0)
        bar = "█" * (halves // 2) + "▌" * (halves % 2)
        # Backticks would end the block that keeps the bars in line.
        lines.append(
            f"{escape(label).replace('`', '´')}{' ' * (widest - len(label))} {bar} {count}"
        )
    return "\n".join(lines)


def _button(button: Button, number: int, page: Page) -> Block:
    rendered: Block = {
        "type": "button",
        "text": _plain(button.label, page, _BUTTON),
        "action_id": _within(f"{button.does}#{number}", _ACTION_ID, "route"),
        "value": _within(_json(button.values), _BUTTON_VALUE, "button's values"),
    }
    if button.look is not Look.PLAIN:
        rendered["style"] = button.look.value
    if button.confirm is not None:
        rendered["confirm"] = {
            "title": _plain(button.label, page, _CONFIRM_TITLE),
            "text": _plain(button.confirm, page, _CONFIRM_TEXT),
            "confirm": _plain(page.t("Yes"), page, _CONFIRM_BUTTON),
            "deny": _plain(page.t("No"), page, _CONFIRM_BUTTON),
        }
        if button.look is not Look.PLAIN:
            rendered["confirm"]["style"] = button.look.value
    return rendered


# --- forms ------------------------------------------------------------------------------------


def _input(field: Field, asked: Form, page: Page) -> Block:
    rendered: Block = {
        "type": "input",
        "block_id": _within(input_id(asked.does, field.name), _ACTION_ID, "field's name"),
        "label": _plain(field.label, page, _LABEL),
        "optional": not field.required,
        "element": {"action_id": field.name, **_element(field, page)},
    }
    if field.hint is not None:
        rendered["hint"] = _plain(field.hint, page, _HINT)
    return rendered


def _element(field: Field, page: Page) -> Block:
    match field:
        case TextField():
            typed: Block = {
                "type": "plain_text_input",
                "multiline": field.multiline,
                "max_length": _at_most(field.limit, _TYPED, "characters to type"),
            }
            return typed | ({"initial_value": field.value} if field.value else {})
        case NumberField():
            number: Block = {
                "type": "number_input",
                "is_decimal_allowed": False,
                "min_value": str(field.least),
                "max_value": str(field.most),
            }
            return number | ({} if field.value is None else {"initial_value": str(field.value)})
        case ChoiceField():
            return _choice(field, page)
        case DateField():
            return {"type": "datepicker"} | ({"initial_date": field.value} if field.value else {})
        case TimeField():
            return {"type": "timepicker"} | ({"initial_time": field.value} if field.value else {})
        case PeopleField():
            users = [there.user for there in field.value if _is_here(there.workspace, page)]
            if field.most == 1:
                return {"type": "users_select"} | ({"initial_user": users[0]} if users else {})
            return {"type": "multi_users_select", "max_selected_items": field.most} | (
                {"initial_users": users} if users else {}
            )


def _choice(field: ChoiceField, page: Page) -> Block:
    """All options at a glance while they are few, a list to search when they are many."""
    if not field.options:
        raise UnshowableError("there are no options")
    _at_most(len(field.options), _OPTIONS, "options")
    options = {option.value: _option(option, page) for option in field.options}
    chosen = [options[value] for value in field.value if value in options]
    seen_at_once = len(options) <= _OPTIONS_AS_BUTTONS
    if field.most == 1:
        kind = "radio_buttons" if seen_at_once else "static_select"
        return {"type": kind, "options": list(options.values())} | (
            {"initial_option": chosen[0]} if chosen else {}
        )
    # Checkboxes can't hold somebody to fewer than all of them.
    if seen_at_once and field.most >= len(options):
        return {"type": "checkboxes", "options": list(options.values())} | (
            {"initial_options": chosen} if chosen else {}
        )
    return {
        "type": "multi_static_select",
        "options": list(options.values()),
        "max_selected_items": field.most,
    } | ({"initial_options": chosen} if chosen else {})


def _option(option: Option, page: Page) -> Block:
    rendered: Block = {
        "text": _plain(option.label, page, _OPTION),
        "value": _within(option.value, _OPTION_VALUE, "option's value"),
    }
    if option.hint is not None:
        rendered["description"] = _plain(option.hint, page, _OPTION)
    return rendered


# --- lines ------------------------------------------------------------------------------------


def _marked(line: Line, page: Page) -> str:
    """The line in Slack's markup."""
    return "".join(_mark(span, page) for span in line)


def _mark(span: Span, page: Page) -> str:
    match span:
        case str():
            return escape(span)
        case Strong(text):
            return f"*{_strong(text)}*" if text.strip() else escape(text)
        case Mention(name, addresses):
            here = (there for there in addresses if _is_here(there.workspace, page, there.platform))
            found = next(here, None)
            return escape(name) if found is None else f"<@{found.user}>"
        case Moment(at, style):
            form = _DATES.get(texts(page.reader.locale).locale, _DATES["en"])[style]
            fallback = escape(written(span, page.reader)).replace("|", "/")
            return f"<!date^{int(at.timestamp())}^{form}|{fallback}>"
        case Link(text, url):
            return f"<{escape(url).replace('|', '%7C')}|{escape(text)}>"


def _strong(text: str) -> str:
    """Text between stars: a star or a line's end inside would end the emphasis."""
    return escape(" ".join(text.split())).replace("*", "∗")


def _bare(line: Line, page: Page) -> str:
    """The line as text alone, for places that know no markup: nothing is to be escaped there."""
    return "".join(_word(span, page) for span in line)


def _word(span: Span, page: Page) -> str:
    match span:
        case str():
            return span
        case Strong(text) | Link(text):
            return text
        case Mention(name):
            return name
        case Moment():
            return written(span, page.reader)


def _plain(line: Line, page: Page, limit: int) -> Block:
    return {
        "type": "plain_text",
        "text": _within(_bare(line, page), limit, "plain text"),
        "emoji": False,
    }


def _text(marked: str, limit: int) -> Block:
    return {"type": "mrkdwn", "text": _within(marked, limit, "text"), "verbatim": True}


def _section(marked: str) -> Block:
    return {"type": "section", "text": _text(marked, _SECTION)}


def _is_here(workspace: str, page: Page, platform: str = "slack") -> bool:
    return platform == "slack" and workspace == page.workspace


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, separators=(",", ":"))


def _within(text: str, limit: int, what: str) -> str:
    if not text:
        raise UnshowableError(f"the {what} is empty")
    _at_most(len(text), limit, f"characters of {what}")
    return text


def _at_most(count: int, limit: int, what: str) -> int:
    if count > limit:
        raise UnshowableError(f"{count} {what}: Slack takes {limit}")
    return count


def _counted(blocks: Iterable[Block], limit: int) -> list[Block]:
    counted = list(blocks)
    _at_most(len(counted), limit, "blocks")
    return counted
