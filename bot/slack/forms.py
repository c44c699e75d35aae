"""Forms as Slack's modals.

Limits are Slack's: https://docs.slack.dev/reference/block-kit
"""

from collections.abc import Mapping
from typing import Any

from bot.rendering import RenderContext, UnshowableError
from bot.slack.cards import ID, WINDOW_TITLE, blocks_of, window
from bot.slack.markup import Block, at_most, is_here, marked, plain_text, section, unmarked, within
from handlers.kit.cards import (
    ChoiceField,
    DateField,
    Field,
    Form,
    NumberField,
    Option,
    PeopleField,
    TextField,
    TimeField,
)

_LABEL, _HINT = 2000, 2000
_OPTION, _OPTION_VALUE, _OPTIONS, _OPTIONS_AS_BUTTONS = 75, 150, 100, 10
_TYPED = 3000


def form(asked: Form, context: RenderContext, kept: Mapping[str, Any]) -> Block:
    """The modal that asks. `callback_id` is the route, `kept` comes back on submit."""
    blocks = [block for part in asked.intro for block in blocks_of(part, context)]
    known = {field.name for field in asked.fields}
    blocks += [
        section("⚠️ " + marked(line, context))
        for name, line in asked.errors.items()
        if name not in known
    ]
    for field in asked.fields:
        if field.name in asked.errors:
            blocks.append(section("⚠️ " + marked(asked.errors[field.name], context)))
        blocks.append(_input(field, asked, context))
    return {
        **window(asked.title, context.t("Cancel"), blocks, context, kept),
        "callback_id": within(asked.does, ID, "route"),
        "submit": plain_text(asked.submit, context, WINDOW_TITLE),
    }


def field_errors(asked: Form, context: RenderContext) -> dict[str, str]:
    """The form's errors by the ids of its inputs, as the answer to a submit wants them."""
    known = {field.name: field for field in asked.fields}
    return {
        input_id(asked.does, name): unmarked(line, context)
        for name, line in asked.errors.items()
        if name in known
    }


def input_id(does: str, field: str) -> str:
    """The id of a form's input. It names the form, because Slack keeps what was typed under the
    same id when one form takes another's place."""
    return f"{does}/{field}"


def _input(field: Field, asked: Form, context: RenderContext) -> Block:
    rendered: Block = {
        "type": "input",
        "block_id": within(input_id(asked.does, field.name), ID, "field's name"),
        "label": plain_text(field.label, context, _LABEL),
        "optional": not field.required,
        "element": {"action_id": field.name, **_element(field, context)},
    }
    if field.hint is not None:
        rendered["hint"] = plain_text(field.hint, context, _HINT)
    return rendered


def _element(field: Field, context: RenderContext) -> Block:
    match field:
        case TextField():
            typed: Block = {
                "type": "plain_text_input",
                "multiline": field.multiline,
                "max_length": at_most(field.limit, _TYPED, "characters to type"),
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
            return _choice(field, context)
        case DateField():
            return {"type": "datepicker"} | ({"initial_date": field.value} if field.value else {})
        case TimeField():
            return {"type": "timepicker"} | ({"initial_time": field.value} if field.value else {})
        case PeopleField():
            users = [there.user for there in field.value if is_here(there.workspace, context)]
            if field.most == 1:
                return {"type": "users_select"} | ({"initial_user": users[0]} if users else {})
            return {"type": "multi_users_select", "max_selected_items": field.most} | (
                {"initial_users": users} if users else {}
            )


def _choice(field: ChoiceField, context: RenderContext) -> Block:
    """All options at a glance while they are few, a list to search when they are many."""
    if not field.options:
        raise UnshowableError("there are no options")
    at_most(len(field.options), _OPTIONS, "options")
    options = {option.value: _option(option, context) for option in field.options}
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


def _option(option: Option, context: RenderContext) -> Block:
    rendered: Block = {
        "text": plain_text(option.label, context, _OPTION),
        "value": within(option.value, _OPTION_VALUE, "option's value"),
    }
    if option.hint is not None:
        rendered["description"] = plain_text(option.hint, context, _OPTION)
    return rendered
