"""What the author of a call sees of it, and coordinators who read it."""

from collections.abc import Mapping, Sequence

from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Facts,
    Line,
    Look,
    Note,
    Paragraph,
    Part,
    Quote,
    Row,
    Strong,
    Tone,
    mention,
    on_day,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.library.model import READ_IN, Saying
from handlers.practice.cards import heat
from handlers.practice.own.model import (
    MOST_OWN,
    TAKEN_BACK_WITHIN,
    Proposal,
    ProposalState,
    fields_of,
)
from handlers.practice.own.rules import CALL, ENDINGS, ENDS, PARTS, turn_of


def part_label(part: str, t: Texts) -> Line:
    """What a part of the call is called."""
    turn = turn_of(part)
    if turn is not None:
        return t(turn.label)
    return t("About the call") if part == CALL else t("How it ends")


def name_of(proposal: Proposal, t: Texts) -> str:
    return proposal.name(t.locale) or plain(t("A call without a name yet"))


def mine(proposals: Sequence[Proposal], t: Texts) -> Card:
    """The calls that the reader writes down, or wrote."""
    parts: list[Part] = [
        Paragraph(
            t(
                "A call that stayed with you can help others. You write it in seven short parts, "
                "without who it was: what the caller says, what one might reply, and why. A "
                "coordinator reads it, and then everybody can practise it. You need about half an "
                "hour; it is kept as you go."
            )
        )
    ]
    for one in proposals:
        line: Line = (Strong(name_of(one, t)), " · ", *_stands(one, t))
        parts.append(Row(line, Button(t("Open"), "practice.own.open", _of(one))))
    begin = Button(t("Write a call down"), "practice.own.begin", look=Look.PRIMARY)
    back = Button(t("All scenarios"), "practice")
    parts.append(Buttons((begin, back) if len(_open(proposals)) < MOST_OWN else (back,)))
    days = TAKEN_BACK_WITHIN.days
    parts.append(
        Note(
            t(
                "You alone see what you write, until you offer it. Coordinators then read it with "
                "your name; colleagues never see whose call it was. Nothing kept leads to the real "
                "call. You can take it back: before it is approved, and for {n} days after.",
                n=days,
            )
        )
    )
    return Card(t("A call of your own"), tuple(parts))


def overview(proposal: Proposal, locale: str, t: Texts, *, said: Line = ()) -> Card:
    """How far the author is with it, in one of the languages."""
    if proposal.state is ProposalState.ACCEPTED:
        return accepted(proposal, t)
    parts: list[Part] = [Paragraph(said)] if said else []
    if proposal.words_back:
        parts += [Paragraph(t("A coordinator sent it back:")), Quote((proposal.words_back,))]
    if proposal.state is ProposalState.OFFERED:
        take_back = Button(t("Take it back"), "practice.own.take_back", _of(proposal))
        return Card(
            t("{scenario}: with the coordinators", scenario=name_of(proposal, t)),
            (
                *parts,
                Paragraph(t("You hear when it is approved, or what should be different.")),
                Buttons((take_back, Button(t("My calls"), "practice.own"))),
            ),
        )
    parts += [_part_row(proposal, part, locale, "practice.own.form", t) for part in PARTS]
    [other] = [one for one in READ_IN if one != locale]
    switch = Button(
        t("In Latvian") if other == "lv" else t("In English"),
        "practice.own.open",
        {**_of(proposal), "locale": other},
    )
    ready = not proposal.missing(proposal.locale)
    offer = Button(
        t("Offer it"),
        "practice.own.offer",
        _of(proposal),
        Look.PRIMARY,
        confirm=t(
            "The coordinators read it with your name. Is nothing in it that tells who the customer "
            "was?"
        ),
    )
    delete = Button(
        t("Delete"),
        "practice.own.delete",
        _of(proposal),
        Look.DANGER,
        confirm=t("Nothing is kept of it then."),
    )
    mine_ = Button(t("My calls"), "practice.own")
    parts.append(Buttons((*((offer,) if ready else ()), switch, mine_, delete)))
    if any(proposal.has_hidden(part, locale) for part in PARTS):
        parts.append(
            Note(
                t(
                    "Where ••• stands I took out what told who it was. Write something made up "
                    "there."
                )
            )
        )
    parts.append(Note(_other_language(proposal, other, t)))
    parts.append(
        Note(
            t(
                "You alone see this. It is kept sealed, until {day} if you change nothing more.",
                day=on_day(proposal.keep_until.date()),
            )
        )
    )
    return Card((name_of(proposal, t),), tuple(parts))


def accepted(proposal: Proposal, t: Texts) -> Card:
    """It is in the library; its author may take it out again for a while."""
    until = on_day(proposal.keep_until.date())
    return Card(
        t("{scenario}: now others can practise it", scenario=name_of(proposal, t)),
        (
            Paragraph(t("Thank you. Nobody who practises it sees whose call it was.")),
            Buttons(
                (
                    Button(
                        t("Practise it"),
                        "practice.begin",
                        {"entry": proposal.entry},
                        Look.PRIMARY,
                    ),
                    Button(
                        t("Take it out again"),
                        "practice.own.withdraw",
                        _of(proposal),
                        Look.DANGER,
                        confirm=t(
                            "Nobody finds it any more. Who is in the middle of it can go on to its "
                            "end: older versions of the library keep it."
                        ),
                    ),
                )
            ),
            Note(
                t(
                    "You can take it out until {day}. After that nothing here says that it was "
                    "yours.",
                    day=until,
                )
            ),
        ),
        Tone.GOOD,
    )


def answered(proposal: Proposal, t: Texts) -> Card:
    """For the author: what became of it."""
    if proposal.state is ProposalState.DRAFT:
        return Card(
            t("{scenario}: there is something to change", scenario=name_of(proposal, t)),
            (
                *((Quote((proposal.words_back,)),) if proposal.words_back else ()),
                Buttons((Button(t("Open"), "practice.own.open", _of(proposal), Look.PRIMARY),)),
                Note(t("It is yours again: change it, offer it anew, or delete it.")),
            ),
        )
    return overview(proposal, proposal.locale, t)


def gone(t: Texts) -> Card:
    return Card(
        t("This call is no longer kept"),
        (Buttons((Button(t("My calls"), "practice.own"),)),),
    )


def withdrawn(t: Texts) -> Card:
    return Card(
        t("It is out of the library"),
        (
            Paragraph(t("Nobody finds it any more, and nothing is kept of who wrote it.")),
            Buttons((Button(t("My calls"), "practice.own"),)),
        ),
    )


# --- for coordinators ---------------------------------------------------------------------------


def offered(found: Sequence[tuple[Proposal, Person]], t: Texts) -> Card:
    """All that wait."""
    rows = tuple(
        Row(
            t("{scenario}, from {name}", scenario=name_of(one, t), name=mention(author)),
            Button(t("Read"), "practice.offered.open", _of(one)),
        )
        for one, author in found
    )
    title = t("Calls that colleagues offer") if rows else t("No call waits for you")
    return Card(title, (*rows, Buttons((Button(t("All scenarios"), "practice"),))))


def to_read(
    proposal: Proposal, author: Person, known: Mapping[str, Saying], t: Texts, *, said: Line = ()
) -> Card:
    """One of them, with what is left to do before it can be approved."""
    missing = {locale: proposal.missing(locale) for locale in READ_IN}
    parts: list[Part] = [Paragraph(said)] if said else []
    parts.append(Paragraph(t("From {name}.", name=mention(author))))
    parts += [
        Row(
            part_label(part, t),
            Button(t("Read"), "practice.offered.part", {**_of(proposal), "part": part}),
        )
        for part in PARTS
    ]
    for locale, lacking in missing.items():
        for part in lacking if locale != proposal.locale else ():
            what = (
                t("{part}: not in Latvian yet", part=plain(part_label(part, t)))
                if locale == "lv"
                else t("{part}: not in English yet", part=plain(part_label(part, t)))
            )
            values = {**_of(proposal), "part": part}
            parts.append(Row(what, Button(t("Write"), "practice.offered.form", values)))
    indicators = "; ".join(known[code][t.locale] for code in proposal.indicators if code in known)
    if indicators:
        parts.append(Facts(((t("What it is good for"), (indicators,)),)))
    approve = Button(
        t("Approve"),
        "practice.offered.approve",
        _of(proposal),
        Look.PRIMARY,
        confirm=t(
            "Everybody can practise it then, adopted in your name. Could anybody recognise the "
            "customer, or the colleague?"
        ),
    )
    back = Button(t("Send it back"), "practice.offered.back", _of(proposal))
    is_ready = not any(missing.values())
    parts.append(
        Buttons(
            (
                *((approve,) if is_ready else ()),
                back,
                Button(t("All that wait"), "practice.offered"),
            )
        )
    )
    parts.append(
        Note(
            t(
                "Names without a title I do not see: read whether anybody could be recognised. "
                "Coordinators alone see who wrote it, and only while it waits."
            )
        )
    )
    return Card((name_of(proposal, t),), tuple(parts))


def part(proposal: Proposal, which: str, t: Texts) -> Card:
    """What is written in one part, as whoever practises will read it."""
    others = (one for one in READ_IN if one != t.locale)
    locale = next((one for one in (t.locale, *others) if proposal.is_written(which, one)), t.locale)

    def said(field: str) -> str:
        return proposal.said(which, field, locale) or "–"

    parts: list[Part] = []
    turn = turn_of(which)
    if turn is not None:
        parts += [Paragraph(heat(turn.heat, t)), Quote((said("says"),))]
        for slot in turn.replies:
            bad = (" ", *t("(a bad model)")) if slot.is_bad else ()
            parts.append(Paragraph((said(slot.name), *bad)))
            parts.append(Note((said(f"{slot.name}_because"), " → ", *_place(slot.to, t))))
    elif which == ENDS:
        for one in ENDINGS:
            parts.append(Paragraph((Strong(plain(t(one.label))), " · ", *heat(one.heat, t))))
            parts += [Quote((said(f"{one.id}_says"),)), Note((said(f"{one.id}_after"),))]
    else:
        parts.append(Bullets(tuple((said(field),) for field in fields_of(which))))
    buttons = [Button(t("Back to the call"), "practice.offered.open", _of(proposal))]
    at = PARTS.index(which)
    if at + 1 < len(PARTS):
        onward = {**_of(proposal), "part": PARTS[at + 1]}
        buttons.insert(0, Button(t("Onward"), "practice.offered.part", onward, Look.PRIMARY))
    parts.append(Buttons(tuple(buttons)))
    return Card(part_label(which, t), tuple(parts))


def approved(name: str, t: Texts) -> Card:
    return Card(
        t("{scenario}: now everybody can practise it", scenario=name),
        (
            Paragraph(t("Who wrote it is told, and is named nowhere.")),
            Buttons(
                (
                    Button(t("All that wait"), "practice.offered"),
                    Button(t("Change the scenarios"), "scenario.edit"),
                )
            ),
        ),
        Tone.GOOD,
    )


def sent_back(author: Person, t: Texts) -> Card:
    return Card(
        t("It is with {name} again", name=author.first_name),
        (Buttons((Button(t("All that wait"), "practice.offered"),)),),
    )


def comes(proposal: Proposal, author: Person, t: Texts) -> Card:
    """For a coordinator: one more waits."""
    return Card(
        t("{name} offers a call to practise", name=mention(author)),
        (
            Paragraph((Strong(name_of(proposal, t)),)),
            Buttons((Button(t("Read it"), "practice.offered.open", _of(proposal), Look.PRIMARY),)),
            Note(t("Coordinators alone see who wrote it, and only while it waits.")),
        ),
        summary=t("{name} offers a call to practise", name=author.first_name),
    )


def no_longer(t: Texts) -> Card:
    """In place of what another coordinator answered, or its author took back."""
    return Card(
        t("This call does not wait any more"),
        (Buttons((Button(t("All that wait"), "practice.offered"),)),),
    )


def _part_row(proposal: Proposal, part: str, locale: str, does: str, t: Texts) -> Row:
    values = {**_of(proposal), "part": part, "locale": locale}
    label = part_label(part, t)
    if not proposal.is_written(part, locale):
        return Row((*label, " · ", *t("not yet")), Button(t("Write"), does, values))
    state = t("look at •••") if proposal.has_hidden(part, locale) else t("written")
    return Row((*label, " · ", *state), Button(t("Change"), does, values))


def _stands(proposal: Proposal, t: Texts) -> Line:
    match proposal.state:
        case ProposalState.OFFERED:
            return t("with the coordinators")
        case ProposalState.ACCEPTED:
            return t("in the library")
        case _:
            done = len(PARTS) - len(proposal.missing(proposal.locale))
            return t("{n} of {all} parts", n=done, all=len(PARTS))


def _other_language(proposal: Proposal, other: str, t: Texts) -> Line:
    done = len(PARTS) - len(proposal.missing(other))
    line = (
        t("In Latvian: {n} of {all} parts.", n=done, all=len(PARTS))
        if other == "lv"
        else t("In English: {n} of {all} parts.", n=done, all=len(PARTS))
    )
    return (*line, " ", *t("One language is enough to offer it; a coordinator can add the other."))


def _place(to: str, t: Texts) -> Line:
    ending = next((one for one in ENDINGS if one.id == to), None)
    return t(ending.label) if ending is not None else part_label(to, t)


def _open(proposals: Sequence[Proposal]) -> tuple[Proposal, ...]:
    return tuple(one for one in proposals if one.state is not ProposalState.ACCEPTED)


def _of(proposal: Proposal) -> Mapping[str, str]:
    return {"proposal": proposal.id}
