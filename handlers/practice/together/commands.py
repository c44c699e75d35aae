"""What two ask who practise a call with each other, and what follows by itself."""

from dataclasses import replace
from functools import partial

from handlers.common import colleagues
from handlers.common.competences import positive
from handlers.kit.about import pack, unpack
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Command, Living, Route
from handlers.kit.feature import NoticeKind, Rest
from handlers.kit.notices import Notice
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, Pressed
from handlers.library.model import Saying
from handlers.library.uses import Uses
from handlers.practice.lookups import scenario_of
from handlers.practice.model import PRACTISED, WITH, Scenario, Scenarios, fitting
from handlers.practice.plain import SCENARIOS
from handlers.practice.together import cards, model
from handlers.practice.together.model import RolePlay, RolePlays, Sentences, Stage
from handlers.work import Context, Occasion

_ASKING = colleagues.Asking(
    several=mark("One call is practised with one colleague. Whom do you mean?"),
    nobody=mark("I find no colleague by that name here. Type {typed} alone and choose."),
    oneself=mark("That is you. Alone you practise with the scenarios."),
)


def with_colleague(command: Command, ctx: Context) -> Reply:
    """With whom, what to watch, and which call. `/practice with Ilze` names somebody; whom that
    does not clearly mean is chosen in the form."""
    chosen = None
    if command.text:
        found, _ = colleagues.named(command, ctx, _ASKING)
        if len(found) == 1:
            [chosen] = found
            colleagues.check(chosen, ctx, _ASKING)
    return cards.form(positive(ctx), _scenarios(ctx), ctx.t, chosen)


def ask(command: Command, ctx: Context) -> Reply | Living:
    """The colleague is asked. Who has a practice under way is shown that."""
    for mine in ctx.work.of(RolePlays).of(ctx.me.id):
        if mine.stage is not Stage.TELLING:
            return _standing(mine, ctx)
    filled = Filled(cards.form(positive(ctx), _scenarios(ctx), ctx.t), command, ctx)
    chosen = colleagues.chosen("colleague", filled, ctx, _ASKING)
    codes = filled.several("indicators")
    wanted = filled.chosen("scenario")
    if filled.errors:
        return filled.again()
    kept = ctx.work.of(Scenarios)
    kept.settle(ctx.me.workspace, ctx.now)
    version = kept.current(ctx.me.workspace, ctx.now)
    near = (*fitting(version.content, codes), *version.content)
    first = wanted or near[0].id
    second = next((one.id for one in near if one.id != first), first)
    play = RolePlay(
        ctx.new_id(),
        ctx.me.workspace,
        ctx.me.id,
        chosen[0].id,
        first,
        second,
        version.number,
        codes,
        Stage.ASKING,
        ctx.now + model.ANSWER_WITHIN,
    )
    ctx.work.of(RolePlays).save(play)
    ctx.work.outbox.add(play.workspace, Notice(model.ASKED, play.id, (play.partner,), ctx.now))
    waits = cards.waits(play, chosen[0], ctx.t)
    return Living(waits, Notice(model.WAITS, play.id, (play.asker,), ctx.now), waits)


def join(command: Command, ctx: Context) -> Reply | Living:
    """The partner has time: the first round begins for both."""
    play = _mine(command, ctx)
    if play is None or (play.stage is Stage.ASKING and not _is_asked(play, ctx)):
        return cards.over(ctx.t)
    if play.stage is not Stage.ASKING:
        return _standing(play, ctx)
    play = model.begun(play, ctx.now)
    ctx.work.of(RolePlays).save(play)
    for kind in (model.ASKED, model.WAITS):
        ctx.work.outbox.refresh(play.workspace, kind, play.id, ctx.now)
    _give_parts(play, ctx)
    return _begins(play, ctx)


def not_now(command: Command, ctx: Context) -> Reply:
    """The partner can't: the asker hears what they would hear of a silence, and when."""
    play = _mine(command, ctx)
    if play is not None and play.stage is Stage.ASKING and _is_asked(play, ctx):
        ctx.work.of(RolePlays).save(replace(play, open=False))
        ctx.work.outbox.refresh(play.workspace, model.ASKED, play.id, ctx.now)
    return cards.all_right(ctx.t)


def onward(command: Command, ctx: Context) -> Reply | Living:
    """The call is over before its time: they swap, or write to each other."""
    play = _mine(command, ctx)
    if play is None:
        return cards.over(ctx.t)
    if play.is_on and command.one("stage") == play.stage:
        _onward(play, ctx)
        return _begins(ctx.work.of(RolePlays).get(play.id) or play, ctx)
    return _standing(play, ctx)


def end(command: Command, ctx: Context) -> Reply:
    """Taken back, or stopped in the middle: nothing is kept of it."""
    play = _mine(command, ctx)
    asks = play is not None and play.stage is Stage.ASKING and play.asker == ctx.me.id
    if play is not None and (play.is_on or asks):
        _forget(play, ctx)
    return cards.over(ctx.t)


def tell(command: Command, ctx: Context) -> Reply:
    """A sentence for each indicator."""
    play = _mine(command, ctx)
    other = None if play is None else ctx.work.people.get(play.other(ctx.me.id))
    if play is None or other is None or play.stage is not Stage.TELLING:
        return cards.over(ctx.t)
    return cards.tell_form(play, other, _watched(play, ctx), ctx.t)


def told(command: Command, ctx: Context) -> Reply:
    """They are sent to the other, once."""
    play = _mine(command, ctx)
    other = None if play is None else ctx.work.people.get(play.other(ctx.me.id))
    if play is None or other is None or play.stage is not Stage.TELLING:
        return cards.over(ctx.t)
    watched = _watched(play, ctx)
    filled = Filled(cards.tell_form(play, other, watched, ctx.t), command, ctx)
    said = {code: filled.text(code) for code, _ in watched}
    words = {code: text for code, text in said.items() if text}
    if filled.errors:
        return filled.again()
    if not words:
        return filled.again(**{watched[0][0]: ctx.t("One sentence at least.")})
    sentences = Sentences(play.id, play.workspace, ctx.me.id, other.id, words, ctx.now)
    if ctx.work.of(RolePlays).tell(sentences):
        ctx.work.outbox.add(play.workspace, Notice(model.TOLD, play.id, (other.id,), ctx.now))
        ctx.work.outbox.refresh(play.workspace, model.TELL, play.id, ctx.now)
    return cards.sent(other, ctx.t)


def delete_told(command: Command, ctx: Context) -> Reply:
    """The reader deletes what they were told."""
    play = Pressed(command, ctx.t).id("play")
    if ctx.work.of(RolePlays).told(play, ctx.me.id) is not None:
        ctx.work.of(RolePlays).forget_told(play, ctx.me.id)
        ctx.work.outbox.refresh(ctx.me.workspace, model.TOLD, play, ctx.now)
    return cards.told_gone(ctx.t)


def advance_role_plays(on: Occasion, limit: int) -> int:
    """What is due: nobody answered, the round is over, or the day for writing is."""
    due = on.work.of(RolePlays).due(on.now, limit)
    for play in due:
        if play.stage is Stage.ASKING:
            _forget(play, on)
            about = pack(play.id, play.partner)
            told = Notice(model.UNANSWERED, about, (play.asker,), on.now)
            on.work.outbox.add(play.workspace, told, forget=True)
        else:
            _onward(play, on)
    return len(due)


def asked_card(notice: Notice, ctx: Context) -> Card | None:
    play = ctx.work.of(RolePlays).get(notice.about)
    asker = None if play is None else ctx.work.people.get(play.asker)
    if play is None or asker is None or not play.open:
        return _answered(play, ctx) if notice.sent else None
    return cards.asked(play, asker, [words for _, words in _watched(play, ctx)], ctx.t)


def _answered(play: RolePlay | None, ctx: Context) -> Card:
    """In place of the question: they practise, or did."""
    began = play is not None and play.stage is not Stage.ASKING
    return cards.began(ctx.t) if began else cards.over(ctx.t)


def waits_card(notice: Notice, ctx: Context) -> Card | None:
    """To the asker, in place of whom they asked: it looks the same until the time is over, whether
    the partner can't or does not see it."""
    play = ctx.work.of(RolePlays).get(notice.about)
    partner = None if play is None else ctx.work.people.get(play.partner)
    if play is None or partner is None:
        return cards.over(ctx.t) if notice.sent else None
    if play.stage is Stage.ASKING:
        return cards.waits(play, partner, ctx.t)
    return cards.said_yes(partner, ctx.t)


def unanswered_card(notice: Notice, ctx: Context) -> Card | None:
    _, name = unpack(notice.about, 2)
    partner = ctx.work.people.get(name)
    return None if partner is None else cards.unanswered(partner, ctx.t)


def part_card(notice: Notice, ctx: Context) -> Card | None:
    name, stage = unpack(notice.about, 2)
    play = ctx.work.of(RolePlays).get(name)
    if play is None or play.stage != stage:
        return cards.over(ctx.t) if notice.sent else None
    return _part(play, ctx)


def tell_card(notice: Notice, ctx: Context) -> Card | None:
    play = ctx.work.of(RolePlays).get(notice.about)
    other = None if play is None else ctx.work.people.get(play.other(ctx.me.id))
    if play is None or other is None:
        return cards.over(ctx.t) if notice.sent else None
    if ctx.work.of(RolePlays).told(play.id, other.id) is not None:
        return cards.sent(other, ctx.t)
    return cards.tell(play, other, ctx.t)


def told_card(notice: Notice, ctx: Context) -> Card | None:
    sentences = ctx.work.of(RolePlays).told(notice.about, ctx.me.id)
    writer = None if sentences is None else ctx.work.people.get(sentences.writer)
    if sentences is None or writer is None:
        return cards.told_gone(ctx.t) if notice.sent else None
    return cards.told(sentences, writer, positive(ctx), ctx.t)


def _onward(play: RolePlay, on: Occasion) -> None:
    """The round that is on, or the day after it, is over."""
    after = model.onward(play, on.now)
    if after is None:
        _forget(play, on)
        return
    on.work.of(RolePlays).save(after)
    _refresh_parts(play, on)
    if after.stage is Stage.SECOND:
        _give_parts(after, on)
        return
    tell = (Notice(model.TELL, play.id, (person,), on.now) for person in play.two)
    on.work.outbox.add(play.workspace, *tell)
    for person in play.two:
        on.work.of(Uses).used(play.workspace, SCENARIOS.name, PRACTISED, person, on.now)


def _give_parts(play: RolePlay, on: Occasion) -> None:
    parts = (Notice(model.PART, _stage(play), (person,), on.now) for person in play.two)
    on.work.outbox.add(play.workspace, *parts)


def _refresh_parts(play: RolePlay, on: Occasion) -> None:
    on.work.outbox.refresh(play.workspace, model.PART, _stage(play), on.now)


def _forget(play: RolePlay, on: Occasion) -> None:
    """It is over: nothing is kept of it, and its cards say so."""
    on.work.of(RolePlays).delete(play.id)
    _refresh_parts(play, on)
    for kind in (model.ASKED, model.WAITS, model.TELL):
        on.work.outbox.refresh(play.workspace, kind, play.id, on.now)


def _stage(play: RolePlay) -> str:
    return pack(play.id, play.stage.value)


def _mine(command: Command, ctx: Context) -> RolePlay | None:
    """The role play that a button means, if the caller is one of the two."""
    play = ctx.work.of(RolePlays).get(Pressed(command, ctx.t).id("play"))
    return play if play is not None and ctx.me.id in play.two else None


def _is_asked(play: RolePlay, ctx: Context) -> bool:
    return play.open and play.partner == ctx.me.id


def _standing(play: RolePlay, ctx: Context) -> Reply:
    """How it stands, for the caller."""
    if play.stage is Stage.ASKING:
        partner = ctx.work.people.get(play.partner)
        if partner is None or play.asker != ctx.me.id:
            return cards.over(ctx.t)
        return cards.waits(play, partner, ctx.t)
    if play.is_on:
        return _part(play, ctx) or cards.over(ctx.t)
    other = ctx.work.people.get(play.other(ctx.me.id))
    return cards.over(ctx.t) if other is None else cards.tell(play, other, ctx.t)


def _begins(play: RolePlay, ctx: Context) -> Reply | Living:
    """The stage that began with the caller's press: the message that comes of it is the answer, so
    that it stands in their chat once."""
    shown = _standing(play, ctx)
    if not isinstance(shown, Card) or play.stage is Stage.ASKING:
        return shown
    kind, about = (model.PART, _stage(play)) if play.is_on else (model.TELL, play.id)
    return Living(shown, Notice(kind, about, (ctx.me.id,), ctx.now), shown)


def _part(play: RolePlay, ctx: Context) -> Card | None:
    scenario = scenario_of(play, ctx)
    other = ctx.work.people.get(play.other(ctx.me.id))
    if scenario is None or other is None:
        return None
    watched = [words for _, words in _watched(play, ctx)]
    return cards.part(play, scenario, other, watched, ctx.t)


def _watched(play: RolePlay, ctx: Context) -> list[tuple[str, Saying]]:
    """What the two watch. Of what coordinators put away meanwhile, something else is in its place:
    there is always something to write about."""
    words = positive(ctx)
    watched = [(code, words[code]) for code in play.indicators if code in words]
    return watched or list(words.items())[:1]


def _scenarios(ctx: Context) -> tuple[Scenario, ...]:
    return ctx.work.of(Scenarios).current(ctx.me.workspace, ctx.now).content


_private = partial(Route, private=True)  # who practises with whom is theirs

ROUTES: tuple[Route, ...] = (
    _private(
        "practice.with",
        with_colleague,
        reads=True,
        behind=WITH,
    ),
    _private("practice.ask", ask),
    _private("practice.join", join),
    _private("practice.not_now", not_now),
    _private("practice.onward", onward),
    _private("practice.end", end),
    _private("practice.tell", tell, reads=True),
    _private("practice.told", told),
    _private("practice.told.delete", delete_told),
)
NOTICES = (
    NoticeKind(model.ASKED, asked_card, private=True),
    NoticeKind(model.WAITS, waits_card, Rest.AT_ONCE, private=True),
    NoticeKind(model.UNANSWERED, unanswered_card, Rest.AT_ONCE, private=True),
    NoticeKind(model.PART, part_card, Rest.AT_ONCE, private=True),
    NoticeKind(model.TELL, tell_card, private=True),
    NoticeKind(model.TOLD, told_card, private=True),
)
TIMERS = (advance_role_plays,)
