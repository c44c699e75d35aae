"""What the start and settings pages show of a person, and of a workspace's people."""

from handlers.common.languages import language_for_new
from handlers.common.reach import is_alone
from handlers.common.topics import topics_of
from handlers.kit.cards import Line, Moment, Paragraph, Part, Style
from handlers.kit.people import UNTIL_BACK, Role
from handlers.kit.ports import Texts
from handlers.people.cards import LANGUAGES, topic_names
from handlers.work import Context


def is_away(ctx: Context) -> bool:
    return ctx.me.duty.is_away(ctx.now)


def is_here(ctx: Context) -> bool:
    return not is_away(ctx)


def now(ctx: Context) -> tuple[Part, ...]:
    """Until when one is away; and for admins, that nobody else is there yet."""
    t, until = ctx.t, ctx.me.away_until
    alone = (
        (Paragraph(_alone(t)),)
        if ctx.me.is_a(Role.ADMIN) and is_alone(ctx, ctx.me.workspace)
        else ()
    )
    if until is None or not is_away(ctx):
        return alone
    return (
        *alone,
        Paragraph(
            t("You are away until you say that you are back.")
            if until == UNTIL_BACK
            else t("You are away until {when}.", when=Moment(until, Style.DATETIME))
        ),
    )


def _alone(t: Texts) -> Line:
    return t(
        "You are the only one here so far: a hand would reach nobody. People are known once they "
        "have the app or write to Plecs, or when you bring in a list of them."
    )


def topic_rows(ctx: Context) -> tuple[tuple[Line, Line], ...]:
    """One's anchors."""
    t, me = ctx.t, ctx.me
    known = topics_of(ctx.work.settings, me.workspace)
    mine = [topic.name(t.locale) for topic in known if topic.id in me.topics]
    return ((t("My topics"), (", ".join(mine),) if mine else t("none yet")),)


def workspace_rows(ctx: Context) -> tuple[tuple[Line, Line], ...]:
    """The workspace's topics, and the language it begins with."""
    t, workspace = ctx.t, ctx.me.workspace
    new = language_for_new(ctx.work.settings, workspace)
    return (
        (t("Topics"), topic_names(topics_of(ctx.work.settings, workspace), t)),
        (
            t("Language of new people"),
            (LANGUAGES[new],) if new else t("As in the chat program"),
        ),
    )
