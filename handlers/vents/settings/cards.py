"""What listeners, admins and supervisors see: how one is asked, the limits, the weeks' counts."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Facts,
    Form,
    Line,
    Look,
    Moment,
    Note,
    NumberField,
    Option,
    Paragraph,
    PeopleField,
    Style,
    Tone,
    listed,
    mention,
)
from handlers.kit.people import Person, Role
from handlers.kit.ports import Texts
from handlers.vents.model import (
    LONGEST_GAP,
    MOST_A_DAY,
    Limits,
    Listener,
    Listens,
    Week,
)

MOST_BLOCKED = 20


def settings(
    mine: Listener, limits: Limits, blocked: Sequence[Person], me: Person, t: Texts
) -> Card:
    """How one wants to be asked."""
    most = limits.most if mine.most is None else min(mine.most, limits.most)
    names = listed((mention(person),) for person in blocked)
    buttons = [
        Button(t("Change"), "vent.settings.form", look=Look.PRIMARY),
        Button(t("Trusted colleagues"), "topics.form"),
    ]
    if Role.SUPERVISOR in me.roles:
        buttons.append(Button(t("The weeks' counts"), "vent.weeks"))
    if Role.ADMIN in me.roles:
        buttons.append(Button(t("Limits for everybody"), "vent.limits"))
    return Card(
        t("When colleagues want to talk"),
        (
            Facts(
                (
                    (t("I like to listen"), _listens_name(mine.listens, t)),
                    (t("At most a day"), (str(most),)),
                    (t("Minutes between two"), (str(limits.gap // timedelta(minutes=1)),)),
                    (t("Never asked by"), names or t("nobody")),
                )
            ),
            Buttons(tuple(buttons)),
            Note(
                t(
                    "Only you see this page. Whoever you don't want to be asked by never learns of "
                    "it; to them it looks as if you had no time."
                )
            ),
        ),
    )


def settings_form(mine: Listener, limits: Limits, blocked: Sequence[Person], t: Texts) -> Form:
    return Form(
        t("Listening to others"),
        "vent.settings.save",
        t("Save"),
        (
            ChoiceField(
                "listens",
                t("Do you like to listen?"),
                tuple(Option(each, _listens_name(each, t)) for each in Listens),
                value=(mine.listens,),
            ),
            NumberField(
                "most",
                t("How often a day, at most?"),
                limits.most if mine.most is None else min(mine.most, limits.most),
                1,
                limits.most,
            ),
            PeopleField(
                "blocked",
                t("Who should never ask you?"),
                tuple(address for person in blocked for address in person.addresses),
                most=MOST_BLOCKED,
                required=False,
                hint=t("They don't learn of it."),
            ),
        ),
    )


def limits_form(limits: Limits, t: Texts) -> Form:
    """The workspace's guard of its listeners."""
    return Form(
        t("Limits for listeners"),
        "vent.limits.save",
        t("Save"),
        (
            NumberField("most", t("Conversations a day, at most"), limits.most, 1, MOST_A_DAY),
            NumberField(
                "gap", t("Minutes between two"), limits.gap // timedelta(minutes=1), 0, LONGEST_GAP
            ),
        ),
    )


def limits_saved(t: Texts) -> Card:
    return Card(
        t("Saved"), (Paragraph(t("Listeners are asked within these limits now.")),), Tone.GOOD
    )


def weeks(found: Sequence[Week], t: Texts) -> Card:
    """Counts of whole weeks: nobody's name, and none where they could be guessed."""
    rows = tuple(
        (
            (Moment(week.start + timedelta(hours=12), Style.DATE),),
            t("too few people to say") if week.shown is None else (str(week.shown),),
        )
        for week in found
    )
    return Card(
        t("Conversations to let off steam, by week"),
        (
            Facts(rows) if rows else Paragraph(t("No whole week has been counted yet.")),
            Note(
                t(
                    "A week is counted once it is over, and shown if five people or more talked. "
                    "Supervisors' own conversations are left out. Who it was is not known."
                )
            ),
        ),
    )


def _listens_name(listens: Listens, t: Texts) -> Line:
    match listens:
        case Listens.GLADLY:
            return t("yes, offer me")
        case Listens.ASKED:
            return t("to those who choose me")
        case Listens.NOT_NOW:
            return t("not these days")
