"""A call of one's own enters the library of scenarios, and leaves it."""

from handlers.kit.commands import RefusedError
from handlers.library.entries import entry_of, id_from
from handlers.library.model import Author, InvalidLibraryError
from handlers.library.saving import adopt_drafts, keep_version
from handlers.practice.model import Scenario, Scenarios
from handlers.practice.own.model import Proposal, plain_scenario
from handlers.practice.plain import SCENARIOS
from handlers.work import Context

_REVIEW = "in 12 months"


def enter_library(proposal: Proposal, ctx: Context) -> Scenario:
    """It is a scenario like any other from now on, adopted in the caller's name, and held to what
    every file is. Raises RefusedError."""
    kept, workspace = ctx.work.of(Scenarios), ctx.me.workspace
    kept.settle(workspace, ctx.now)
    version = kept.current(workspace, ctx.now)
    name = id_from(proposal.name("en"), {one.id for one in version.content})
    owner = version.content[0].owner
    data = {SCENARIOS.section: {name: plain_scenario(proposal, owner, _REVIEW)}}
    try:
        content = SCENARIOS.amended(version.content, data, version.number + 1, ctx.today)
    except InvalidLibraryError as error:
        raise RefusedError(
            ctx.t("As it is it can't be practised: {problem}", problem=error.problems[0])
        ) from error
    by = Author(ctx.me.id, ctx.me.name)
    if not keep_version(SCENARIOS, kept, version, content, by=Author(ctx.me.id), on=ctx):
        raise _faster(ctx)
    scenario = entry_of(content, name)
    assert scenario is not None, "it was put there a moment ago"
    adopt_drafts(SCENARIOS, kept, kept.current(workspace, ctx.now), [scenario], by=by, on=ctx)
    return scenario


def withdraw_from_library(entry: str, ctx: Context) -> None:
    """It is found no more. The version names nobody who saved it: that would be its author. Raises
    RefusedError."""
    kept, workspace = ctx.work.of(Scenarios), ctx.me.workspace
    version = kept.current(workspace, ctx.now)
    content = tuple(one for one in version.content if one.id != entry)
    if content == version.content:
        return
    if not content:
        raise RefusedError(ctx.t("It is the only scenario there is: ask a coordinator."))
    by = Author(name="Plecs")
    if not keep_version(SCENARIOS, kept, version, content, by=by, on=ctx):
        raise _faster(ctx)


def _faster(ctx: Context) -> RefusedError:
    return RefusedError(ctx.t("Somebody else saved something just now. Please try again."))
