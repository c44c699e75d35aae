"""What stays in a group, as it is asked, read and changed."""

from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Form,
    Look,
    Note,
    Paragraph,
    Part,
    TextField,
    Tone,
)
from handlers.kit.ports import Texts
from handlers.supervision.agreement.model import LONGEST_AGREEMENT
from handlers.supervision.groups.model import Group
from handlers.supervision.shared.cards import quoted


def agreement(group: Group, t: Texts, *, cycle: str, has_agreed: bool) -> Card:
    """What stays in the group, and where that ends; asked anew in each cycle and version."""
    values = {"group": group.id, "cycle": cycle, "version": str(group.agreement_version)}
    title = t("{group}: what stays here", group=group.name)
    text = agreement_text(group, t)
    if has_agreed:
        said = Paragraph(t("You have agreed. It is asked anew with the next cycle."))
        return Card(title, (*text, said), Tone.GOOD)
    return Card(
        title,
        (
            *text,
            Buttons(
                (
                    Button(t("I agree"), "session.agree", values, Look.PRIMARY),
                    Button(t("I don't agree"), "session.disagree", values),
                )
            ),
            Note(
                t(
                    "That you agreed is kept for two years, with version {n} of the text. Nobody "
                    "is told who has not.",
                    n=group.agreement_version,
                )
            ),
        ),
    )


def agreement_only(group: Group, t: Texts) -> Card:
    """Between two cycles: to be read, and asked for with the next one."""
    title = t("{group}: what stays here", group=group.name)
    said = Paragraph(t("It is asked when the next cycle begins."))
    return Card(title, (*agreement_text(group, t), said, Note(t("Only you see this."))))


def agreement_text(group: Group, t: Texts) -> tuple[Part, ...]:
    """The group's own words, or ours; the limits are the law's and always stand below."""
    own: tuple[Part, ...] = (
        quoted(group.agreement)
        if group.agreement
        else (
            Bullets(
                (
                    t("What is said here stays here: no names and no stories outside."),
                    t("Customers have no names here either."),
                    t("Everybody speaks for themselves. Nobody has to tell anything."),
                    t("No recordings. Notes only of what we agree on, never of what was said."),
                    t("Managers hear nothing of it. Coordinators see dates and how many came."),
                )
            ),
        )
    )
    return (
        *own,
        Paragraph(t("Where that ends:")),
        Bullets(
            (
                t("Somebody's life or health is in danger: then we get help, with you if we can."),
                t("A child is being harmed: that has to be reported, the law asks it of us all."),
                t("A court or the law demands it."),
                t("Your own part you may always tell, to whom you like."),
            )
        ),
    )


def disagreed(group: Group, t: Texts) -> Card:
    return Card(
        t("That is all right"),
        (
            Paragraph(
                t(
                    "The others rely on it, so the cases stay closed to you until you agree. You "
                    "keep your seat and can agree any time before the session."
                )
            ),
            Paragraph(t("Until then somebody leads the session who has agreed.")),
            Paragraph(
                t("If something in it troubles you, tell the coordinator: the text can change.")
            ),
            Buttons(
                (
                    Button(t("Read it again"), "session.agreement", {"group": group.id}),
                    Button(t("Leave the group"), "supervision.leave", {"group": group.id}),
                )
            ),
            Note(t("Nobody is told, and nothing was written down.")),
        ),
    )


def agreement_form(group: Group, t: Texts) -> Form:
    return Form(
        t("The agreement"),
        "session.agreement.save",
        t("Save"),
        (
            TextField(
                "text",
                t("What stays in this group"),
                group.agreement,
                limit=LONGEST_AGREEMENT,
                multiline=True,
                required=False,
                hint=t("Leave it empty for Plecs' own text. Its limits always stand below."),
            ),
        ),
        values={"group": group.id},
        intro=(Note(t("With a new text everybody is asked for it anew.")),),
    )


def agreement_saved(group: Group, t: Texts) -> Card:
    return Card(
        t("Saved as version {n}", n=group.agreement_version),
        (*agreement_text(group, t), Paragraph(t("Who has joined is asked for it now."))),
        Tone.GOOD,
    )
