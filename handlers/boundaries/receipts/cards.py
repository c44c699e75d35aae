"""What people see of a receipt: thanks for ending a call within policy, and what is kept of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from handlers.boundaries.cards import emergency_steps, stands_behind
from handlers.boundaries.model import RECEIPT_KEPT, Receipt
from handlers.common.crisis import CrisisNumbers, hand_button
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Facts,
    Line,
    Moment,
    Note,
    Paragraph,
    Quote,
    Row,
    Span,
    Strong,
    Style,
    Tone,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.library.model import Adoption


def thanks(receipt: Receipt, crisis: CrisisNumbers, today: date, t: Texts) -> Card:
    """The call is ended: thanks, the receipt, and the way back."""
    breath = t("Take a breath before the next one.")
    within = (
        t("You ended the call within policy.")
        if receipt.adopted
        else t("You ended the call as the draft of this boundary says.")
    )
    return Card(
        t("Thank you. You did right."),
        (
            *emergency_steps(receipt.boundary, crisis, today, t),
            Paragraph((*within, " ", *breath)),
            _receipt_facts(receipt, t),
            Buttons(
                (
                    Button(t("My receipts"), "policy.mine"),
                    hand_button(t),
                    Button(t("Let the call go: 2 minutes"), "calm.let_go"),
                    Button(t("Take it back"), "policy.taken_back", {"receipt": receipt.id}),
                )
            ),
            Note(_who_sees(receipt, t)),
        ),
        Tone.GOOD,
    )


def receipt_card(receipt: Receipt, adopted: Adoption | None, t: Texts) -> Card:
    """One receipt, with the boundary as it was that day, and who had adopted it."""
    behaviour = receipt.boundary
    then = adopted if receipt.adopted else None
    may = t("You were allowed to") if receipt.adopted else t("What the draft suggested")
    return Card(
        t("Receipt: {behaviour}", behaviour=behaviour.names[t.locale]),
        (
            *_void(receipt, t),
            _receipt_facts(receipt, t),
            Paragraph(t("The words for ending, as they were:")),
            Quote((behaviour.ending[t.locale],)),
            Paragraph((Strong(plain(may)),)),
            Bullets(tuple((line,) for line in behaviour.allowed[t.locale])),
            Facts(stands_behind(behaviour, then, t)),
            Buttons((Button(t("My receipts"), "policy.mine"),)),
            Note(_who_sees(receipt, t)),
        ),
    )


def another_call(shown: datetime | None, values: Mapping[str, str], t: Texts) -> Card:
    """The card is older than the call may be: whether it is this one that was ended."""
    since = (
        t("This card is from {when}.", when=Moment(shown, Style.DATETIME))
        if shown is not None
        else t("This card is from an earlier day.")
    )
    return Card(
        t("Did you end a call just now?"),
        (
            Paragraph(since),
            Note(t("If you say yes, the supervisors are told, and you have a receipt.")),
            Buttons(
                (
                    Button(t("Yes, just now"), "policy.ended", {**values, "sure": "1"}),
                    Button(
                        t("No, show it again"),
                        "policy.show",
                        {"behaviour": values["behaviour"], "language": values["language"]},
                    ),
                )
            ),
        ),
    )


def taken_back(receipt: Receipt, t: Texts) -> Card:
    """It was not ended after all: the receipt stays, and counts for nothing."""
    return Card(
        t("Taken back. The call was not ended."),
        (
            *_void(receipt, t),
            Paragraph(
                t(
                    "The supervisors’ message says so now. If a break began with it, it goes on "
                    "until you end it."
                )
            ),
            Buttons(
                (
                    Button(
                        (receipt.boundary.names[t.locale],),
                        "policy.show",
                        {"behaviour": receipt.boundary.id},
                    ),
                    Button(t("My receipts"), "policy.mine"),
                    hand_button(t),
                )
            ),
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
                    (
                        *t(
                            "{when}: {behaviour}",
                            when=Moment(receipt.ended_at, Style.DATETIME),
                            behaviour=receipt.boundary.names[t.locale],
                        ),
                        *((" (", *t("void"), ")") if receipt.void_at is not None else ()),
                    ),
                    Button(t("Open"), "policy.receipt", {"receipt": receipt.id}),
                )
                for receipt in receipts
            ),
            Note(t("The newest ones. Only you can open them.")),
        ),
    )


def ended(receipt: Receipt, agent: Person, t: Texts) -> Card:
    """Tells a supervisor that a call was ended, and whether the boundary is one that holds; or that
    it was not ended after all."""
    if receipt.void_at is not None:
        return Card(
            t("{agent} took it back: that call was not ended", agent=mention(agent)),
            (Note(t("The receipt is void. There is nothing to do.")),),
            summary=t("{agent} took it back: that call was not ended", agent=agent.first_name),
        )
    about = (
        t(
            "{agent} followed the boundary. Should a complaint come, please stand behind "
            "them. A kind word helps now.",
            agent=mention(agent),
        )
        if receipt.adopted
        else t(
            "{agent} followed a draft: nobody here has adopted that boundary yet. A kind word "
            "helps now.",
            agent=mention(agent),
        )
    )
    return Card(
        _ended_title(receipt, mention(agent), t),
        (
            Paragraph(about),
            _receipt_facts(receipt, t),
            Note(t("Nothing about the customer is kept.")),
        ),
        summary=_ended_title(receipt, agent.first_name, t),
    )


def _ended_title(receipt: Receipt, agent: Span, t: Texts) -> Line:
    if receipt.adopted:
        return t("{agent} ended a call, within policy", agent=agent)
    return t("{agent} ended a call", agent=agent)


def _void(receipt: Receipt, t: Texts) -> tuple[Paragraph, ...]:
    if receipt.void_at is None:
        return ()
    return (
        Paragraph(
            (
                Strong(plain(t("Void."))),
                " ",
                *t("You took it back: {when}.", when=Moment(receipt.void_at, Style.DATETIME)),
            )
        ),
    )


def _receipt_facts(receipt: Receipt, t: Texts) -> Facts:
    return Facts(
        (
            (t("When"), (Moment(receipt.ended_at, Style.DATETIME),)),
            (t("What the caller did"), (receipt.boundary.names[t.locale],)),
            (t("Version"), (str(receipt.boundary.version),)),
            (t("Warned"), _how_often(receipt.warned, t)),
        )
    )


def _how_often(warned: int, t: Texts) -> Line:
    return (str(warned),) if warned else t("not needed")


def _who_sees(receipt: Receipt, t: Texts) -> Line:
    return t(
        "Kept for you in Plecs until {date}: nothing about the customer. Only you can open it; "
        "the supervisors were told who ended a call, when and why. Whoever owns the chat may be "
        "able to export messages.",
        date=Moment(receipt.ended_at + RECEIPT_KEPT, Style.DATE),
    )
