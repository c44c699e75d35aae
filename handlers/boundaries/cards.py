"""What people see of a boundary: the card for a call, receipts, versions and the form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from handlers.boundaries.danger.cards import danger_line, edit_button
from handlers.boundaries.model import (
    FORM_TEXT_LIMIT,
    READ_IN,
    RECEIPT_KEPT,
    SPOKEN,
    Behaviour,
    Change,
    PolicySet,
    Receipt,
    Version,
    may_end,
    still_to_say,
)
from handlers.common.crisis import CrisisNumbers, check_first, numbers_to_call
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Divider,
    Facts,
    Form,
    Line,
    Look,
    Moment,
    Note,
    Paragraph,
    Part,
    Quote,
    Row,
    Strong,
    Style,
    TextField,
    Tone,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.text import plain

_LANGUAGES = {"lv": "Latviski", "en": "In English", "ru": "По-русски"}
"""How a language is called by those who speak it, whoever reads."""

_BUTTONS_BESIDE = 4

LISTS = ("warnings", "allowed", "examples")
"""The form's fields that hold one entry to a line."""


@dataclass(frozen=True, slots=True)
class Showing:
    """A boundary on somebody's screen: how many warnings were given, the caller's language, and
    the card's own id, which makes one receipt of it. `others`: what the words may have meant if
    nobody's life is in danger."""

    boundary: Behaviour
    crisis: CrisisNumbers
    version: int
    warned: int
    language: str
    card: str
    today: date
    others: tuple[Behaviour, ...] = ()


def overview(policies: PolicySet, t: Texts) -> Card:
    """All behaviours, one tap away."""
    return Card(
        t("What does the caller do?"),
        (
            danger_line(policies.crisis, t),
            *_choice(policies.behaviours, t),
            Note(t("You can also write it: /policy shouts and threatens")),
        ),
    )


def likeliest(policies: PolicySet, found: Sequence[str], t: Texts, *, lawful: bool = False) -> Card:
    """A search that isn't sure: the likeliest first, then the rest. `lawful`: what the caller
    threatens with is their right."""
    first = tuple(filter(None, map(policies.get, found)))
    rest = tuple(each for each in policies.behaviours if each not in first)
    parts: list[Part] = [Paragraph(_their_right(t))] if lawful else []
    if first:
        parts += [
            Paragraph(t("Closest to what you wrote:")),
            *_choice(first, t, Look.PRIMARY),
            Paragraph(t("Or one of these:")),
        ]
    parts += [*_choice(rest, t), danger_line(policies.crisis, t)]
    return Card(t("Which of these is it?"), tuple(parts))


def nothing_fits(policies: PolicySet, t: Texts, why: Line = ()) -> Card:
    """A search that found nothing, or a button that leads nowhere any more."""
    return Card(
        t("What does the caller do?"),
        (
            Paragraph(why or t("I found no boundary for those words. Here are all of them.")),
            danger_line(policies.crisis, t),
            *_choice(policies.behaviours, t),
        ),
    )


def boundary(showing: Showing, t: Texts) -> Card:
    """What an agent may do, and the sentence to say now."""
    behaviour = showing.boundary
    parts: list[Part] = [
        *_emergency(behaviour, showing.crisis, showing.today, t),
        *_careful(behaviour, showing.today, t),
        Note((behaviour.meaning[t.locale],)),
        *_sentences(showing, t),
        _what_next(showing, t),
        *_or_else(showing, t),
        Paragraph((Strong(plain(t("You may"))),)),
        Bullets(tuple((line,) for line in behaviour.allowed[t.locale])),
        Facts(
            (
                (t("Warnings first"), _how_many(len(behaviour.warnings), t)),
                (t("Behind you"), (behaviour.backing[t.locale],)),
            )
        ),
        Buttons(
            tuple(
                Button((name,), "policy.show", _values(showing) | {"language": language})
                for language, name in _LANGUAGES.items()
                if language != showing.language
            )
        ),
        Note(_small_print(behaviour, t)),
    ]
    careful = check_first(behaviour.review, showing.today)
    tone = Tone.URGENT if behaviour.emergency else Tone.CAREFUL if careful else Tone.CALM
    return Card((behaviour.names[t.locale],), tuple(parts), tone)


def thanks(receipt: Receipt, crisis: CrisisNumbers, today: date, t: Texts) -> Card:
    """The call is ended: thanks, and the receipt."""
    return Card(
        t("Thank you. You did right."),
        (
            *_emergency(receipt.boundary, crisis, today, t),
            Paragraph(t("You ended the call within policy. Take a breath before the next one.")),
            _receipt_facts(receipt, t),
            Buttons((Button(t("My receipts"), "policy.mine"), _hand(t))),
            Note(_who_sees(receipt, t)),
        ),
        Tone.GOOD,
    )


def receipt_card(receipt: Receipt, t: Texts) -> Card:
    """One receipt, with the boundary as it was that day."""
    behaviour = receipt.boundary
    return Card(
        t("Receipt: {behaviour}", behaviour=behaviour.names[t.locale]),
        (
            _receipt_facts(receipt, t),
            Paragraph(t("The words for ending, as they were:")),
            Quote((behaviour.ending[t.locale],)),
            Paragraph((Strong(plain(t("You were allowed to"))),)),
            Bullets(tuple((line,) for line in behaviour.allowed[t.locale])),
            Facts(((t("Behind you"), (behaviour.backing[t.locale],)),)),
            Buttons((Button(t("My receipts"), "policy.mine"),)),
            Note(_who_sees(receipt, t)),
        ),
    )


def mine(receipts: Sequence[Receipt], t: Texts) -> Card:
    """An agent's own receipts, newest first."""
    if not receipts:
        return Card(
            t("Your receipts"),
            (
                Paragraph(t("You have none. When you end a call within policy, it is kept here.")),
                Buttons((Button(t("All boundaries"), "policy"),)),
            ),
        )
    return Card(
        t("Your receipts"),
        (
            *(
                Row(
                    t(
                        "{when}: {behaviour}",
                        when=Moment(receipt.ended_at, Style.DATETIME),
                        behaviour=receipt.boundary.names[t.locale],
                    ),
                    Button(t("Open"), "policy.receipt", {"receipt": receipt.id}),
                )
                for receipt in receipts
            ),
            Note(t("The newest ones. Only you can open them.")),
        ),
    )


def ended(receipt: Receipt, agent: Person, t: Texts) -> Card:
    """Tells a supervisor that an ending was within policy."""
    return Card(
        t("{agent} ended a call, within policy", agent=mention(agent)),
        (
            Paragraph(
                t(
                    "{agent} followed the boundary. Should a complaint come, please stand behind "
                    "them. A kind word helps now.",
                    agent=mention(agent),
                )
            ),
            _receipt_facts(receipt, t),
            Note(t("Nothing about the customer is kept.")),
        ),
        summary=t("{agent} ended a call, within policy", agent=agent.first_name),
    )


# --- for coordinators -------------------------------------------------------------------------


def to_edit(policies: PolicySet, number: int, t: Texts) -> Card:
    """Which boundary to change."""
    return Card(
        t("Which boundary do you want to change?"),
        (
            *_choice(policies.behaviours, t, does="policy.edit"),
            Buttons((edit_button(t), Button(t("What changed, and when"), "policy.history"))),
            Note(t("Version {version}", version=number)),
        ),
    )


def form(
    behaviour: Behaviour,
    base: int,
    t: Texts,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, Line] | None = None,
    intro: tuple[Part, ...] = (),
) -> Form:
    """Everything of a boundary that is written in chat. `base` is the version that it was opened
    on; `typed` what was filled in before."""
    given = typed or written(behaviour)
    return Form(
        t("Change a boundary"),
        "policy.save",
        t("Save"),
        fields=(
            *(
                TextField(
                    name,
                    label,
                    given.get(name, ""),
                    FORM_TEXT_LIMIT,
                    multiline=True,
                    required=not name.startswith("warnings"),
                    hint=t("One to a line.") if name.startswith(LISTS) else None,
                )
                for name, label in _labels(t).items()
            ),
            TextField(
                "review",
                t("Review date"),
                given.get("review", ""),
                limit=10,
                hint=t("Year, month, day: 2027-06-30"),
            ),
        ),
        values={"behaviour": behaviour.id, "base": str(base)},
        intro=(Paragraph((Strong(behaviour.names[t.locale]),)), *intro),
        errors=errors or {},
    )


def written(behaviour: Behaviour) -> dict[str, str]:
    """A boundary as the form's fields have it: each list one entry to a line."""
    fields = {"review": behaviour.review.isoformat()}
    for language in SPOKEN:
        fields[f"warnings_{language}"] = "\n".join(
            warning[language] for warning in behaviour.warnings
        )
        fields[f"ending_{language}"] = behaviour.ending[language]
    for locale in READ_IN:
        fields[f"allowed_{locale}"] = "\n".join(behaviour.allowed[locale])
        fields[f"backing_{locale}"] = behaviour.backing[locale]
        fields[f"owner_{locale}"] = behaviour.owner[locale]
    for language in SPOKEN:
        fields[f"examples_{language}"] = "\n".join(behaviour.examples.get(language, ()))
    return fields


def somebody_was_faster(t: Texts) -> tuple[Part, ...]:
    """Stands over a form whose boundary was changed while it was open."""
    return (
        Paragraph(
            t(
                "Somebody saved a newer version of this boundary while you were writing. Your "
                "words are still here; saving again puts them in place of theirs."
            )
        ),
    )


def saved(number: int, found: Sequence[Change], t: Texts) -> Card:
    """A new version is in force, or nothing differed."""
    if not found:
        return Card(t("Nothing was changed"), (_history_button(t),))
    return Card(
        t("Saved as version {version}", version=number),
        (
            Bullets(tuple(change_line(change, t) for change in found)),
            Paragraph(t("It holds from now on. Receipts written before stay as they are.")),
            _history_button(t),
        ),
        Tone.GOOD,
    )


def history(
    versions: Sequence[tuple[Version, tuple[Change, ...]]], people: Mapping[str, Person], t: Texts
) -> Card:
    """The newest versions: when, who, and what each changed."""
    rows: list[Part] = []
    for version, found in versions:
        number = t("Version {version}", version=version.number)
        rows.append(
            Paragraph(
                t(
                    "{version}, {when}, {who}",
                    version=Strong(plain(number)),
                    when=Moment(version.saved_at, Style.DATETIME),
                    who=_who(version, people, t),
                )
            )
        )
        if found:
            rows.append(Bullets(tuple(change_line(each, t) for each in found)))
    return Card(t("What changed, and when"), (*rows, Divider(), _all_button(t)))


def change_line(change: Change, t: Texts) -> Line:
    """One change in words."""
    if change.behaviour is None:
        return t("Crisis numbers")
    name = change.behaviour.names[t.locale]
    if change.parts is None:
        return t("{behaviour}: new", behaviour=name)
    labels = _part_labels(t)
    parts = ", ".join(plain(labels[part]) for part in change.parts)
    return t("{behaviour}: {parts}", behaviour=name, parts=parts)


# --- pieces -----------------------------------------------------------------------------------


def _their_right(t: Texts) -> Line:
    return t(
        "Complaining, going to court, writing about it, leaving: everybody may, and it is no "
        "threat. Say calmly how it is done."
    )


def _or_else(showing: Showing, t: Texts) -> Iterable[Part]:
    """What the words may have meant besides a danger to life; on all other cards whom to call if
    there is one."""
    if not showing.boundary.emergency:
        yield danger_line(showing.crisis, t)
    elif showing.others:
        yield Paragraph(t("Nobody is in danger? Then perhaps:"))
        yield from _choice(showing.others, t)


def _choice(
    behaviours: Sequence[Behaviour], t: Texts, look: Look = Look.PLAIN, does: str = "policy.show"
) -> Iterable[Buttons]:
    for start in range(0, len(behaviours), _BUTTONS_BESIDE):
        yield Buttons(
            tuple(
                Button((each.names[t.locale],), does, {"behaviour": each.id}, look)
                for each in behaviours[start : start + _BUTTONS_BESIDE]
            )
        )


def _emergency(
    behaviour: Behaviour, crisis: CrisisNumbers, today: date, t: Texts
) -> Iterable[Part]:
    if not behaviour.emergency:
        return
    yield Paragraph((Strong(plain(t("If a life is in danger"))),))
    yield from numbers_to_call(crisis, today, t)
    yield Bullets(tuple((step,) for step in behaviour.emergency[t.locale]), numbered=True)


def _careful(behaviour: Behaviour, today: date, t: Texts) -> Iterable[Part]:
    if check_first(behaviour.review, today):
        yield Paragraph(
            (
                Strong(plain(t("Check first."))),
                " ",
                *t(
                    "This boundary was to be reviewed by {date}. Ask: {owner}.",
                    date=_day(behaviour.review),
                    owner=behaviour.owner[t.locale],
                ),
            )
        )


def _sentences(showing: Showing, t: Texts) -> Iterable[Part]:
    total = len(showing.boundary.warnings)
    now, *later = still_to_say(showing.boundary, showing.warned)
    if not may_end(showing.boundary, showing.warned):
        yield Paragraph(
            t("Say now, warning {number} of {total}:", number=showing.warned + 1, total=total)
        )
    elif total:
        yield Paragraph(t("You have warned. You may end the call now, with these words:"))
    else:
        yield Paragraph(t("No warning is needed. The words for ending the call:"))
    yield Quote((now[showing.language],))
    if later:
        *warnings, ending = later
        yield Paragraph(t("If it goes on:"))
        yield Bullets(
            (
                *(
                    t("Warning {number}: {words}", number=number, words=words[showing.language])
                    for number, words in enumerate(warnings, showing.warned + 2)
                ),
                t("Ending: {words}", words=ending[showing.language]),
            )
        )


def _what_next(showing: Showing, t: Texts) -> Buttons:
    if may_end(showing.boundary, showing.warned):
        step = Button(t("I ended the call"), "policy.ended", _values(showing), Look.PRIMARY)
    else:
        step = Button(t("I warned"), "policy.warned", _values(showing), Look.PRIMARY)
    other = Button(t("Something else"), "policy")
    # In an emergency nobody should be alone: a colleague comes before the ending.
    ordered = (_hand(t), step, other) if showing.boundary.emergency else (step, _hand(t), other)
    return Buttons(ordered)


def _values(showing: Showing) -> dict[str, str]:
    return {
        "behaviour": showing.boundary.id,
        "version": str(showing.version),
        "warned": str(showing.warned),
        "language": showing.language,
        "card": showing.card,
    }


def _hand(t: Texts) -> Button:
    return Button(t("Raise my hand"), "hand")


def _history_button(t: Texts) -> Buttons:
    return Buttons((Button(t("What changed, and when"), "policy.history"),))


def _all_button(t: Texts) -> Buttons:
    return Buttons((Button(t("All boundaries"), "policy"),))


def _how_many(warnings: int, t: Texts) -> Line:
    if not warnings:
        return t("none, you may end at once")
    return t.many("{n} warning", "{n} warnings", warnings)


def _small_print(behaviour: Behaviour, t: Texts) -> Line:
    return t(
        "Version {version}. Owner: {owner}. Holds until {date}.",
        version=behaviour.version,
        owner=behaviour.owner[t.locale],
        date=_day(behaviour.review),
    )


def _receipt_facts(receipt: Receipt, t: Texts) -> Facts:
    return Facts(
        (
            (t("When"), (Moment(receipt.ended_at, Style.DATETIME),)),
            (t("What the caller did"), (receipt.boundary.names[t.locale],)),
            (t("Version"), (str(receipt.boundary.version),)),
            (t("Warned"), t.many("{n} time", "{n} times", receipt.warned)),
        )
    )


def _who_sees(receipt: Receipt, t: Texts) -> Line:
    return t(
        "Kept for you in Plecs until {date}: nothing about the customer. Only you can open it; "
        "the supervisors were told who ended a call, when and why. Whoever owns the chat may be "
        "able to export messages.",
        date=Moment(receipt.ended_at + RECEIPT_KEPT, Style.DATE),
    )


def _who(version: Version, people: Mapping[str, Person], t: Texts) -> Line:
    if version.by.person:
        person = people.get(version.by.person)
        return t("somebody no longer here") if person is None else (mention(person),)
    return (version.by.name,) if version.by.name else t("came with Plecs")


def _labels(t: Texts) -> dict[str, Line]:
    return {
        "warnings_lv": t("Warnings in Latvian"),
        "ending_lv": t("Ending in Latvian"),
        "warnings_en": t("Warnings in English"),
        "ending_en": t("Ending in English"),
        "warnings_ru": t("Warnings in Russian"),
        "ending_ru": t("Ending in Russian"),
        "allowed_lv": t("What one may do, in Latvian"),
        "allowed_en": t("What one may do, in English"),
        "backing_lv": t("Who stands behind it, in Latvian"),
        "backing_en": t("Who stands behind it, in English"),
        "owner_lv": t("Owner, in Latvian"),
        "owner_en": t("Owner, in English"),
        "examples_lv": t("How it is described, in Latvian"),
        "examples_en": t("How it is described, in English"),
        "examples_ru": t("How it is described, in Russian"),
    }


def _part_labels(t: Texts) -> dict[str, Line]:
    return {
        "names": t("what it is called"),
        "meaning": t("meaning"),
        "allowed": t("what one may do"),
        "warnings": t("warnings"),
        "ending": t("ending"),
        "backing": t("who stands behind it"),
        "owner": t("owner"),
        "review": t("review date"),
        "examples": t("how it is described"),
        "emergency": t("steps in an emergency"),
    }


def _day(day: date) -> Moment:
    # Noon is the same day in nearly every zone that a reader may be in.
    return Moment(datetime.combine(day, time(12), UTC), Style.DATE)
