"""Which team is meant: one of a list where there are few, and whoever leads it, typed, where a
company has many."""

from typing import TYPE_CHECKING

from handlers.kit.cards import ChoiceField, Line, Option, TextField
from handlers.kit.ports import MOST_COUNTED, Texts, mark
from handlers.kit.reading import Filled, said
from handlers.kit.text import fold

if TYPE_CHECKING:
    from handlers.work import Context

MOST_LISTED = 25
"""Teams in a list: in a longer one nobody finds theirs."""

_FIELD = "team"
_HINT = mark("The manager of the team, as in the people list.")


def team_field(ctx: "Context", label: Line, *, without_manager: bool) -> ChoiceField | TextField:
    """Asks for a team; the caller's own is filled in, unless those `without_manager` may be meant
    too. A list of none where those may not and nobody has a manager."""
    teams = ctx.work.people.teams(ctx.me.workspace, MOST_LISTED)
    if teams is None:
        return TextField(_FIELD, label, "" if without_manager else _own(ctx), hint=ctx.t(_HINT))
    listed = {manager: people for manager, people in teams if manager or without_manager}
    options = tuple(Option(f"team:{one}", _team(one, n, ctx.t)) for one, n in listed.items())
    if without_manager or not listed:
        return ChoiceField(_FIELD, label, options)
    own = next((one for one in (ctx.me.name, ctx.me.manager) if one in listed), next(iter(listed)))
    return ChoiceField(_FIELD, label, options, (f"team:{own}",))


def team_chosen(asked: Filled, field: ChoiceField | TextField, ctx: "Context") -> tuple[str, ...]:
    """The people of the team that was chosen or typed; what is wrong is told at the field."""
    if isinstance(field, ChoiceField):
        chosen = asked.chosen(_FIELD).removeprefix("team:")
        return ctx.work.people.of_team(ctx.me.workspace, chosen)
    typed = asked.text(_FIELD)
    # What folds to nothing would be everybody who has no manager.
    people = ctx.work.people.of_team(ctx.me.workspace, typed) if fold(typed) else ()
    if not people and _FIELD not in asked.errors:
        asked.errors[_FIELD] = ctx.t(
            "I find nobody whose manager is “{name}”. Write the name as in the people list.",
            name=said(typed),
        )
    return people


def _own(ctx: "Context") -> str:
    people, me = ctx.work.people, ctx.me
    return me.name if people.of_team(me.workspace, me.name) else me.manager


def _team(manager: str, people: int, t: Texts) -> Line:
    name: Line = (manager,) if manager else t("those without a manager")
    if not manager and people > MOST_COUNTED:
        return t("{name}: more than {n} people", name=name, n=MOST_COUNTED)
    return t.many("{name}: {n} person", "{name}: {n} people", people, name=name)
