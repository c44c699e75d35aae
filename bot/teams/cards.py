"""Cards and forms as Adaptive Cards 1.5. A form is a card with inputs.

Limits are Microsoft's: https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never
from xml.sax.saxutils import escape as escape_xml

from bot.rendering import UnshowableError
from bot.teams.carried import CANCEL, DOES, OURS
from bot.teams.forms import inputs
from bot.teams.markup import (
    Json,
    Lines,
    TeamsContext,
    at_most,
    at_start,
    escape,
    marks,
    some,
)
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    Divider,
    Facts,
    Form,
    Line,
    Link,
    Look,
    Note,
    Paragraph,
    Part,
    Quote,
    Row,
    Tone,
)

ADAPTIVE_CARD = "application/vnd.microsoft.card.adaptive"

BYTES_AT_MOST = 80 * 1024
"""Of one card. Teams counts UTF-16, and answers 413 at about 100 KB for the whole message."""
_ACTIONS, _REFRESHED = 6, 60
_BESIDE = 16
_PHONE, _AROUND = 36, 5
"""Characters that fit beside each other on a phone, and how many of them a button's edges take."""
_BAR = 12

_LOOKS = {Look.PRIMARY: "positive", Look.DANGER: "destructive"}
_STYLES = {Tone.URGENT: "attention", Tone.GOOD: "good", Tone.CAREFUL: "warning"}


@dataclass(frozen=True, slots=True)
class Refresh:
    """How a card is made again when somebody sees it: the action's verb and data, and for whom
    (Teams' own user ids, at most 60; in a personal chat nobody need be named)."""

    verb: str
    data: Mapping[str, str]
    users: tuple[str, ...] = ()


def message(shown: Card | Form, context: TeamsContext, refresh: Refresh | None = None) -> Json:
    """The activity that shows it; `summary` is what a notification says."""
    writer = _Writer(Lines(context))
    return {
        "type": "message",
        "summary": writer.summary(shown),
        "attachments": [attachment(writer.whole(shown, refresh))],
    }


def content(shown: Card | Form, context: TeamsContext, refresh: Refresh | None = None) -> Json:
    """The Adaptive Card itself, as it takes another's place."""
    return _Writer(Lines(context)).whole(shown, refresh)


def dialog(shown: Card | Form, context: TeamsContext) -> Json:
    """The answer that opens a dialog, or changes the one that is open: there every button is an
    Action.Submit, because dialogs know no other."""
    writer = _Writer(Lines(context), in_dialog=True)
    value = {
        "title": writer.lines.plain(shown.title),
        "width": "medium",
        "height": "medium",
        "card": attachment(writer.whole(shown, None)),
    }
    return {"task": {"type": "continue", "value": value}}


def attachment(content: Json) -> Json:
    return {"contentType": ADAPTIVE_CARD, "content": content}


@dataclass
class _Writer:
    """Writes one card: what can be folded out is counted on the way."""

    lines: Lines
    in_dialog: bool = False
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
                body += inputs(self.lines, shown)
                # Only this button sends, and has Teams check, what was filled in.
                actions = [
                    self._action(shown.submit, shown.does, shown.values, Look.PRIMARY, sends="auto")
                ]
                # A dialog's frame closes it, and what is only read has nothing to put away.
                if shown.fields and not self.in_dialog:
                    cancel = self.lines.context.t("Cancel")
                    actions.append(self._action(cancel, CANCEL, {}, Look.PLAIN))
        summary = self.summary(shown)
        made: Json = {
            "type": "AdaptiveCard",
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "version": "1.5",
            "lang": self.lines.context.t.locale,
            "speak": escape_xml(summary),
            "fallbackText": escape(summary),
            "body": body,
            "msteams": {"width": "Full"},
        }
        if actions:
            made["actions"] = actions
        if self.lines.mentioned:
            made["msteams"]["entities"] = [
                {
                    "type": "mention",
                    "text": f"<at>{name}</at>",
                    "mention": {"id": user, "name": name},
                }
                for name, user in self.lines.mentioned.items()
            ]
        if refresh is not None:
            made["refresh"] = _refresh(refresh)
        size = len(json.dumps(made, ensure_ascii=False).encode("utf-16-le"))
        at_most(size, BYTES_AT_MOST, "bytes")
        return made

    def summary(self, shown: Card | Form) -> str:
        line = shown.summary if isinstance(shown, Card) and shown.summary else shown.title
        return some(self.lines.plain(line), "summary")

    # --- parts ------------------------------------------------------------------------------

    def _head(self, title: Line, tone: Tone) -> Iterator[Json]:
        heading = {
            "type": "TextBlock",
            "text": self.lines.inline(title),
            "size": "Large",
            "weight": "Bolder",
            "style": "heading",
            "wrap": True,
        }
        if tone is Tone.CALM:
            yield heading
            return
        items: list[Json] = [heading]
        if tone is Tone.GOOD:
            heading["text"] = "✅ " + self.lines.inline(title)
        elif word := self._tone(tone):
            above = {"type": "TextBlock", "text": word, "size": "Small", "weight": "Bolder"}
            items = [above | {"wrap": True}, {**heading, "spacing": "None"}]
        yield {"type": "Container", "style": _STYLES[tone], "bleed": True, "items": items}

    def _tone(self, tone: Tone) -> str | None:
        t = self.lines.context.t
        match tone:
            case Tone.CALM | Tone.GOOD:  # a sign says that it is good, where it is no news
                return None
            case Tone.URGENT:
                return "🔴 " + self.lines.inline(t("Urgent"))
            case Tone.CAREFUL:
                return "⚠️ " + self.lines.inline(t("Careful"))
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
                yield _links(line) or self.lines.text(line)
            case Quote(line):
                yield {"type": "Container", "style": "emphasis", "items": [self.lines.text(line)]}
            case Facts(rows):
                facts = [
                    {"title": self.lines.inline(name), "value": self.lines.inline(value)}
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
                yield self.lines.text(line) | {"size": "Small", "isSubtle": True}
            case Chart():
                yield from self._chart(part)
            case Divider():
                raise AssertionError("a divider belongs to what follows it")
            case _:
                assert_never(part)

    def _bullets(self, items: Sequence[Line], *, numbered: bool) -> Iterator[Json]:
        """Columns, not Markdown: there the web client cuts off the right edge of a list."""
        for number, item in enumerate(items, 1):
            sign = self.lines.text((f"{number}." if numbered else "•",))
            yield {
                "type": "ColumnSet",
                "spacing": "Default" if number == 1 else "Small",
                "columns": [
                    {"type": "Column", "width": "auto", "items": [sign]},
                    {
                        "type": "Column",
                        "width": "stretch",
                        "spacing": "Small",
                        "items": [self.lines.text(item)],
                    },
                ],
            }

    def _row(self, line: Line, button: Button) -> Iterator[Json]:
        """Side by side while the button is short: a phone is narrow."""
        text = self.lines.text(line)
        actions, *question = self._buttons((button,))
        if len(self.lines.plain(button.label)) > _BESIDE:
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
            yes, no = (self.lines.plain(self.lines.context.t(word)) for word in ("Yes", "No"))
            really = self._action((yes,), button.does, button.values, button.look)
            questions.append(
                {
                    "type": "Container",
                    "id": name,
                    "isVisible": False,
                    "style": "emphasis",
                    "items": [
                        self.lines.text(button.confirm),
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
        if any(name.startswith(OURS) for name in values):
            raise UnshowableError(f"a value's name begins with {OURS}")
        values = {**values, **self.lines.context.carries}
        shared: Json = {
            "title": some(self.lines.plain(label), "button's label"),
            "associatedInputs": sends,
        } | ({"style": _LOOKS[look]} if look in _LOOKS else {})
        submit = {"type": "Action.Submit", **shared, "data": {**values, DOES: does}}
        if self.in_dialog:
            return submit
        execute = {"type": "Action.Execute", **shared, "verb": does, "data": dict(values)}
        return execute | {"fallback": submit}

    def _chart(self, chart: Chart) -> Iterator[Json]:
        title = self.lines.text(chart.title) | {"weight": "Bolder"}
        alt = some(self.lines.plain(chart.alt), "description of a picture")
        url = self.lines.context.chart_url(chart)
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
        yield self.lines.text(chart.alt) | {"size": "Small", "isSubtle": True}


def _links(line: Line) -> Json | None:
    """Buttons for a line of nothing but links: a finger finds them. None for any other line."""
    links = [span for span in line if not isinstance(span, str) or span.strip()]
    actions = [
        {"type": "Action.OpenUrl", "title": one.text, "url": one.url}
        for one in links
        if isinstance(one, Link) and one.text.strip() and one.url.startswith("https://")
    ]
    if not actions or len(actions) < len(links) or len(actions) > _ACTIONS:
        return None
    return {"type": "ActionSet", "actions": actions}


def _refresh(refresh: Refresh) -> Json:
    at_most(len(refresh.users), _REFRESHED, "people to refresh a card for")
    action = {"type": "Action.Execute", "verb": refresh.verb, "data": dict(refresh.data)}
    return {"action": action} | ({"userIds": list(refresh.users)} if refresh.users else {})


def _bars(chart: Chart) -> Iterator[Json]:
    """Bars as text. Something is never drawn as nothing."""
    most = max((count for _, count in chart.bars), default=0) or 1
    for label, count in chart.bars:
        bar = "█" * max(round(_BAR * count / most), 1 if count else 0)
        yield {
            "title": some(at_start(marks(label)), "bar's name"),
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
