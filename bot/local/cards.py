"""Cards and forms as HTML. The only place here that knows markup.

Everything that people or translators wrote goes through `escape`, so that it stays text; the
page may put the result into the document as it is.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import assert_never

from bot.rendering import ChartUrl, bare, bare_span
from bot.texts import texts
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
from handlers.kit.people import Person
from handlers.kit.ports import Reader, Texts

_RADIOS_AT_MOST = 7
"""More options than these stand in a list that opens: the form should fit one screen."""

_PLAIN_SCHEMES = ("https://", "http://", "tel:")


@dataclass(frozen=True, slots=True)
class Renderer:
    """Writes for one reader. `team` are those a people field offers, by their user ids; without
    `chart_url` charts are drawn as bars in the page itself."""

    reader: Reader
    team: Sequence[tuple[str, Person]] = ()
    chart_url: ChartUrl | None = None

    @property
    def t(self) -> Texts:
        return texts(self.reader.locale)

    def card(self, card: Card) -> str:
        """The card as it stands in a conversation."""
        return (
            f'<div class="card tone-{card.tone.value}">{self._tone(card.tone)}'
            f'<h3 class="title">{self._line(card.title)}</h3>'
            f"{''.join(map(self._part, card.parts))}</div>"
        )

    def form(self, form: Form) -> str:
        """The form as it stands in a dialog: `data-does` and `data-values` are what it sends."""
        look, close = self.t("Please look at the marked fields."), self.t("Close")
        trouble = (
            f'<p class="form-error" role="alert">{self._line(look)}</p>' if form.errors else ""
        )
        return (
            f'<form data-does="{escape(form.does)}" data-values="{_data(form.values)}" novalidate>'
            f'<h2 class="form-title" id="form-title">{self._line(form.title)}</h2>'
            f'<div class="form-body">{"".join(map(self._part, form.intro))}{trouble}'
            f"{''.join(self._field(field, form.errors) for field in form.fields)}</div>"
            '<div class="form-foot">'
            f'<button type="button" class="button" data-close>{self._line(close)}</button>'
            f'<button type="submit" class="button primary">{self._line(form.submit)}</button>'
            "</div></form>"
        )

    def words(self, text: str) -> str:
        """What somebody typed, as they typed it."""
        return f'<p dir="auto">{escape(text)}</p>'

    def plain(self, line: Line) -> str:
        """The line as bare text, for places without markup. Not escaped."""
        return bare(line, self.reader)

    def _tone(self, tone: Tone) -> str:
        match tone:
            case Tone.CALM:
                return ""
            case Tone.URGENT:
                word = self._line(self.t("Urgent"))
            case Tone.GOOD:
                word = self._line(self.t("Good news"))
            case Tone.CAREFUL:
                word = self._line(self.t("Careful"))
            case _:
                assert_never(tone)
        return (
            f'<p class="tone"><svg class="icon" aria-hidden="true">'
            f'<use href="#icon-{tone.value}"></use></svg>{word}</p>'
        )

    def _part(self, part: Part) -> str:
        match part:
            case Paragraph(line):
                return f'<p dir="auto">{self._line(line)}</p>'
            case Quote(line):
                return f'<blockquote dir="auto">{self._line(line)}</blockquote>'
            case Facts(rows):
                return (
                    '<dl class="facts">'
                    + "".join(
                        f"<div><dt>{self._line(name)}</dt>"
                        f'<dd dir="auto">{self._line(value)}</dd></div>'
                        for name, value in rows
                    )
                    + "</dl>"
                )
            case Bullets(items, numbered):
                tag = "ol" if numbered else "ul"
                lines = "".join(f'<li dir="auto">{self._line(item)}</li>' for item in items)
                return f'<{tag} class="bullets">{lines}</{tag}>'
            case Row(line, button):
                return (
                    f'<div class="row"><p dir="auto">{self._line(line)}</p>'
                    f"{self._button(button)}</div>"
                )
            case Buttons(buttons):
                return f'<div class="buttons">{"".join(map(self._button, buttons))}</div>'
            case Note(line):
                return f'<p class="note" dir="auto">{self._line(line)}</p>'
            case Chart():
                return self._chart(part)
            case Divider():
                return "<hr>"
            case _:
                assert_never(part)

    def _chart(self, chart: Chart) -> str:
        alt = escape(self.plain(chart.alt))
        caption = f"<figcaption>{self._line(chart.title)}</figcaption>"
        url = self.chart_url(chart) if self.chart_url is not None else None
        if url is not None:
            url = escape(url)
            return f'<figure class="chart">{caption}<img src="{url}" alt="{alt}"></figure>'
        most = max((count for _, count in chart.bars), default=0) or 1
        bars = "".join(
            f'<div class="bar"><dt>{escape(name)}</dt><dd>'
            '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect width="{100 * count / most:.1f}" height="10" rx="1"></rect></svg>'
            f"<span>{count}</span></dd></div>"
            for name, count in chart.bars
        )
        return (
            f'<figure class="chart">{caption}<dl class="bars">{bars}</dl>'
            f'<p class="note">{alt}</p></figure>'
        )

    def _button(self, button: Button) -> str:
        confirm = (
            f' data-confirm="{escape(self.plain(button.confirm))}"'
            if button.confirm is not None
            else ""
        )
        return (
            f'<button type="button" class="button {button.look.value}"'
            f' data-does="{escape(button.does)}" data-values="{_data(button.values)}"{confirm}>'
            f"{self._line(button.label)}</button>"
        )

    def _field(self, field: Field, errors: Mapping[str, Line]) -> str:
        error = errors.get(field.name)
        marks = _Marks(
            id=f"field-{field.name}",
            hint="" if field.hint is None else self._line(field.hint),
            error="" if error is None else self._line(error),
        )
        match field:
            case TextField():
                return self._text(field, marks)
            case NumberField():
                value = "" if field.value is None else str(field.value)
                control = (
                    f'<input type="number" inputmode="numeric" step="1" id="{escape(marks.id)}"'
                    f' name="{escape(field.name)}" value="{value}"'
                    f' min="{field.least}" max="{field.most}"{marks.attributes(field.required)}>'
                )
                return self._labelled(field, marks, control)
            case DateField() | TimeField():
                kind = "date" if isinstance(field, DateField) else "time"
                control = (
                    f'<input type="{kind}" id="{escape(marks.id)}" name="{escape(field.name)}"'
                    f' value="{escape(field.value)}"{marks.attributes(field.required)}>'
                )
                return self._labelled(field, marks, control)
            case ChoiceField():
                chosen, options = field.value, field.options
            case PeopleField():
                chosen = tuple(address.user for address in field.value)
                options = tuple(Option(user, (person.name,)) for user, person in self.team)
            case _:
                assert_never(field)
        if field.most > 1:
            return self._boxes(field, marks, options, chosen, "checkbox")
        if isinstance(field, ChoiceField) and field.required and len(options) <= _RADIOS_AT_MOST:
            return self._boxes(field, marks, options, chosen, "radio")
        return self._labelled(field, marks, self._select(field, marks, options, chosen))

    def _text(self, field: TextField, marks: "_Marks") -> str:
        shared = (
            f' id="{escape(marks.id)}" name="{escape(field.name)}" maxlength="{field.limit}"'
            f' autocomplete="off" dir="auto"{marks.attributes(field.required)}'
        )
        control = (
            # A newline right after the tag is not part of the value: this one is given up for it.
            f'<textarea rows="4"{shared}>\n{escape(field.value)}</textarea>'
            if field.multiline
            else f'<input type="text" value="{escape(field.value)}"{shared}>'
        )
        counter = f'<p class="counter" aria-hidden="true">{len(field.value)} / {field.limit}</p>'
        return self._labelled(field, marks, control + counter)

    def _select(
        self,
        field: ChoiceField | PeopleField,
        marks: "_Marks",
        options: Sequence[Option],
        chosen: Sequence[str],
    ) -> str:
        choose = self.t("Choose")
        empty = f'<option value="">{self._line(choose)}…</option>'
        rest = "".join(
            f'<option value="{escape(option.value)}"'
            f"{' selected' if option.value in chosen else ''}>"
            f"{escape(self.plain(option.label))}{self._option_hint(option)}</option>"
            for option in options
        )
        return (
            f'<select id="{escape(marks.id)}" name="{escape(field.name)}"'
            f"{marks.attributes(field.required)}>{empty}{rest}</select>"
        )

    def _option_hint(self, option: Option) -> str:
        return "" if option.hint is None else f" ({escape(self.plain(option.hint))})"

    def _boxes(
        self,
        field: ChoiceField | PeopleField,
        marks: "_Marks",
        options: Sequence[Option],
        chosen: Sequence[str],
        kind: str,
    ) -> str:
        boxes = "".join(
            f'<label class="box"><input type="{kind}" name="{escape(field.name)}"'
            f' value="{escape(option.value)}"{" checked" if option.value in chosen else ""}>'
            f"<span>{self._line(option.label)}"
            + (f"<small>{self._line(option.hint)}</small>" if option.hint is not None else "")
            + "</span></label>"
            for option in options
        )
        many = kind == "checkbox"
        limited = many and field.most < len(options)
        limit = f' data-most="{field.most}"' if many else ""  # the page sends several only then
        at_most = self._line(self.t("At most {n}.", n=field.most)) if limited else ""
        return (
            f'<fieldset class="field" data-field="{escape(field.name)}"{limit}'
            f"{' data-required' if field.required else ''}{marks.described()}>"
            f"<legend>{self._label(field)}</legend>{marks.above(at_most)}"
            f'<div class="boxes">{boxes}</div>{marks.below()}</fieldset>'
        )

    def _labelled(self, field: Field, marks: "_Marks", control: str) -> str:
        return (
            f'<div class="field" data-field="{escape(field.name)}">'
            f'<label for="{escape(marks.id)}">{self._label(field)}</label>'
            f"{marks.above()}{control}{marks.below()}</div>"
        )

    def _label(self, field: Field) -> str:
        label = self._line(field.label)
        if field.required:
            return label
        optional = self.t("optional")
        return f'{label} <span class="optional">({self._line(optional)})</span>'

    def _line(self, line: Line) -> str:
        return "".join(map(self._span, line))

    def _span(self, span: Span) -> str:
        match span:
            case str():
                return escape(span)
            case Strong(text):
                return f"<strong>{escape(text)}</strong>"
            case Mention(name):
                return f'<span class="mention">{escape(name)}</span>'
            case Moment(at):
                shown = escape(bare_span(span, self.reader))
                return f'<time datetime="{at.isoformat()}">{shown}</time>'
            case Link(text, url):
                if not url.startswith(_PLAIN_SCHEMES):
                    return escape(text)
                away = ' target="_blank" rel="noreferrer"' if not url.startswith("tel:") else ""
                return f'<a href="{escape(url)}"{away}>{escape(text)}</a>'
            case _:
                assert_never(span)


@dataclass(frozen=True, slots=True)
class _Marks:
    """What stands around a field, already HTML, and the attributes that tie it to the field."""

    id: str
    hint: str
    error: str

    def attributes(self, required: bool) -> str:  # noqa: FBT001 - a field's own word, not a mode
        return self.described() + (" required" if required else "")

    def described(self) -> str:
        return f' aria-describedby="{escape(self.id)}-hint {escape(self.id)}-error"' + (
            ' aria-invalid="true"' if self.error else ""
        )

    def above(self, more: str = "") -> str:
        hint = " ".join(filter(None, (self.hint, more)))
        return f'<p class="field-hint" id="{escape(self.id)}-hint">{hint}</p>'

    def below(self) -> str:
        return f'<p class="field-error" id="{escape(self.id)}-error">{self.error}</p>'


def _data(values: Mapping[str, str]) -> str:
    return escape(json.dumps(dict(values), ensure_ascii=False))
