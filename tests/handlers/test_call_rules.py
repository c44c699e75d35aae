"""Calls as a telephone system tells of them: what is known, whichever event comes first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from handlers.calls.model import (
    Call,
    CallEvent,
    Details,
    Happened,
    Telephone,
    is_news,
    is_told_by_another,
    may_be_told_by_another,
    rung,
    still,
    told,
)
from handlers.common.current_call import Contact
from handlers.kit.callers import Caller
from handlers.kit.people import Person

TEN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TWO_HOURS = timedelta(hours=2)
ANNA, ILZE = Person("01A", "w", "Anna", ()), Person("01B", "w", "Ilze", ())
CALLER = Caller(("r-now", "r-before"), ("o",), ("b",))
NEW = Call("c", "", "mark", TEN)


def at(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def event(kind: Happened, minutes: float = 0, *agents: str, **also: object) -> CallEvent:
    plain = CallEvent(None, "pbx", kind, "17", at(minutes), agents)
    return replace(plain, **also)  # type: ignore[arg-type] # by name


STARTED, ANSWERED = event(Happened.STARTED), event(Happened.ANSWERED, 1)
TRANSFERRED, ENDED = event(Happened.TRANSFERRED, 5), event(Happened.ENDED, 9)

ANNAS = Call("c", "w", "mark", TEN, at(1), Happened.ANSWERED, ANNA.id)
"""The call that she answered."""


class TestTold:
    def test_a_call_from_its_first_ring_to_its_end(self) -> None:
        rings = told(NEW, replace(STARTED, caller=CALLER), None, "bills")
        assert rings == Call("c", "", "mark", TEN, caller="r-now", topic="bills")
        hers = told(rings, ANSWERED, ANNA, None)
        assert hers == replace(
            rings, workspace="w", talked_at=at(1), talked=Happened.ANSWERED, agent=ANNA.id
        )
        went_on = told(hers, TRANSFERRED, ILZE, None)
        assert went_on == replace(
            hers, talked_at=at(5), talked=Happened.TRANSFERRED, agent=ILZE.id, transferred=True
        )
        assert told(went_on, ENDED, ILZE, None) == replace(went_on, ended_at=at(9))

    def test_in_whatever_order_they_come_the_same_is_known(self) -> None:
        events = ((STARTED, None), (ANSWERED, ANNA), (TRANSFERRED, ILZE), (ENDED, None))
        whole = Call(
            *("c", "w", "mark", TEN, at(5), Happened.TRANSFERRED, ILZE.id, at(9)), transferred=True
        )
        for order in permutations(events):
            call = replace(NEW, began_at=order[0][0].at)
            for one, agent in order:
                call = told(call, one, agent, None)
            assert call == whole

    def test_what_was_known_first_stays(self) -> None:
        known = replace(ANNAS, caller="r-first", topic="bills")
        abroad = replace(ILZE, workspace="other")
        started = replace(STARTED, caller=CALLER)
        assert told(known, started, abroad, "meters") == known

    def test_a_transfer_to_nobody_known_leaves_the_call_with_nobody_of_ours(self) -> None:
        assert told(ANNAS, TRANSFERRED, None, None) == replace(
            ANNAS, talked_at=at(5), talked=Happened.TRANSFERRED, agent=None, transferred=True
        )

    def test_an_answer_earlier_than_the_one_known_says_only_when_the_call_began(self) -> None:
        earlier = event(Happened.ANSWERED, -3)
        assert told(ANNAS, earlier, ILZE, None) == replace(ANNAS, began_at=at(-3))

    def test_of_the_same_instant_the_transfer_was_later_than_the_answer(self) -> None:
        transfer = event(Happened.TRANSFERRED, 1)
        hers = replace(ANNAS, talked=Happened.TRANSFERRED, agent=ILZE.id, transferred=True)
        assert told(ANNAS, transfer, ILZE, None) == hers
        assert told(hers, ANSWERED, ANNA, None) == hers

    def test_of_two_answers_at_the_same_instant_one_is_the_later_whichever_comes_first(
        self,
    ) -> None:
        ilzes = replace(ANNAS, agent=ILZE.id)
        assert told(ANNAS, ANSWERED, ILZE, None) == ilzes
        assert told(ilzes, ANSWERED, ANNA, None) == ilzes
        assert told(ANNAS, ANSWERED, None, None) == ANNAS
        assert told(replace(ANNAS, agent=None), ANSWERED, ANNA, None) == ANNAS

    def test_the_last_end_is_the_end(self) -> None:
        over = replace(ANNAS, ended_at=at(9))
        assert told(over, event(Happened.ENDED, 12), None, None).ended_at == at(12)
        assert told(over, event(Happened.ENDED, 7), None, None).ended_at == at(9)

    @pytest.mark.parametrize(
        ("ended_at", "talks"), [(None, True), (at(0.5), True), (at(1), False), (at(2), False)]
    )
    def test_somebody_is_on_it_until_it_ended(self, ended_at: datetime | None, talks: bool) -> None:
        assert replace(ANNAS, ended_at=ended_at).talks is talks

    def test_nobody_is_on_what_nobody_answered(self) -> None:
        assert not NEW.talks


HERS = Telephone(ANNA.id, "w", "mark", Happened.ANSWERED, at(1), at(1) + TWO_HOURS, "pbx")
"""Anna's telephone in the call that she answered."""


class TestTelephone:
    def test_who_answers_is_on_the_telephone_for_so_long_at_most(self) -> None:
        assert rung(None, ANNAS, ANSWERED, ANNA, TWO_HOURS) == HERS

    def test_who_answered_a_call_that_went_on_or_is_over_is_free(self) -> None:
        free = replace(HERS, until=None)
        went_on = told(ANNAS, TRANSFERRED, ILZE, None)
        assert rung(None, went_on, ANSWERED, ANNA, TWO_HOURS) == free
        assert rung(None, told(ANNAS, ENDED, None, None), ANSWERED, ANNA, TWO_HOURS) == free
        again = replace(ANNAS, talked_at=at(2))
        assert rung(None, again, ANSWERED, ANNA, TWO_HOURS) == free
        ilzes = replace(ANNAS, agent=ILZE.id)
        assert rung(None, ilzes, ANSWERED, ANNA, TWO_HOURS) == free

    def test_a_later_call_takes_the_telephone_and_an_earlier_one_leaves_it(self) -> None:
        later = replace(ANNAS, mark="later", talked_at=at(3))
        hers = replace(HERS, call="later", at=at(3), until=at(3) + TWO_HOURS)
        assert rung(HERS, later, event(Happened.ANSWERED, 3), ANNA, TWO_HOURS) == hers
        assert rung(hers, ANNAS, ANSWERED, ANNA, TWO_HOURS) == hers

    def test_of_two_calls_at_the_same_instant_one_is_the_later_whichever_comes_first(self) -> None:
        taken_over = replace(ANNAS, mark="a", talked=Happened.TRANSFERRED)
        transfer = event(Happened.TRANSFERRED, 1)
        hers = replace(HERS, call="a", kind=Happened.TRANSFERRED)
        assert rung(HERS, taken_over, transfer, ANNA, TWO_HOURS) == hers
        assert rung(hers, ANNAS, ANSWERED, ANNA, TWO_HOURS) == hers
        other = replace(ANNAS, mark="other")
        others = replace(HERS, call="other")
        assert rung(HERS, other, ANSWERED, ANNA, TWO_HOURS) == others
        assert rung(others, ANNAS, ANSWERED, ANNA, TWO_HOURS) == others

    def test_the_same_answer_twice_frees_whoever_the_call_left(self) -> None:
        assert rung(HERS, ANNAS, ANSWERED, ANNA, timedelta(hours=9)) == HERS
        went_on = told(ANNAS, TRANSFERRED, ILZE, None)
        assert rung(HERS, went_on, ANSWERED, ANNA, TWO_HOURS) == replace(HERS, until=None)

    def test_it_is_free_once_its_call_is_over_or_somebody_else_s(self) -> None:
        free = replace(HERS, until=None)
        assert still(HERS, ANNAS) == HERS
        assert still(HERS, told(ANNAS, ENDED, None, None)) == free
        assert still(HERS, replace(ANNAS, agent=ILZE.id)) == free
        assert still(HERS, replace(ANNAS, mark="another", agent=ILZE.id)) == HERS
        assert still(free, ANNAS) == free


FIRST = Contact(TEN, "chat", "bills", "solved")


def test_what_comes_with_a_call_is_added_to_what_came_before() -> None:
    first = event(Happened.STARTED, caller=CALLER, case="C-1")
    later = event(Happened.ANSWERED, history=(FIRST,), history_url="https://crm/1")
    known = Details().with_(first)
    assert known == Details(CALLER, "C-1")
    assert known.with_(later) == Details(CALLER, "C-1", (FIRST,), "https://crm/1")
    other = replace(CALLER, remembering=("r2",))
    second = replace(FIRST, outcome="open")
    anew = event(
        Happened.TRANSFERRED,
        caller=other,
        case="C-2",
        history=(second,),
        history_url="https://crm/2",
    )
    assert known.with_(later).with_(anew) == Details(other, "C-2", (second,), "https://crm/2")
    assert known.with_(later).with_(ENDED) == Details(CALLER, "C-1", (FIRST,), "https://crm/1")


@pytest.mark.parametrize(
    ("call", "kind", "agents", "agent", "expected"),
    [
        (None, Happened.ANSWERED, (ANNA.id,), ANNA, False),
        (NEW, Happened.ANSWERED, (ANNA.id,), ANNA, False),
        (ANNAS, Happened.STARTED, (), None, False),
        # answered once more by herself, and by a colleague to whom it had gone
        (ANNAS, Happened.ANSWERED, (ANNA.id,), ANNA, False),
        (ANNAS, Happened.ANSWERED, (ILZE.id,), ILZE, True),
        (ANNAS, Happened.TRANSFERRED, (ILZE.id,), ILZE, True),
        (ANNAS, Happened.TRANSFERRED, ("x",), None, True),
        # it ends with whoever has it, or with nobody named; not with whom it left
        (ANNAS, Happened.ENDED, (ANNA.id,), ANNA, True),
        (ANNAS, Happened.ENDED, (), None, True),
        (ANNAS, Happened.ENDED, (ILZE.id,), ILZE, False),
        (ANNAS, Happened.ENDED, ("x",), None, False),
    ],
)
def test_what_comes_again_is_news_where_it_tells_something_else(
    call: Call | None,
    kind: Happened,
    agents: tuple[str, ...],
    agent: Person | None,
    expected: bool,
) -> None:
    assert is_news(call, event(kind, 6, *agents), agent) is expected


NUMBER, OTHERS = Caller(("n", "last"), ("o",), ("x",)), Caller(("m",), ("p",), ("y",))
OF_A_BRIDGE = replace(ANSWERED, source="cti", call="z1", at=at(1.2), caller=NUMBER)
OVER = replace(HERS, until=None)


@pytest.mark.parametrize(
    ("telephone", "caller", "told_now", "is_the_same"),
    [
        (HERS, "n", OF_A_BRIDGE, True),
        (HERS, "last", replace(OF_A_BRIDGE, at=at(0.8)), True),
        (OVER, "n", OF_A_BRIDGE, True),
        (HERS, None, OF_A_BRIDGE, True),
        (HERS, "n", replace(OF_A_BRIDGE, caller=None), True),
        (OVER, None, OF_A_BRIDGE, False),
        (HERS, "n", replace(OF_A_BRIDGE, caller=OTHERS), False),
        (HERS, "n", replace(OF_A_BRIDGE, at=at(1.3)), False),
        (HERS, "n", replace(OF_A_BRIDGE, source="pbx"), False),
    ],
)
def test_two_systems_tell_of_one_call(
    telephone: Telephone, caller: str | None, told_now: CallEvent, is_the_same: bool
) -> None:
    told_before = may_be_told_by_another(telephone, told_now)
    assert (told_before and is_told_by_another(telephone, caller, told_now)) is is_the_same
