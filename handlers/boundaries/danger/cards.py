"""What people see of a danger to life: one line on every answer, and the coordinators' form."""

from handlers.boundaries.danger.model import WAY_LIMIT, WAYS_LIMIT, OwnWays, as_lines
from handlers.boundaries.model import FORM_TEXT_LIMIT
from handlers.common.crisis import CrisisNumbers
from handlers.kit.cards import Button, Buttons, Card, Form, Line, Link, Note, Paragraph, TextField
from handlers.kit.ports import Texts


def danger_line(crisis: CrisisNumbers, t: Texts) -> Note:
    """Whom to call, whatever the words were taken for: nobody has to search for it."""
    numbers: list[Link | str] = []
    for number in crisis.numbers:
        numbers += [Link(number.digits, f"tel:{number.digits.replace(' ', '')}"), " · "]
    return Note(t("If a life is in danger: {numbers}", numbers=tuple(numbers[:-1])))


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
                limit=FORM_TEXT_LIMIT,
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
                limit=FORM_TEXT_LIMIT,
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
            Paragraph(t("Try it: write /policy and words that your people would use.")),
            Buttons((Button(t("All boundaries"), "policy"),)),
        ),
    )


def edit_button(t: Texts) -> Button:
    """Leads to the form, beside the boundaries that can be changed."""
    return Button(t("Danger to life: words and numbers"), "policy.danger")
