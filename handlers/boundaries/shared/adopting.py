"""The room in which boundaries are adopted, and the press that does it where one is shown."""

from handlers.boundaries.model import Policies
from handlers.boundaries.plain import POLICIES
from handlers.kit.cards import Line
from handlers.kit.ports import Texts, mark
from handlers.library.adopting import Adopting, Wording


def _drafts(n: int, t: Texts) -> Line:
    return t.many("{n} boundary is a draft", "{n} boundaries are drafts", n)


ADOPTING = Adopting(
    POLICIES,
    Policies,
    Wording(
        refusal=mark("Coordinators adopt boundaries. Tell one that these are still drafts."),
        everything=mark("All boundaries"),
        drafts=_drafts,
        all_adopted=mark("Every boundary is adopted"),
        meaning=mark(
            "What comes with Plecs is a draft. Agents see that nobody stands behind it. Read it "
            "with whoever answers for the company, change what does not fit, and adopt it."
        ),
        again=mark("Whoever changes a boundary makes it a draft again, until it is adopted."),
        in_your_name=mark(
            "You say, with your name and today’s date on every card, that the company stands "
            "behind this: the sentences, that a call may be ended, and who answers a complaint."
        ),
        changed_meanwhile=mark(
            "The boundaries were changed meanwhile. Read them again before you adopt them."
        ),
        adopt=mark("Say that a boundary holds for everybody"),
    ),
    lambda behaviour: {"behaviour": behaviour, "whole": "1"},
)
