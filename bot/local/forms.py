"""Forms as HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import assert_never

from bot.local.cards import part
from bot.local.markup import LocalContext, data, marked, plain
from handlers.kit.cards import (
    ChoiceField,
    DateField,
    Field,
    Form,
    Line,
    NumberField,
    Option,
    PeopleField,
    TextField,
    TimeField,
)

_RADIOS_AT_MOST = 7
"""More options than these stand in a list that opens: the form should fit one screen."""


def form(asked: Form, context: LocalContext) -> str:
    """The form as it stands in a dialog: `data-does` and `data-values` are what it sends."""
    look, close = context.t("Please look at the marked fields."), context.t("Close")
    trouble = (
        f'<p class="form-error" role="alert">{marked(look, context)}</p>' if asked.errors else ""
    )
    return (
        f'<form data-does="{escape(asked.does)}" data-values="{data(asked.values)}" novalidate>'
        f'<h2 class="form-title" id="form-title">{marked(asked.title, context)}</h2>'
        f'<div class="form-body">{"".join(part(one, context) for one in asked.intro)}{trouble}'
        f"{''.join(_field(field, asked.errors, context) for field in asked.fields)}</div>"
        '<div class="form-foot">'
        f'<button type="button" class="button" data-close>{marked(close, context)}</button>'
        f'<button type="submit" class="button primary">{marked(asked.submit, context)}</button>'
        "</div></form>"
    )


def _field(field: Field, errors: Mapping[str, Line], context: LocalContext) -> str:
    error = errors.get(field.name)
    marks = _Marks(
        id=f"field-{field.name}",
        label=_label(field, context),
        hint="" if field.hint is None else marked(field.hint, context),
        error="" if error is None else marked(error, context),
    )
    match field:
        case TextField():
            return _text(field, marks)
        case NumberField():
            value = "" if field.value is None else str(field.value)
            control = (
                f'<input type="number" inputmode="numeric" step="1" id="{escape(marks.id)}"'
                f' name="{escape(field.name)}" value="{value}"'
                f' min="{field.least}" max="{field.most}"{marks.attributes(field.required)}>'
            )
            return _labelled(field, marks, control)
        case DateField() | TimeField():
            kind = "date" if isinstance(field, DateField) else "time"
            control = (
                f'<input type="{kind}" id="{escape(marks.id)}" name="{escape(field.name)}"'
                f' value="{escape(field.value)}"{marks.attributes(field.required)}>'
            )
            return _labelled(field, marks, control)
        case ChoiceField():
            chosen, options = field.value, field.options
        case PeopleField():
            chosen = tuple(address.user for address in field.value)
            options = tuple(
                Option(user, (person.name,))
                for user, person in context.team
                if all(user != one.user for one in field.without if one.platform == "local")
            )
        case _:
            assert_never(field)
    if field.most > 1:
        return _boxes(field, marks, options, chosen, context)
    if isinstance(field, ChoiceField) and field.required and len(options) <= _RADIOS_AT_MOST:
        return _boxes(field, marks, options, chosen, context)
    return _labelled(field, marks, _select(field, marks, options, chosen, context))


def _text(field: TextField, marks: "_Marks") -> str:
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
    return _labelled(field, marks, control + counter)


def _select(
    field: ChoiceField | PeopleField,
    marks: "_Marks",
    options: Sequence[Option],
    chosen: Sequence[str],
    context: LocalContext,
) -> str:
    choose = context.t("Choose")
    empty = f'<option value="">{marked(choose, context)}…</option>'
    rest = "".join(
        f'<option value="{escape(option.value)}"'
        f"{' selected' if option.value in chosen else ''}>"
        f"{escape(plain(option.label, context))}{_option_hint(option, context)}</option>"
        for option in options
    )
    return (
        f'<select id="{escape(marks.id)}" name="{escape(field.name)}"'
        f"{marks.attributes(field.required)}>{empty}{rest}</select>"
    )


def _option_hint(option: Option, context: LocalContext) -> str:
    return "" if option.hint is None else f" ({escape(plain(option.hint, context))})"


def _boxes(
    field: ChoiceField | PeopleField,
    marks: "_Marks",
    options: Sequence[Option],
    chosen: Sequence[str],
    context: LocalContext,
) -> str:
    many = field.most > 1
    kind = "checkbox" if many else "radio"
    boxes = "".join(
        f'<label class="box"><input type="{kind}" name="{escape(field.name)}"'
        f' value="{escape(option.value)}"{" checked" if option.value in chosen else ""}>'
        f"<span>{marked(option.label, context)}"
        + (f"<small>{marked(option.hint, context)}</small>" if option.hint is not None else "")
        + "</span></label>"
        for option in options
    )
    limited = many and field.most < len(options)
    limit = f' data-most="{field.most}"' if many else ""  # the page sends several only then
    at_most = marked(context.t("At most {n}.", n=field.most), context) if limited else ""
    return (
        f'<fieldset class="field" data-field="{escape(field.name)}"{limit}'
        f"{' data-required' if field.required else ''}{marks.described()}>"
        f"<legend>{marks.label}</legend>{marks.above(at_most)}"
        f'<div class="boxes">{boxes}</div>{marks.below()}</fieldset>'
    )


def _labelled(field: Field, marks: "_Marks", control: str) -> str:
    return (
        f'<div class="field" data-field="{escape(field.name)}">'
        f'<label for="{escape(marks.id)}">{marks.label}</label>'
        f"{marks.above()}{control}{marks.below()}</div>"
    )


def _label(field: Field, context: LocalContext) -> str:
    label = marked(field.label, context)
    if field.required:
        return label
    optional = context.t("optional")
    return f'{label} <span class="optional">({marked(optional, context)})</span>'


@dataclass(frozen=True, slots=True)
class _Marks:
    """What stands around a field, already HTML, and the attributes that tie it to the field."""

    id: str
    label: str
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
