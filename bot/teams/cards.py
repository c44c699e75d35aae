"""Cards and forms as Adaptive Cards 1.5, and what was filled in read back.

Text from people is escaped here and nowhere else. A TextBlock is Markdown (CommonMark, without
HTML), and holds mentions and dates of its own, so the marks of all three get a backslash. What is
not a TextBlock (labels, titles of buttons and choices) is plain text.

A form is a card with inputs. Choices of several come back joined by commas: their names end in
`[]`, so that `filled` knows them.

Limits are Microsoft's: https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards
"""

import json
import re
import string
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never
from urllib.parse import quote
from xml.sax.saxutils import escape as escape_xml

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
    TextField,
    TimeField,
    Tone,
)
from handlers.kit.commands import Value
from handlers.kit.people import Address
from handlers.kit.ports import Reader, Texts

Json = dict[str, Any]
"""A piece of JSON in the shape of Teams."""

ADAPTIVE_CARD = "application/vnd.microsoft.card.adaptive"

_OURS = "plecs."
"""How the names begin that no value of a button or a form has."""

DOES = f"{_OURS}does"
"""In the data of an Action.Submit: the route that an Action.Execute has as its verb."""

_SEVERAL = "[]"
_NOTHING = "-"
"""The value of the choice that chooses nothing: Teams' phones take no card with an empty one."""

BYTES_AT_MOST = 80 * 1024
"""Of one card. Teams counts UTF-16, and answers 413 at about 100 KB for the whole message."""
_ACTIONS, _REFRESHED = 6, 60
_OPTIONS, _PEOPLE_AT_MOST = 100, 100
_RADIOS_AT_MOST = 7
_BESIDE = 16
_PHONE, _AROUND = 36, 5
"""Characters that fit beside each other on a phone, and how many of them a button's edges take."""
_BAR = 12

_SCHEMES = ("https://", "tel:")
_LOOKS = {Look.PRIMARY: "positive", Look.DANGER: "destructive"}
_STYLES = {Tone.URGENT: "attention", Tone.GOOD: "good", Tone.CAREFUL: "warning"}

_MARKS = re.compile(r"[\\`*_{}\[\]<>~]|&(?=#?\w+;)")
_AT_START = re.compile(r"^(\d{1,9}[.)]|[+-]|#{1,6})[ \t]")
_ALONE = re.compile(r"^(?:(\d{1,9})(?=[.)]$)|(?=(?:[+#]+|[-\s]+|=+)$))")
_IN_ADDRESSES = ":/?#@!$&'+,=%-._~"
"""What stays in a link's address as it is; the rest, brackets above all, is percent-encoded."""


class UnshowableError(ValueError):
    """A card holds more than Teams shows, or nothing where Teams wants something. Ours are fixed
    in design and people's text is limited where it is typed: so this is a mistake of ours."""


@dataclass(frozen=True, slots=True)
class Page:
    """Whom a card is rendered for: the tenant whose people are linked, and the reader.

    `chart_url` gives the address of a chart's picture, None where pictures can't be fetched.
    `team` are those a people field offers, as user id and name; if there are none, or more than a
    list takes, the field searches the organisation. `carries` goes with every action, for whoever
    reads it when one is pressed; its names begin with "plecs.".
    """

    tenant: str
    reader: Reader
    chart_url: Callable[[Chart], str | None] = lambda _: None
    team: Sequence[tuple[str, str]] = ()
    carries: Mapping[str, str] = field(default_factory=dict)

    @property
    def t(self) -> Texts:
        return texts(self.reader.locale)


@dataclass(frozen=True, slots=True)
class Refresh:
    """How a card is made again when somebody sees it: the action's verb and data, and for whom
    (Teams' own user ids, at most 60; in a personal chat nobody need be named)."""

    verb: str
    data: Mapping[str, str]
    users: tuple[str, ...] = ()


def message(shown: Card | Form, page: Page, refresh: Refresh | None = None) -> Json:
    """The activity that shows it; `summary` is what a notification says."""
    writer = _Writer(page)
    return {
        "type": "message",
        "summary": writer.summary(shown),
        "attachments": [attachment(writer.whole(shown, refresh))],
    }


def content(shown: Card | Form, page: Page, refresh: Refresh | None = None) -> Json:
    """The Adaptive Card itself, as it takes another's place."""
    return _Writer(page).whole(shown, refresh)


def dialog(shown: Card | Form, page: Page) -> Json:
    """The answer that opens a dialog, or changes the one that is open: there every button is an
    Action.Submit, because dialogs know no other."""
    writer = _Writer(page, in_dialog=True)
    value = {
        "title": writer.plain(shown.title),
        "width": "medium",
        "height": "medium",
        "card": attachment(writer.whole(shown, None)),
    }
    return {"task": {"type": "continue", "value": value}}


def attachment(content: Json) -> Json:
    return {"contentType": ADAPTIVE_CARD, "content": content}


def filled(data: Mapping[str, object]) -> dict[str, Value]:
    """The values in an action's data: the button's or form's own, and what was typed and chosen.
    Anything that no card of ours sends is left out."""
    values: dict[str, Value] = {}
    for name, value in data.items():
        if name == "msteams" or name.startswith(_OURS) or not isinstance(value, str | int | float):
            continue
        text = _number(value) if isinstance(value, float) else str(value)
        if name.endswith(_SEVERAL):
            chosen = (one.strip() for one in text.split(","))
            values[name.removesuffix(_SEVERAL)] = tuple(one for one in chosen if one)
        else:
            values[name] = "" if text == _NOTHING else text
    return values


def escape(text: str) -> str:
    """Text as somebody wrote it, so that a TextBlock shows exactly that. Lines become paragraphs:
    Markdown would run them together."""
    return _paragraphs(_marks(text))


@dataclass
class _Writer:
    """Writes one card: what it mentions and what can be folded out is gathered on the way."""

    page: Page
    in_dialog: bool = False
    mentioned: dict[str, str] = field(default_factory=dict)
    """The ids of those who are mentioned, by name."""
    asked: int = 0
    """How many questions are folded away so far."""

    def whole(self, shown: Card | Form, refresh: Refresh | None) -> Json:
        match shown:
            case Card():
                body = [*self._head(shown.title, shown.tone), *self._parts(shown.parts)]
                actions: list[Json] = []
            case Form():
                # A dialog's own frame has the title.
                head = () if self.in_dialog else self._head(shown.title, Tone.CALM)
                body = [*head, *self._parts(shown.intro)]
                body += self._inputs(shown)
                # Only this button sends, and has Teams check, what was filled in.
                actions = [
                    self._action(shown.submit, shown.does, shown.values, Look.PRIMARY, sends="auto")
                ]
        summary = self.summary(shown)
        made: Json = {
            "type": "AdaptiveCard",
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "version": "1.5",
            "lang": self.page.t.locale,
            "speak": escape_xml(summary),
            "fallbackText": escape(summary),
            "body": body,
            "msteams": {"width": "Full"},
        }
        if actions:
            made["actions"] = actions
        if self.mentioned:
            made["msteams"]["entities"] = [
                {
                    "type": "mention",
                    "text": f"<at>{name}</at>",
                    "mention": {"id": user, "name": name},
                }
                for name, user in self.mentioned.items()
            ]
        if refresh is not None:
            made["refresh"] = _refresh(refresh)
        size = len(json.dumps(made, ensure_ascii=False).encode("utf-16-le"))
        _at_most(size, BYTES_AT_MOST, "bytes")
        return made

    def summary(self, shown: Card | Form) -> str:
        line = shown.summary if isinstance(shown, Card) and shown.summary else shown.title
        return _some(self.plain(line), "summary")

    def plain(self, line: Line) -> str:
        """The line for places without markup. Dates of Teams' own are broken up even there."""
        bare = "".join(self._word(span) for span in line)
        return " ".join(_rows(bare)).replace("{{", "{\u200b{")

    # --- cards ------------------------------------------------------------------------------

    def _head(self, title: Line, tone: Tone) -> Iterator[Json]:
        heading = {
            "type": "TextBlock",
            "text": self._inline(title),
            "size": "Large",
            "weight": "Bolder",
            "style": "heading",
            "wrap": True,
        }
        word = self._tone(tone)
        if word is None:
            yield heading
            return
        yield {
            "type": "Container",
            "style": _STYLES[tone],
            "bleed": True,
            "items": [
                {
                    "type": "TextBlock",
                    "text": word,
                    "size": "Small",
                    "weight": "Bolder",
                    "wrap": True,
                },
                {**heading, "spacing": "None"},
            ],
        }

    def _tone(self, tone: Tone) -> str | None:
        t = self.page.t
        match tone:
            case Tone.CALM:
                return None
            case Tone.URGENT:
                return "🔴 " + self._inline(t("Urgent"))
            case Tone.GOOD:
                return "✅ " + self._inline(t("Good news"))
            case Tone.CAREFUL:
                return "⚠️ " + self._inline(t("Careful"))
            case _:
                assert_never(tone)

    def _parts(self, parts: Sequence[Part]) -> Iterator[Json]:
        divided = False
        for part in parts:
            if isinstance(part, Divider):
                divided = True
                continue
            for element in self._part(part):
                if divided:
                    element |= {"separator": True, "spacing": "Large"}
                    divided = False
                yield element

    def _part(self, part: Part) -> Iterator[Json]:
        match part:
            case Paragraph(line):
                yield self._text(line)
            case Quote(line):
                yield {"type": "Container", "style": "emphasis", "items": [self._text(line)]}
            case Facts(rows):
                facts = [
                    {"title": self._inline(name), "value": self._inline(value)}
                    for name, value in rows
                ]
                yield {"type": "FactSet", "facts": facts}
            case Bullets(items, numbered):
                yield from self._bullets(items, numbered=numbered)
            case Row(line, button):
                yield from self._row(line, button)
            case Buttons(buttons):
                yield from self._buttons(buttons)
            case Note(line):
                yield self._text(line) | {"size": "Small", "isSubtle": True}
            case Chart():
                yield from self._chart(part)
            case Divider():
                raise AssertionError("a divider belongs to what follows it")
            case _:
                assert_never(part)

    def _bullets(self, items: Sequence[Line], *, numbered: bool) -> Iterator[Json]:
        """Columns, not Markdown: there the web client cuts off the right edge of a list."""
        for number, item in enumerate(items, 1):
            sign = self._text((f"{number}." if numbered else "•",))
            yield {
                "type": "ColumnSet",
                "spacing": "Default" if number == 1 else "Small",
                "columns": [
                    {"type": "Column", "width": "auto", "items": [sign]},
                    {
                        "type": "Column",
                        "width": "stretch",
                        "spacing": "Small",
                        "items": [self._text(item)],
                    },
                ],
            }

    def _row(self, line: Line, button: Button) -> Iterator[Json]:
        """Side by side while the button is short: a phone is narrow."""
        text = self._text(line)
        actions, *question = self._buttons((button,))
        if len(self.plain(button.label)) > _BESIDE:
            yield text
            yield actions | {"spacing": "Small"}
        else:
            middle = {"verticalContentAlignment": "Center"}
            yield {
                "type": "ColumnSet",
                "columns": [
                    {"type": "Column", "width": "stretch", "items": [text], **middle},
                    {"type": "Column", "width": "auto", "items": [actions], **middle},
                ],
            }
        yield from question

    def _buttons(self, buttons: Sequence[Button]) -> Iterator[Json]:
        """The buttons, then what asks first for those that must not be pressed by accident: cards
        know no such question, so it stands below, folded away, with the button that does it."""
        if not 0 < len(buttons) <= _ACTIONS:
            raise UnshowableError(f"{len(buttons)} buttons in one row: Teams takes {_ACTIONS}")
        actions, questions = [], []
        for button in buttons:
            act = self._action(button.label, button.does, button.values, button.look)
            if button.confirm is None:
                actions.append(act)
                continue
            self.asked += 1
            name = f"question-{self.asked}"
            fold = {"type": "Action.ToggleVisibility", "targetElements": [name]}
            actions.append(fold | {word: act[word] for word in ("title", "style") if word in act})
            yes, no = (self.plain(self.page.t(word)) for word in ("Yes", "No"))
            really = self._action((yes,), button.does, button.values, button.look)
            questions.append(
                {
                    "type": "Container",
                    "id": name,
                    "isVisible": False,
                    "style": "emphasis",
                    "items": [
                        self._text(button.confirm),
                        {"type": "ActionSet", "actions": [really, fold | {"title": no}]},
                    ],
                }
            )
        for number, row in enumerate(_fitting(actions)):
            spacing = {"spacing": "Small"} if number else {}
            yield {"type": "ActionSet", "actions": row, **spacing}
        yield from questions

    def _action(
        self,
        label: Line,
        does: str,
        values: Mapping[str, str],
        look: Look,
        sends: str = "none",
    ) -> Json:
        """What sends the route and its values; `sends` auto: with what is filled in."""
        if any(name.startswith(_OURS) for name in values):
            raise UnshowableError(f"a value's name begins with {_OURS}")
        values = {**values, **self.page.carries}
        shared: Json = {
            "title": _some(self.plain(label), "button's label"),
            "associatedInputs": sends,
        } | ({"style": _LOOKS[look]} if look in _LOOKS else {})
        submit = {"type": "Action.Submit", **shared, "data": {**values, DOES: does}}
        if self.in_dialog:
            return submit
        execute = {"type": "Action.Execute", **shared, "verb": does, "data": dict(values)}
        return execute | {"fallback": submit}

    def _chart(self, chart: Chart) -> Iterator[Json]:
        title = self._text(chart.title) | {"weight": "Bolder"}
        alt = _some(self.plain(chart.alt), "description of a picture")
        url = self.page.chart_url(chart)
        if url is not None:
            yield title
            yield {
                "type": "Image",
                "url": url,
                "altText": alt,
                "size": "Stretch",
                "spacing": "Small",
            }
            return
        yield title
        yield {"type": "FactSet", "facts": list(_bars(chart)), "spacing": "Small"}
        yield self._text(chart.alt) | {"size": "Small", "isSubtle": True}

    # --- forms ------------------------------------------------------------------------------

    def _inputs(self, asked: Form) -> Iterator[Json]:
        known = {one.name for one in asked.fields}
        if asked.errors:
            yield self._error(self.page.t("Please look at the marked fields."))
        for name, line in asked.errors.items():
            if name not in known:
                yield self._error(line)
        for one in asked.fields:
            if one.name in asked.errors:
                yield self._error(asked.errors[one.name])
            yield self._input(one)
            if (hint := self._hint(one)) is not None:
                yield _text_block(hint) | {"size": "Small", "isSubtle": True, "spacing": "Small"}

    def _error(self, line: Line) -> Json:
        """What is wrong, above its field: an input shows only what Teams itself found."""
        return _text_block("⚠️ " + self._inline(line)) | {
            "color": "Attention",
            "weight": "Bolder",
        }

    def _input(self, field: Field) -> Json:
        shared: Json = {
            "id": field.name,
            "label": _some(self.plain(field.label), "field's label"),
            "isRequired": field.required,
        }
        t = self.page.t
        match field:
            case TextField():
                made = {"type": "Input.Text", "isMultiline": field.multiline}
                made |= {"maxLength": field.limit, "value": field.value}
                wrong = t("Please fill this in.")
            case NumberField():
                made = {"type": "Input.Number", "min": field.least, "max": field.most}
                made |= {} if field.value is None else {"value": field.value}
                wrong = t(
                    "A whole number from {least} to {most}.", least=field.least, most=field.most
                )
            case ChoiceField():
                made = self._choices(field)
                wrong = t("Please choose.")
            case DateField() | TimeField():
                made = {"type": f"Input.{'Date' if isinstance(field, DateField) else 'Time'}"}
                made |= {"value": field.value} if field.value else {}
                wrong = t("Please choose.")
            case PeopleField():
                made = self._people(field)
                wrong = t("Please choose.")
            case _:
                assert_never(field)
        return {**shared, "errorMessage": self.plain(wrong), **made}

    def _hint(self, field: Field) -> str | None:
        t, hints = self.page.t, []
        if field.hint is not None:
            hints.append(self._inline(field.hint))
        if isinstance(field, TextField) and field.multiline:
            hints.append(self._inline(t("At most {n} characters.", n=field.limit)))
        if isinstance(field, ChoiceField | PeopleField):
            options = field.options if isinstance(field, ChoiceField) else self.page.team
            if field.most > 1 and not 0 < len(options) <= field.most:
                hints.append(self._inline(t("At most {n}.", n=field.most)))
        return " ".join(hints) or None

    def _choices(self, field: ChoiceField) -> Json:
        """All options at a glance while they are few, else a list that opens; a long one is
        searched by typing."""
        if not field.options:
            raise UnshowableError("there are no options")
        _at_most(len(field.options), _OPTIONS, "options")
        options = [(option.value, self._option(option)) for option in field.options]
        few = len(options) <= _RADIOS_AT_MOST
        # Some clients read what stands beside a circle as Markdown, and others don't.
        bare = all(escape(title) == title for _, title in options)
        return self._choice_set(
            field,
            options,
            field.value,
            style="expanded" if few and bare and (field.required or field.most > 1) else "compact",
        )

    def _people(self, field: PeopleField) -> Json:
        """The people Plecs knows while they fit a list; else Teams' own search for people."""
        chosen = tuple(
            there.user
            for there in field.value
            if there.platform == "teams" and there.workspace == self.page.tenant
        )
        if 0 < len(self.page.team) <= _PEOPLE_AT_MOST:
            team = [(user, self.plain((name,))) for user, name in self.page.team]
            return self._choice_set(field, team, chosen, style="compact")
        return {
            "type": "Input.ChoiceSet",
            "id": _name(field),
            "choices": [],
            "choices.data": {"type": "Data.Query", "dataset": "graph.microsoft.com/users"},
            "isMultiSelect": field.most > 1,
        } | ({"value": ",".join(chosen)} if chosen else {})

    def _choice_set(
        self,
        field: ChoiceField | PeopleField,
        options: Sequence[tuple[str, str]],
        value: Sequence[str],
        style: str,
    ) -> Json:
        several = field.most > 1
        for key, _ in options:
            if not key or (several and "," in key) or key == _NOTHING:
                raise UnshowableError(f"an option's value is {key!r}")
        if not several and not field.required:
            # What was chosen once could not be taken back.
            options = [(_NOTHING, "–"), *options]
        chosen = [one for one in value if any(one == key for key, _ in options)]
        made: Json = {
            "type": "Input.ChoiceSet",
            "id": _name(field),
            "choices": [{"title": title, "value": key} for key, title in options],
            "isMultiSelect": several,
            "style": style,
            "wrap": True,
        }
        if style != "expanded":
            made["placeholder"] = self.plain(self.page.t("Choose"))
        return made | ({"value": ",".join(chosen if several else chosen[:1])} if chosen else {})

    def _option(self, option: Option) -> str:
        hint = "" if option.hint is None else f" – {self.plain(option.hint)}"
        return _some(self.plain(option.label), "option") + hint

    # --- lines ------------------------------------------------------------------------------

    def _text(self, line: Line) -> Json:
        return _text_block(_paragraphs(self._marked(line)))

    def _inline(self, line: Line) -> str:
        """The line where only one fits: in a list, a fact, a heading."""
        return _at_start(" ".join(_rows(self._marked(line))))

    def _marked(self, line: Line) -> str:
        """The line in Markdown, save for what means something at a line's beginning."""
        line = tuple(span for span in line if self._word(span))
        spans = [self._mark(span) for span in line]
        for place, span in enumerate(line):
            if isinstance(span, Strong):
                before = self._word(line[place - 1])[-1:] if place else ""
                after = self._word(line[place + 1])[:1] if place + 1 < len(line) else ""
                beside = place and isinstance(line[place - 1], Strong)
                if not beside and _can_be_strong(span.text, before, after):
                    spans[place] = f"**{spans[place]}**"
        return "".join(spans)

    def _mark(self, span: Span) -> str:
        match span:
            case str():
                return _marks(span)
            case Strong(text):
                return _marks(" ".join(_rows(text)))
            case Mention(name, addresses):
                return self._mention(name, addresses)
            case Moment():
                return _marks(written(span, self.page.reader))
            case Link(text, url):
                shown = _marks(" ".join(_rows(text)))
                if not url.startswith(_SCHEMES):
                    return shown
                return f"[{shown}]({quote(url, safe=_IN_ADDRESSES)})"
            case _:
                assert_never(span)

    def _mention(self, name: str, addresses: Sequence[Address]) -> str:
        """A link to the person, if they are here. Teams finds whom a mention means by its text:
        so a second person of the same name, and one whose name has marks in it, stay a name."""
        for there in addresses:
            if there.platform != "teams" or there.workspace != self.page.tenant:
                continue
            if escape(name) != name or self.mentioned.setdefault(name, there.user) != there.user:
                break
            return f"<at>{name}</at>"
        return _marks(name)

    def _word(self, span: Span) -> str:
        match span:
            case str():
                return span
            case Strong(text) | Link(text):
                return text
            case Mention(name):
                return name
            case Moment():
                return written(span, self.page.reader)
            case _:
                assert_never(span)


def _refresh(refresh: Refresh) -> Json:
    _at_most(len(refresh.users), _REFRESHED, "people to refresh a card for")
    action = {"type": "Action.Execute", "verb": refresh.verb, "data": dict(refresh.data)}
    return {"action": action} | ({"userIds": list(refresh.users)} if refresh.users else {})


def _text_block(text: str) -> Json:
    return {"type": "TextBlock", "text": _some(text, "text"), "wrap": True}


def _bars(chart: Chart) -> Iterator[Json]:
    """Bars as text. Something is never drawn as nothing."""
    most = max((count for _, count in chart.bars), default=0) or 1
    for label, count in chart.bars:
        bar = "█" * max(round(_BAR * count / most), 1 if count else 0)
        yield {
            "title": _some(_at_start(_marks(label)), "bar's name"),
            "value": f"{bar} {count}".strip(),
        }


def _fitting(actions: Sequence[Json]) -> Iterator[list[Json]]:
    """The buttons in rows that a phone shows whole: clients cut labels off to keep a row one."""
    row: list[Json] = []
    width = 0
    for action in actions:
        wide = len(action["title"]) + _AROUND
        if row and width + wide > _PHONE:
            yield row
            row, width = [], 0
        row.append(action)
        width += wide
    yield row


def _name(field: ChoiceField | PeopleField) -> str:
    return field.name + (_SEVERAL if field.most > 1 else "")


def _marks(text: str) -> str:
    """With a backslash before each of Markdown's marks, those of mentions and of dates."""
    return _MARKS.sub(r"\\\g<0>", text)


def _paragraphs(marked: str) -> str:
    return "\n\n".join(_at_start(row) for row in _rows(marked))


def _at_start(row: str) -> str:
    """A row that begins as it reads: no heading, no list, no line, no indented code. Spaces that
    don't break do it, where they can: not every phone knows what a backslash is for."""
    begun = row.lstrip()
    begun = _ALONE.sub(r"\1\\", _AT_START.sub("\\1\u00a0", begun))
    return "\u00a0" * (len(row) - len(row.lstrip())) + begun


def _rows(text: str) -> list[str]:
    """The lines that hold something; what is nothing but space stays a space."""
    rows = [row for row in text.splitlines() if row.strip()]
    return rows or (["\u00a0"] if text else [])


def _can_be_strong(text: str, before: str, after: str) -> bool:
    """Whether two stars at each side would be read as emphasis: CommonMark wants no space inside,
    and a word inside or none outside."""
    if not text.strip() or text != text.strip():
        return False
    return (text[0].isalnum() or _is_apart(before)) and (text[-1].isalnum() or _is_apart(after))


def _is_apart(neighbour: str) -> bool:
    return (
        not neighbour
        or neighbour.isspace()
        or neighbour in string.punctuation
        or unicodedata.category(neighbour).startswith("P")
    )


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else str(value)


def _some(text: str, what: str) -> str:
    if not text:
        raise UnshowableError(f"the {what} is empty")
    return text


def _at_most(count: int, limit: int, what: str) -> None:
    if count > limit:
        raise UnshowableError(f"{count} {what}: Teams takes {limit}")
