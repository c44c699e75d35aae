"""The forms in which a call is written down, one for each part of it."""

from collections.abc import Mapping

from handlers.common.competences import to_choose
from handlers.kit.cards import (
    ChoiceField,
    Field,
    Form,
    Line,
    Note,
    Paragraph,
    Part,
    Quote,
    Strong,
    TextField,
)
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.library.model import READ_IN, TEXT_LIMIT, Saying
from handlers.practice.cards import heat
from handlers.practice.model import CHOSEN
from handlers.practice.own.cards import part_label
from handlers.practice.own.model import WORDS_BACK, Proposal, fields_of
from handlers.practice.own.rules import CALL, ENDINGS, ReplySlot, turn_of
from handlers.practice.plain import NAMED, SAID, TOLD_CALLER

SHOWS = "shows"
INDICATORS = "indicators"
WORDS = "words"


def part_form(
    proposal: Proposal,
    part: str,
    locale: str,
    known: Mapping[str, Saying],
    t: Texts,
    *,
    in_that: Texts,
    does: str,
) -> Form:
    """One part, to be written in the language `locale`, which `in_that` speaks. Where it stands in
    another language already, that is shown above. `known` are the indicators, by code. `does`
    is what the form sends."""
    values = {"proposal": proposal.id, "part": part, "locale": locale}
    fields = _fields(proposal, part, locale, known, t, in_that=in_that)
    intro = (*_asks(part, t), *_otherwise(proposal, part, locale, t))
    title = t("In Latvian") if locale == "lv" else t("In English")
    return Form(title, does, t("Keep it"), fields, values, intro)


def send_back_form(proposal: Proposal, t: Texts) -> Form:
    """What a coordinator writes to its author."""
    return Form(
        t("Send it back"),
        "practice.offered.send_back",
        t("Send it back"),
        (
            TextField(
                WORDS,
                t("What should be different, or why it does not fit"),
                limit=WORDS_BACK,
                multiline=True,
                hint=t("They read it with your name. What they wrote stays theirs."),
            ),
        ),
        {"proposal": proposal.id},
    )


def _fields(
    proposal: Proposal,
    part: str,
    locale: str,
    known: Mapping[str, Saying],
    t: Texts,
    *,
    in_that: Texts,
) -> tuple[Field, ...]:
    def text(name: str, label: Line, limit: int = SAID, begins: str = "") -> TextField:
        said = proposal.said(part, name, locale) or begins
        return TextField(name, label, said, limit, multiline=limit > NAMED)

    is_first = locale == proposal.locale
    turn = turn_of(part)
    if part == CALL:
        call = (
            text("names", t("A short name for it"), NAMED),
            text("situation", t("What one knows before the call"), TEXT_LIMIT),
            text("caller", t("What only the caller knows"), TOLD_CALLER),
        )
        return (*call, _good_for(proposal, known, t)) if is_first else call
    if turn is None:
        return tuple(
            text(f"{one.id}_{what}", t("{ending}: {what}", ending=plain(t(one.label)), what=label))
            for one in ENDINGS
            for what, label in (
                ("says", plain(t("what the caller says last"))),
                ("after", plain(t("what comes of it"))),
            )
        )
    said = [text("says", t("What the caller says"))]
    for slot in turn.replies:
        said.append(text(slot.name, _reply_label(slot, t)))
        begins = plain(in_that(slot.because))
        said.append(text(f"{slot.name}_because", t("Why it goes so"), begins=begins))
    return (*said, _example(proposal, part, known, t)) if is_first else tuple(said)


def _good_for(proposal: Proposal, known: Mapping[str, Saying], t: Texts) -> ChoiceField:
    chosen = tuple(code for code in proposal.indicators if code in known)
    label = t("What one can practise with it")
    return ChoiceField(INDICATORS, label, to_choose(known, t), chosen, most=CHOSEN)


def _example(proposal: Proposal, part: str, known: Mapping[str, Saying], t: Texts) -> ChoiceField:
    shown = (proposal.shows or {}).get(part, "")
    label = t("What the best reply is an example of")
    chosen = (shown,) if shown in known else ()
    return ChoiceField(SHOWS, label, to_choose(known, t), chosen, required=False)


def _reply_label(slot: ReplySlot, t: Texts) -> Line:
    if slot.is_good:
        return t("The best that one could say")
    if slot.is_bad:
        return t("A bad model: what makes it worse")
    return t("What most of us say, and it is not foolish")


def _asks(part: str, t: Texts) -> tuple[Part, ...]:
    """What belongs into the part."""
    title = Paragraph((Strong(plain(part_label(part, t))),))
    turn = turn_of(part)
    if turn is not None:
        return title, Paragraph((*heat(turn.heat, t), ". ", *t(turn.asks)))
    if part == CALL:
        return (
            title,
            Note(
                t(
                    "Change what could tell who it was: name, place, sum, day. What looks like a "
                    "number, an address or a name beside a title I take out; a name alone I do not "
                    "see."
                )
            ),
        )
    return (title,)


def _otherwise(proposal: Proposal, part: str, locale: str, t: Texts) -> tuple[Part, ...]:
    """How it reads in another language, while this one is not written."""
    if proposal.is_written(part, locale):
        return ()
    other = next((one for one in READ_IN if proposal.is_written(part, one)), None)
    if other is None:
        return ()
    said = (proposal.said(part, field, other) for field in fields_of(part))
    return (Quote(("\n".join(said),)),)
