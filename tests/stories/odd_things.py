"""What stands there when a walk through everything begins: things that take days of a story, of
which each is offered as it is meant to be met."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from handlers.availability.rest import midnight
from handlers.availability.shifts import DayPlan, ShiftSource, plan
from handlers.breaks.model import Break, Breaks, BreakState
from handlers.callers.model import Callers, Promise
from handlers.draft.model import Correction, Corrections
from handlers.escalation.model import Case, Cases, Mode, State
from handlers.kit.language_models import ModelTrouble
from handlers.kit.people import Person
from handlers.kit.rota import Planned, ShiftKind
from handlers.learning.model import CourseKind, Courses
from handlers.library.model import Author, Version
from handlers.offers.model import Offer, Offers, OfferState
from handlers.practice.talking.model import SpokenLine, Talk, Talks
from handlers.shifts.commands import days_of
from handlers.shifts.model import ShiftSwap, ShiftSwaps, SwapState, fingerprint
from handlers.thanks.model import Thanks, ThankYou
from handlers.vents.model import Vent, Vents, VentState, When, Wish
from handlers.voice.pulse.model import Pulse, Round
from handlers.work import Context, Work
from tests.explorer import SOME_DAY, Explorer, Offered

_SHIFT = date.fromisoformat(SOME_DAY)
"""A day on which both work."""


def walk_what_takes_days(explorer: Explorer, anna: Person, colleague: Person, boss: Person) -> None:
    """Anna's, mostly, and nothing of it stays."""
    now, workspace = explorer.now, anna.workspace

    def breaks(state: BreakState) -> Callable[[Work], None]:
        """Anna's break, which waits for others."""
        one = Break("b1", workspace, anna.id, 10, state, now, starts_at=_later(now))
        return lambda work: work.of(Breaks).add(one)

    explorer.given(
        breaks(BreakState.HELD),
        Offered(anna, "break.book", {"break": "b1"}),
    )
    explorer.given(
        breaks(BreakState.ASKING),
        Offered(colleague, "break.cover", {"break": "b1"}),
    )
    explorer.given(
        lambda work: work.of(Callers).put_promise(
            Promise("p1", workspace, "call", anna.id, "c" * 64, None, "I call back", _SHIFT, now)
        ),
        *(
            Offered(anna, does, {"promise": "p1"})
            for does in ("caller.promise", "caller.hand_over")
        ),
        *(
            Offered(anna, does, {"promise": "p1"})
            for does in ("caller.kept", "caller.not_possible")
        ),
    )
    hung_up = Case(
        *("c1", workspace, anna.id, None, "The line is dead", Mode.JOIN, now, (0,), ()),
        state=State.HUNG_UP,
        closed_at=now,
    )
    explorer.given(
        lambda work: work.of(Cases).add(hung_up),
        *(Offered(anna, does, {"case": "c1"}) for does in ("hand.again", "hand.enough")),
    )
    thanked = ThankYou(
        id="t1",
        workspace=workspace,
        giver=boss.id,
        receiver=anna.id,
        words="for the evening",
        indicator=None,
        given_at=now,
    )

    def thanks(work: Work) -> None:
        work.of(Thanks).add(thanked)
        work.of(Thanks).delivered("t1", now)

    explorer.given(thanks, Offered(anna, "thanks.open", {"thanks": "t1"}))
    said = (SpokenLine("Where are you?", 4), SpokenLine("I hear you."))
    talk = Talk(
        *("t1", workspace, anna.id, "bill_twice", 1, "en", now, said),
        trouble=ModelTrouble.SILENT,
    )
    explorer.given(
        lambda work: work.of(Talks).put(talk), Offered(anna, "practice.talk.again", {"talk": "t1"})
    )
    explorer.given(
        lambda work: work.of(Corrections).add(
            Correction("c1", workspace, "bill", "It is in the other drawer", now)
        ),
        Offered(boss, "draft.settled", {"correction": "c1"}),
    )

    def questions(work: Work) -> None:
        """This month's, which are open to everybody."""
        work.of(Pulse).put(Round(workspace, "2026-03", "secret", now + timedelta(days=7)))
        work.of(Pulse).seat_all(workspace)

    explorer.given(questions, Offered(anna, "voice.pulse.open"))
    explorer.given(
        lambda work: work.of(Vents).add(
            Vent(
                *("v1", workspace, anna.id, colleague.id, Wish.LISTEN, When.NOW, "", _later(now)),
                state=VentState.TALKING,
                awaits=False,
                breath=1,
                breath_at=now + timedelta(seconds=5),
            )
        ),
        Offered(anna, "vent.skip", {"vent": "v1"}),
    )

    def link(work: Work) -> None:
        """A course that is learned at an address."""
        kept = work.of(Courses)
        content = tuple(
            replace(one, kind=CourseKind.LINK, link="https://learn.example/voice")
            if one.id == "voice"
            else one
            for one in kept.current(workspace, now).content
        )
        kept.settle(workspace, now)
        assert kept.save(Version(workspace, 2, now, Author(boss.id), content))

    explorer.given(
        link, *(Offered(anna, f"learn.{does}", {"entry": "voice"}) for does in ("begin", "done"))
    )
    over = Offer("over", workspace, anna.id, now, None, state=OfferState.EXPIRED)
    over = replace(over, occasion="billing_fault", version=1, limits_version=1)
    explorer.given(
        lambda work: work.of(Offers).begin(over), Offered(anna, "offer.anew", {"offer": "over"})
    )
    _swaps(explorer, anna, colleague)


def _swaps(explorer: Explorer, anna: Person, colleague: Person) -> None:
    def shifts(work: Work) -> None:
        """One works in the morning, the other in the afternoon; and a swap of the two."""
        starts = midnight(_SHIFT, anna.zone)
        days = [
            DayPlan(who.id, _SHIFT, (_from(starts, hour),), ShiftSource.FILE)
            for who, hour in ((anna, 8), (colleague, 14))
        ]
        plan(work, anna.workspace, days)
        stand = [
            day
            for who in (anna, colleague)
            for day in days_of(who, [_SHIFT], Context(work, explorer.now, explorer.services, who))
        ]
        work.of(ShiftSwaps).put(
            ShiftSwap(
                *("x1", anna.workspace, anna.id, colleague.id, _SHIFT, _SHIFT),
                fingerprint(*stand),
                SwapState.ASKED,
                explorer.now,
            )
        )

    with_it = {"swap": "x1"}
    explorer.given(
        shifts,
        Offered(colleague, "shift.swap.decline", with_it),
        Offered(anna, "shift.swap.back", with_it),
        Offered(colleague, "shift.swap.agree", with_it),
        Offered(anna, "shift.swap", text=f"{colleague.name} {_SHIFT:%d.%m.%Y}"),
    )


def _later(now: datetime) -> datetime:
    return now + timedelta(minutes=20)


def _from(midnight_: datetime, hour: int) -> Planned:
    start = midnight_ + timedelta(hours=hour)
    return Planned(start, start + timedelta(hours=6), _SHIFT, ShiftKind.WORK)
