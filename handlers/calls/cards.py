"""What admins see of the telephone system."""

from handlers.calls.model import LONGEST_CALL, CallRules
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Form,
    Line,
    Look,
    Note,
    NumberField,
    Paragraph,
    Tone,
)
from handlers.kit.ports import Texts


def telephone(address: str | None, rules: CallRules, t: Texts) -> Card:
    """Where a telephone system tells of calls. `address`: None where Plecs has no public one, empty
    where none was made yet."""
    change = Button(t("When a call is over"), "settings.calls.form")
    if address is None:
        told = Paragraph(
            t("A telephone system can't reach Plecs: it has no public address (PUBLIC_URL).")
        )
        return Card(t("The telephone system"), (told, Buttons((change,))))
    if not address:
        made = Button(t("Make an address"), "settings.calls.renew", look=Look.PRIMARY)
        told = Paragraph(
            t(
                "For Asterisk, 3CX and others that speak Zammad's CTI format. Others post what is "
                "signed: the page about calls says where."
            )
        )
        return Card(t("The telephone system"), (told, Buttons((made, change))))
    renew = Button(
        t("New address"),
        "settings.calls.renew",
        look=Look.DANGER,
        confirm=t("The address so far opens nothing any more. Go on?"),
    )
    return Card(
        t("The telephone system"),
        (
            Paragraph(t("In Zammad's CTI format, it posts to:")),
            Paragraph((address,)),
            Note(t("As secret as a password: whoever has it can say who is on the telephone.")),
            Paragraph(hours_line(rules, t)),
            Buttons((change, renew)),
        ),
    )


def rules_form(rules: CallRules, t: Texts) -> Form:
    return Form(
        t("Calls"),
        "settings.calls.save",
        t("Save"),
        (
            NumberField(
                "hours",
                t("A call whose end never came is over after so many hours"),
                rules.hours,
                1,
                LONGEST_CALL,
            ),
        ),
    )


def hours_line(rules: CallRules, t: Texts) -> Line:
    """When somebody is free whose call's end never came."""
    return t.many(
        "A call whose end never came is over after {n} hour.",
        "A call whose end never came is over after {n} hours.",
        rules.hours,
    )


def saved(rules: CallRules, t: Texts) -> Card:
    return Card(t("Saved"), (Paragraph(hours_line(rules, t)),), Tone.GOOD)
