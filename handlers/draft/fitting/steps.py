"""What becomes of a draft by itself: it is asked for, it comes, and it goes."""

from collections.abc import Mapping
from dataclasses import replace

from handlers.common.current_call import CurrentCalls
from handlers.common.granted_offers import GrantedOffers
from handlers.draft.fitting import cards
from handlers.draft.fitting.checking import checked
from handlers.draft.fitting.model import FIT, FITTED, FitState, Fitting, Fittings, Passage
from handlers.draft.fitting.standing import is_standing
from handlers.draft.model import ANSWERS
from handlers.kit.cards import Card
from handlers.kit.facts import LibraryChanged, TelephoneAnswered, TelephoneEnded
from handlers.kit.feature import AsksModel, Hears, NoticeKind, Rest, Timer
from handlers.kit.language_models import (
    ModelAnswer,
    ModelQuestions,
    Prompt,
    Question,
    Unanswered,
)
from handlers.kit.notices import Notice
from handlers.library.uses import Uses
from handlers.work import Context, Occasion


def prompt_of(question: Question, on: Occasion) -> Prompt | None:
    """What leaves: what was shown."""
    one = on.work.of(Fittings).get(question.about)
    if one is None or one.state is not FitState.ASKED or not is_standing(one, on):
        return None
    return one.prompt


def answered(question: Question, answer: ModelAnswer, on: Occasion) -> None:
    """It came, or it did not: the card says so."""
    one = on.work.of(Fittings).get(question.about)
    if one is None or one.state is not FitState.ASKED:
        return
    if not is_standing(one, on):
        _let_go(one, on)
        return
    if isinstance(answer, Unanswered):
        one = replace(one, state=FitState.FAILED, trouble=answer.trouble)
    else:
        one = replace(one, state=FitState.WRITTEN, passages=_checked(one, answer, on))
        for source in sorted({passage.source for passage in one.passages if passage.may_be_copied}):
            used = one.sources[source - 1].answer
            on.work.of(Uses).used(one.workspace, ANSWERS.name, used, one.person, on.now)
    on.work.of(Fittings).put(one)
    on.work.outbox.refresh(one.workspace, FITTED, one.id, on.now)


def end_fittings(on: Occasion, limit: int) -> int:
    """Half an hour is over."""
    over = on.work.of(Fittings).over(on.now, limit)
    for one in over:
        _let_go(one, on)
    return len(over)


def call_ended(fact: TelephoneEnded, on: Occasion) -> None:
    """The call that it was for is over, or somebody else's."""
    for one in on.work.of(Fittings).of_call(fact.call):
        if not is_standing(one, on):
            _let_go(one, on)


def call_answered(fact: TelephoneAnswered, on: Occasion) -> None:
    """What their drafts were for before is over: a call that they had told of by hand."""
    for one in on.work.of(Fittings).of_workspace(fact.person.workspace):
        if one.person == fact.person.id and not is_standing(one, on):
            _let_go(one, on)


def answers_changed(fact: LibraryChanged, on: Occasion) -> None:
    """An answer that it was made of is another one now."""
    if fact.library != ANSWERS.title:
        return
    for one in on.work.of(Fittings).of_workspace(fact.workspace):
        if not is_standing(one, on):
            _let_go(one, on)


def fitted_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(Fittings).get(notice.about)
    if one is None or one.person != ctx.me.id or not is_standing(one, ctx):
        return cards.gone(ctx.t) if notice.sent else None
    return cards.fitted(one, ctx.t)


def _checked(one: Fitting, answer: Mapping[str, object], on: Occasion) -> tuple[Passage, ...]:
    granted: tuple[str, ...] = ()
    call = on.work.of(CurrentCalls).get(one.call) if one.call is not None else None
    if call is not None:
        granted = on.work.of(GrantedOffers).said(one.person, call.since, one.language)
    return checked(answer, [source.text for source in one.sources], granted)


def _let_go(one: Fitting, on: Occasion) -> None:
    on.work.of(Fittings).remove(one.id)
    on.work.of(ModelQuestions).withdraw(FIT, one.id)
    on.work.outbox.refresh(one.workspace, FITTED, one.id, on.now)
    on.work.outbox.let_go(one.workspace, one.id, on.now)


NOTICES: tuple[NoticeKind, ...] = (NoticeKind(FITTED, fitted_card, Rest.AT_ONCE, private=True),)
ASKS: tuple[AsksModel, ...] = (AsksModel(FIT, prompt_of, answered),)
TIMERS: tuple[Timer, ...] = (end_fittings,)
HEARS: tuple[Hears[TelephoneAnswered] | Hears[TelephoneEnded] | Hears[LibraryChanged], ...] = (
    Hears(TelephoneAnswered, call_answered),
    Hears(TelephoneEnded, call_ended),
    Hears(LibraryChanged, answers_changed),
)
