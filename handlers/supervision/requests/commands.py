"""`/supervision ask`, and the coordinator's answer."""

from collections.abc import Sequence

from handlers.common.crisis import crisis
from handlers.kit.cards import Card, Form, Part, Reply
from handlers.kit.commands import Behind, Command, RefusedError, Route
from handlers.kit.facts import PersonLeft
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Role
from handlers.kit.reading import Filled
from handlers.supervision.groups.model import Group, Groups
from handlers.supervision.requests import cards
from handlers.supervision.requests.model import REQUEST, Request, Requests
from handlers.supervision.shared import cards as shared
from handlers.supervision.shared.lookups import in_plain_letters
from handlers.work import Context, Occasion


def ask_form(command: Command, ctx: Context) -> Reply:
    """`/supervision ask`: it was really too much."""
    return _form(ctx.work.of(Groups).joined_by(ctx.me.id), ctx)


def ask(command: Command, ctx: Context) -> Reply:
    """The coordinator gets it: of one's group, or all of them where it is for a new one."""
    mine = ctx.work.of(Groups).joined_by(ctx.me.id)
    group = next((one for one in mine if one.id == command.one("group")), None)
    asked = Filled(_form(mine, ctx), in_plain_letters(command, shared.WORDS), ctx)
    words = asked.text(shared.WORDS)
    if asked.errors:
        return asked.again()
    one = Request(
        ctx.new_id(), ctx.me.workspace, ctx.me.id, group.id if group else "", words, ctx.now
    )
    to = _coordinators(ctx, group)
    if not to:
        raise RefusedError(
            ctx.t("There is no coordinator yet whom I could ask. Please tell an admin.")
        )
    ctx.work.of(Requests).put(one)
    ctx.work.outbox.add(
        one.workspace, *(Notice(REQUEST, one.id, (person.id,), ctx.now) for person in to)
    )
    return cards.ask_sent(crisis(ctx), ctx.t)


def request_done(command: Command, ctx: Context) -> Reply:
    """A coordinator has answered somebody: what they wrote is deleted."""
    one = ctx.work.of(Requests).get(command.one("request"))
    if one is not None and one.workspace == ctx.me.workspace:
        ctx.work.of(Requests).remove(one.id)
        ctx.work.outbox.refresh(one.workspace, REQUEST, one.id, ctx.now)
    return cards.request_done(ctx.t)


def asked_for(ctx: Context) -> tuple[Part, ...]:
    """For coordinators: who asked and has no answer yet."""
    if not ctx.me.is_a(Role.COORDINATOR):
        return ()
    found = ctx.work.of(Requests).waiting(ctx.me.workspace)[: cards.MOST_REQUESTS]
    people = ctx.work.people.many([one.person for one in found])
    return cards.requests([one for one in found if one.person in people], people, ctx.t)


def request_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(Requests).get(notice.about)
    if one is None and not notice.sent:
        return None
    person = ctx.work.people.get(one.person) if one is not None else None
    group = ctx.work.of(Groups).get(one.group) if one is not None and one.group else None
    return cards.request(one, person, group, ctx.t)


def _form(mine: Sequence[Group], ctx: Context) -> Form:
    return cards.ask_form(mine[:20], crisis(ctx), ctx.t)


def _coordinators(ctx: Context, group: Group | None) -> tuple[Person, ...]:
    owner = ctx.work.people.get(group.owner) if group is not None and group.owner else None
    if owner is not None and owner.active:
        return (owner,)
    found = ctx.work.people.with_role(ctx.me.workspace, Role.COORDINATOR)
    return found or ctx.work.people.with_role(ctx.me.workspace, Role.ADMIN)


def person_left(fact: PersonLeft, on: Occasion) -> None:
    """Somebody was deactivated, and has left their groups: nobody waits for an answer to them."""
    work, person, now = on.work, fact.person, on.now
    for request in work.of(Requests).waiting(person.workspace):
        if request.person == person.id:
            work.of(Requests).remove(request.id)
            work.outbox.refresh(request.workspace, REQUEST, request.id, now)


ROUTES: tuple[Route, ...] = (
    Route(
        "session.ask",
        ask_form,
        reads=True,
        private=True,
        behind=Behind("supervision", {"en": "ask", "lv": "lūgt"}),
    ),
    Route("session.ask.send", ask, private=True),
    Route("session.request.done", request_done, role=Role.COORDINATOR, private=True),
)

NOTICES: tuple[NoticeKind, ...] = (NoticeKind(REQUEST, request_card, private=True),)
