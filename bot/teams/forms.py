"""Forms as inputs of an Adaptive Card.

Choices of several come back joined by commas: their names end in `[]`, so that they are known then.
"""

from collections.abc import Iterator, Sequence
from typing import assert_never

from bot.rendering import UnshowableError
from bot.teams.carried import NOTHING, SEVERAL
from bot.teams.markup import Json, Lines, at_most, escape, some, text_block
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

_OPTIONS, _PEOPLE_AT_MOST = 100, 100
_RADIOS_AT_MOST = 7


def inputs(lines: Lines, asked: Form) -> Iterator[Json]:
    """A form's fields, each with what is wrong with it above and its hint below."""
    known = {one.name for one in asked.fields}
    if asked.errors:
        yield _error(lines, lines.context.t("Please look at the marked fields."))
    for name, line in asked.errors.items():
        if name not in known:
            yield _error(lines, line)
    for one in asked.fields:
        if one.name in asked.errors:
            yield _error(lines, asked.errors[one.name])
        if isinstance(one, PeopleField) and _is_alone(lines, one):
            yield from _nobody(lines, one)
            continue
        yield _input(lines, one)
        if (hint := _hint(lines, one)) is not None:
            yield text_block(hint) | {"size": "Small", "isSubtle": True, "spacing": "Small"}


def _error(lines: Lines, line: Line) -> Json:
    """What is wrong, above its field: an input shows only what Teams itself found."""
    return text_block("⚠️ " + lines.inline(line)) | {
        "color": "Attention",
        "weight": "Bolder",
    }


def _input(lines: Lines, field: Field) -> Json:
    shared: Json = {
        "id": field.name,
        "label": some(lines.plain(field.label), "field's label"),
        "isRequired": field.required,
    }
    t = lines.context.t
    match field:
        case TextField():
            made = {"type": "Input.Text", "isMultiline": field.multiline}
            made |= {"maxLength": field.limit, "value": field.value}
            wrong = t("Please fill this in.")
        case NumberField():
            made = {"type": "Input.Number", "min": field.least, "max": field.most}
            made |= {} if field.value is None else {"value": field.value}
            wrong = t("A whole number from {least} to {most}.", least=field.least, most=field.most)
        case ChoiceField():
            made = _choices(lines, field)
            wrong = t("Please choose.")
        case DateField() | TimeField():
            made = {"type": f"Input.{'Date' if isinstance(field, DateField) else 'Time'}"}
            made |= {"value": field.value} if field.value else {}
            wrong = t("Please choose.")
        case PeopleField():
            made = _people(lines, field)
            wrong = t("Please choose.")
        case _:
            assert_never(field)
    return {**shared, "errorMessage": lines.plain(wrong), **made}


def _hint(lines: Lines, field: Field) -> str | None:
    t, hints = lines.context.t, []
    if field.hint is not None:
        hints.append(lines.inline(field.hint))
    if isinstance(field, TextField) and field.multiline:
        hints.append(lines.inline(t("At most {n} characters.", n=field.limit)))
    if isinstance(field, ChoiceField | PeopleField):
        options = field.options if isinstance(field, ChoiceField) else lines.context.team
        if field.most > 1 and not 0 < len(options) <= field.most:
            hints.append(lines.inline(t("At most {n}.", n=field.most)))
    return " ".join(hints) or None


def _choices(lines: Lines, field: ChoiceField) -> Json:
    """All options at a glance while they are few, else a list that opens; a long one is
    searched by typing."""
    if not field.options:
        raise UnshowableError("there are no options")
    at_most(len(field.options), _OPTIONS, "options")
    options = [(option.value, _option(lines, option)) for option in field.options]
    few = len(options) <= _RADIOS_AT_MOST
    # Some clients read what stands beside a circle as Markdown, and others don't.
    bare = all(escape(title) == title for _, title in options)
    return _choice_set(
        lines,
        field,
        options,
        field.value,
        style="expanded" if few and bare and (field.required or field.most > 1) else "compact",
    )


def _people(lines: Lines, field: PeopleField) -> Json:
    """The people Plecs knows while they fit a list; else Teams' own search for people."""
    chosen = tuple(
        there.user
        for there in field.value
        if there.platform == "teams" and there.workspace == lines.context.workspace
    )
    if 0 < len(lines.context.team) <= _PEOPLE_AT_MOST:
        return _choice_set(lines, field, _offered(lines, field), chosen, style="compact")
    return {
        "type": "Input.ChoiceSet",
        "id": _name(field),
        "choices": [],
        "choices.data": {"type": "Data.Query", "dataset": "graph.microsoft.com/users"},
        "isMultiSelect": field.most > 1,
    } | ({"value": ",".join(chosen)} if chosen else {})


def _offered(lines: Lines, field: PeopleField) -> list[tuple[str, str]]:
    """The people Plecs knows, without those who can't be meant."""
    return [
        (user, lines.plain((name,)))
        for user, name in lines.context.team
        if all(user != one.user for one in field.without if one.platform == "teams")
    ]


def _is_alone(lines: Lines, field: PeopleField) -> bool:
    """Whether whoever fills it in is the only one that Plecs knows."""
    return bool(lines.context.team) and not _offered(lines, field)


def _nobody(lines: Lines, field: PeopleField) -> Iterator[Json]:
    """In place of a list that would open empty."""
    t = lines.context.t
    yield text_block(some(lines.inline(field.label), "field's label")) | {"weight": "Bolder"}
    yield text_block(
        lines.inline(
            t(
                "There is nobody yet whom you could choose. Whoever has this app, or writes to me "
                "once, stands here."
            )
        )
    ) | {"isSubtle": True}


def _choice_set(
    lines: Lines,
    field: ChoiceField | PeopleField,
    options: Sequence[tuple[str, str]],
    value: Sequence[str],
    style: str,
) -> Json:
    several = field.most > 1
    for key, _ in options:
        if not key or (several and "," in key) or key == NOTHING:
            raise UnshowableError(f"an option's value is {key!r}")
    if not several and not field.required:
        # What was chosen once could not be taken back.
        options = [(NOTHING, "–"), *options]
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
        made["placeholder"] = lines.plain(lines.context.t("Choose"))
    return made | ({"value": ",".join(chosen if several else chosen[:1])} if chosen else {})


def _option(lines: Lines, option: Option) -> str:
    hint = "" if option.hint is None else f" – {lines.plain(option.hint)}"
    return some(lines.plain(option.label), "option") + hint


def _name(field: ChoiceField | PeopleField) -> str:
    return field.name + (SEVERAL if field.most > 1 else "")
