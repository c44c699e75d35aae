"""What people see of a danger to life: one line on every answer, and the coordinators' form."""

from handlers.boundaries.danger.model import as_lines
from handlers.common.crisis import CrisisNumbers
from handlers.common.danger import WAY_LIMIT, WAYS_LIMIT, OwnWays
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Form,
    Line,
    Paragraph,
    TextField,
    ToType,
)
from handlers.kit.ports import Texts
from handlers.library.model import LINES_TOGETHER


def form(own: OwnWays, crisis: CrisisNumbers, t: Texts) -> Form:
    """The words that lead to the emergency card, and the numbers on every card."""
    return Form(
        t("Danger to life"),
        "policy.danger.save",
        t("Save"),
        (
            TextField(
                "ways",
                t("Words that mean it here, a line each"),
                "\n".join(own.ways),
                limit=LINES_TOGETHER,
                multiline=True,
                required=False,
                hint=t(
                    "Plecs knows many already. All words of a line must be said, or what they "
                    "begin with: “substation smoke”."
                ),
            ),
            TextField(
                "numbers",
                t("Numbers to call, a line each"),
                as_lines(crisis),
                limit=LINES_TOGETHER,
                multiline=True,
                hint=t("The number, what it is for in Latvian, and in English, with bars between."),
            ),
        ),
    )


def too_many(t: Texts) -> Line:
    return t("At most {n} lines of at most {limit} characters.", n=WAYS_LIMIT, limit=WAY_LIMIT)


def saved(t: Texts) -> Card:
    return Card(
        t("Kept. It holds from now on."),
        (
            Paragraph(
                t(
                    "Try it: write {typed} and words that your people would use.",
                    typed=ToType("policy"),
                )
            ),
            Buttons((Button(t("All boundaries"), "policy"),)),
        ),
    )
