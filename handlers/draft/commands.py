"""What is asked of the approved answers: the nearest three, one to use, and what they lack."""

import re

from handlers.availability.engaged import Availability
from handlers.common.known_issues import standing
from handlers.common.topics import topic_in, topics_of
from handlers.draft import cards
from handlers.draft.fitting.commands import button
from handlers.draft.model import (
    ANSWERS,
    ASKED_LIMIT,
    NEAREST,
    Answers,
    ApprovedAnswer,
    Correction,
    Corrections,
)
from handlers.kit.cards import Button, Reply
from handlers.kit.commands import Behind, Command, Instead, RefusedError, Route, Typed
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, seen
from handlers.kit.text import shortened
from handlers.library.adopting import Adopting, Wording
from handlers.library.cards import EntryView
from handlers.library.editing import Editing
from handlers.library.entries import entry_of
from handlers.library.model import Version
from handlers.library.unfound import deidentified, without_anybody
from handlers.library.uses import Uses, uses_card
from handlers.work import Context

_TEXT_READ = 1000
"""Characters of a question that are searched."""

_QUEUE_SHOWN = 10
_PEOPLE_NAMED = 3

_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def draft(command: Command, ctx: Context) -> Reply | Instead:
    """The answers that are nearest to the customer's question."""
    return _nearest(command.text, ctx) if command.text.strip() else cards.asking(ctx.t)


def asked(command: Command, ctx: Context) -> Reply | Instead:
    """The same with a form."""
    filled = Filled(cards.asking(ctx.t), command, ctx)
    words = filled.text("words")
    return filled.again() if filled.errors else _nearest(words, ctx)


def none_fits(command: Command, ctx: Context) -> Reply:
    """Nothing fits: who knows more; and the coordinators learn what was asked."""
    words = seen(command.text or command.one("asked") or command.one("words"))[:_TEXT_READ]
    answers = ctx.work.of(Answers)
    kept = deidentified(words)
    if kept:
        answers.settle(ctx.me.workspace, ctx.now)
        answers.not_found(ctx.me.workspace, ctx.me.id, kept, ctx.now)
    version, found = answers.search(ctx.me.workspace, words, ctx.now)
    near = next((entry_of(version.content, one) for one in found.likeliest), None)
    helping = _helping(words, near, ctx)
    issues = standing(ctx, [helping.topic.id] if helping.topic else [])
    asked = shortened(words, ASKED_LIMIT)
    return cards.nothing(asked, helping, issues, ctx.t, kept=bool(kept))


def show(command: Command, ctx: Context) -> Reply:
    """One answer, to copy in the customer's language."""
    answer, version = _answer(command, ctx)
    ctx.work.of(Uses).used(ctx.me.workspace, ANSWERS.name, answer.id, ctx.me.id, ctx.now)
    asked = seen(command.one("asked"))[:ASKED_LIMIT]
    language = command.one("language") or ctx.t.locale
    return cards.one(_view(answer, version, language, ctx), asked, ctx.t)


def wrong(command: Command, ctx: Context) -> Reply:
    """What is wrong with an answer."""
    return cards.wrong_form(_answer(command, ctx)[0], ctx.t)


def wrong_send(command: Command, ctx: Context) -> Reply:
    """Kept for the coordinators without what tells of anybody."""
    answer, _ = _answer(command, ctx)
    filled = Filled(cards.wrong_form(answer, ctx.t), command, ctx)
    words = without_anybody(filled.text("words"))
    if filled.errors:
        return filled.again()
    one = Correction(ctx.new_id(), ctx.me.workspace, answer.id, words, ctx.now)
    ctx.work.of(Corrections).add(one)
    return cards.wrong_sent(ctx.t)


def queue(_command: Command, ctx: Context) -> Reply:
    """What was asked and not found, and what is said to be wrong."""
    return _queue(ctx)


def settled(command: Command, ctx: Context) -> Reply:
    """A correction is done with."""
    ctx.work.of(Corrections).remove(ctx.me.workspace, command.one("correction"))
    return _queue(ctx)


def uses(_command: Command, ctx: Context) -> Reply:
    """How many used which answer, without anybody's name."""
    numbers = ctx.work.of(Uses).most_in_a_week(ctx.me.workspace, ANSWERS.name, ctx.now)
    content = ctx.work.of(Answers).current(ctx.me.workspace, ctx.now).content
    back = Button(ctx.t("What the answers lack"), "draft.queue")
    return uses_card(ctx.t("Which answers are used"), numbers, content, back, ctx.t)


_REFUSAL = mark("The answers are changed by coordinators. Press “Something is wrong” on one.")

ADOPTING = Adopting(
    ANSWERS,
    Answers,
    Wording(
        refusal=_REFUSAL,
        everything=mark("What the answers lack"),
        leads="draft.queue",
        in_your_name=mark(
            "You say, with your name and today’s date beside it, that the company gives this "
            "answer to its customers."
        ),
    ),
    lambda answer: {"entry": answer},
)
EDITING = Editing(
    ANSWERS, Answers, ADOPTING, _REFUSAL, mark("Change the approved answers, or add new ones")
)

ROUTES: tuple[Route, ...] = (
    Route(
        "draft",
        draft,
        reads=True,
        typed=Typed(
            words={"en": "draft", "lv": "uzmetums"},
            help=mark("A first draft: the approved answers nearest to a question"),
            usage=mark("[what the customer asks]"),
            also=("atbilde", "answer"),
        ),
    ),
    Route("draft.asked", asked, reads=True),
    # What was asked may be about a customer: it is written down nowhere but there.
    Route("draft.none", none_fits, private=True),
    Route("answers.show", show),
    Route("draft.wrong", wrong, reads=True),
    Route("draft.wrong.send", wrong_send, private=True),
    Route(
        "draft.queue",
        queue,
        reads=True,
        role=Role.COORDINATOR,
        refusal=_REFUSAL,
        behind=Behind(
            "draft",
            {"en": "queue", "lv": "rinda"},
            help=mark("What was asked and not found, and what is said to be wrong"),
        ),
    ),
    Route("draft.settled", settled, role=Role.COORDINATOR, refusal=_REFUSAL),
    Route("draft.uses", uses, reads=True, role=Role.COORDINATOR, refusal=_REFUSAL),
    *ADOPTING.routes,
    *EDITING.routes,
)


def _nearest(words: str, ctx: Context) -> Reply | Instead:
    words = seen(words)[:_TEXT_READ]
    version, found = ctx.work.of(Answers).search(ctx.me.workspace, words, ctx.now)
    near = [entry_of(version.content, one) for one in found.likeliest[:NEAREST]]
    language = _spoken_in(words, ctx)
    three = [_view(one, version, language, ctx) for one in near if one is not None]
    if not three:
        return Instead("draft.none")
    topics = [one.entry.topic for one in three if one.entry.topic]
    issues = standing(ctx, topics)
    asked = shortened(words, ASKED_LIMIT)
    approved = [
        one.entry for one in three if one.adopted is not None and language in one.entry.text
    ]
    fits = ctx.services.model is not None and bool(approved)
    fit = (button(approved, asked, language, ctx),) if fits else ()
    return cards.nearest(three, asked, issues, fit, ctx.t)


def _queue(ctx: Context) -> Reply:
    answers, workspace = ctx.work.of(Answers), ctx.me.workspace
    content = answers.current(workspace, ctx.now).content
    return cards.queue(
        answers.unfound(workspace, ctx.now, _QUEUE_SHOWN, least=1),
        ctx.work.of(Corrections).waiting(workspace, ctx.now, _QUEUE_SHOWN),
        {one.id: one for one in content},
        ctx.t,
    )


def _answer(
    command: Command, ctx: Context
) -> tuple[ApprovedAnswer, Version[tuple[ApprovedAnswer, ...]]]:
    """The one that is meant, and the version that it stands in."""
    version = ctx.work.of(Answers).current(ctx.me.workspace, ctx.now)
    answer = entry_of(version.content, command.one("entry"))
    if answer is None:
        raise RefusedError(ctx.t("That answer is no longer there. Please ask anew."))
    return answer, version


def _view(
    answer: ApprovedAnswer,
    version: Version[tuple[ApprovedAnswer, ...]],
    language: str,
    ctx: Context,
) -> cards.AnswerView:
    """In the language, or in the first one in which there is the answer."""
    read = language if language in answer.text else next(iter(answer.text))
    return EntryView(answer, version.adopted(answer), read, ctx.today)


def _spoken_in(words: str, ctx: Context) -> str:
    """The language that the customer is likely to read."""
    return "ru" if _CYRILLIC.search(words) else ctx.t.locale


def _helping(words: str, near: ApprovedAnswer | None, ctx: Context) -> cards.Helping:
    """The topic that the words name, or that of the nearest answer, and who knows it."""
    topics, workspace = topics_of(ctx.work.settings, ctx.me.workspace), ctx.me.workspace
    topic, _ = topic_in(words, topics, ctx.words)
    if topic is None:
        topic = next((one for one in topics if near and one.id == near.topic), None)
    if topic is None:
        return cards.Helping(None, ())
    helpers = ctx.work.of(Availability).helpers(workspace, ctx.now, topic=topic.id)
    free = [one.person for one in helpers if not one.engaged and one.person.id != ctx.me.id]
    return cards.Helping(topic, free[:_PEOPLE_NAMED])
