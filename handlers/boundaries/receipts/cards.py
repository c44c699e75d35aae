"""What people see of a receipt: thanks for ending a call within policy, and what is kept of it."""

from collections.abc import Sequence
from datetime import date

from handlers.boundaries.cards import emergency_steps, hand_button
from handlers.boundaries.model import (
    RECEIPT_KEPT,
    Receipt,
)
from handlers.common.crisis import CrisisNumbers
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
    Strong,
    Style,
    Tone,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.text import plain


def thanks(receipt: Receipt, crisis: CrisisNumbers, today: date, t: Texts) -> Card:
    """The call is ended: thanks, and the receipt."""
    return Card(
        t("Thank you. You did right."),
        (
            *emergency_steps(receipt.boundary, crisis, today, t),
            Paragraph(t("You ended the call within policy. Take a breath before the next one.")),
            _receipt_facts(receipt, t),
            Buttons((Button(t("My receipts"), "policy.mine"), hand_button(t))),
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
