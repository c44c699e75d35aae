"""Breaks, told as the days on which they happened."""

import asyncio
import itertools
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.texts import texts
from handlers.breaks import cards
from handlers.breaks.model import Breaks, Return, State
from handlers.kit.cards import Card, Form, Link, Moment, Reply, Style
from handlers.kit.hours import parse_hours
from handlers.kit.people import UNTIL_BACK, Person, Role
from storage.work import SqlWork
from tests.world import MONDAY_TEN, World, button_labels, lines, open_world, plain


def card(reply: Reply) -> Card:
    assert isinstance(reply, Card), reply
    return reply


def title(reply: Reply) -> str:
    return plain(card(reply).title)


async def kept(world: World) -> list[object]:
    """Everything that is kept of breaks, to see that nothing was changed."""

    def rows(work: SqlWork) -> list[object]:
        return [
            tuple(row)
            for table in ("breaks", "break_covers", "break_offers", "break_habits", "outbox")
            for row in work.connection.exec_driver_sql(f"SELECT * FROM {table}")  # noqa: S608 - ours
        ]

    return await world.engine.database.read(rows)


async def on_break(world: World, *people: Person) -> set[str]:
    ids = [person.id for person in people]
    found = await world.engine.database.read(lambda work: work.of(Breaks).on_break(ids, world.now))
    return {person.name for person in people if person.id in found}


@pytest.fixture
async def office(world: World) -> World:
    """Two agents on the line, and a supervisor who isn't counted."""
    await world.person("Anna")
    await world.person("Janis")
    await world.person("Liga", Role.SUPERVISOR)
    return world


async def test_a_break_from_the_first_tap_to_being_back(office: World) -> None:
    chosen = await office.says("Anna", "/break")
    assert button_labels(card(chosen)) == [
        *("1 min", "5 min", "10 min", "15 min", "Until I'm back"),
        *("1 min after the call", "5 min after the call", "10 min after the call"),
        *("15 min after the call", "After it, until I'm back", "Somebody to call"),
    ]
    begun = await office.presses("Anna", "10 min")
    assert title(begun) == "Your break, until <time>"
    assert button_labels(card(begun)) == [
        *("I'm back", "Somebody to call", "Another idea", "No suggestions")
    ]
    await forward(office, minutes=9, seconds=59)
    assert office.titles("Anna") == []
    await forward(office, seconds=1)
    assert office.titles("Anna") == ["Your break is over. How do you come back?"]
    assert button_labels(office.inbox("Anna")[0]) == [
        *("Available", "To desk work", "5 minutes more", "Let off steam", "Somebody to call")
    ]
    assert await office.presses("Anna", "Available") is None
    assert office.titles("Anna") == ["Good to have you back"]
    await forward(office, hours=5)
    assert len(office.inbox("Anna")) == 1, "one message, and no other"


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("/break 10", 10),
        ("/break 10 min", 10),
        ("/break 5m", 5),
        ("/plecs break 15 minutes", 15),
        ("/plecs pauze 10 minūtes", 10),
        ("/break 1 h", 60),
    ],
)
async def test_a_break_as_people_type_it(office: World, typed: str, minutes: int) -> None:
    assert title(await office.says("Anna", typed)) == "Your break, until <time>"
    await forward(office, minutes=minutes, seconds=-1)
    assert office.titles("Anna") == []
    await forward(office, seconds=1)
    assert office.titles("Anna") == ["Your break is over. How do you come back?"]


async def test_until_i_am_back_ends_when_they_say_so(office: World) -> None:
    begun = await office.says("Anna", "/break until I'm back")
    assert title(begun) == "Your break, until you are back"
    await forward(office, hours=2)
    assert title(await office.says("Janis", "/break 5")) == "Not this minute"
    assert title(await office.says("Anna", "/plecs back")) == "Good to have you back"
    await forward(office, hours=3)
    assert office.titles("Anna") == [], "who came back is not asked how"


async def test_in_latvian(office: World) -> None:
    await office.person("Liene", locale="lv")
    assert title(await office.says("Liene", "/plecs pauze 10 min")) == "Jūsu pauze līdz <time>"
    assert title(await office.says("Liene", "/break atpakaļ")) == "Labi, ka atkal esat šeit"


FAULTS = {
    "/break 500": (
        "A break is at most 60 minutes. For longer: /plecs away 2 h",
        "Pauze ir ne ilgāka par 60 minūtēm. Ilgākai prombūtnei: /plecs prom 2 h",
    ),
    "/break 3 h": (
        "A break is at most 60 minutes. For longer: /plecs away 2 h",
        "Pauze ir ne ilgāka par 60 minūtēm. Ilgākai prombūtnei: /plecs prom 2 h",
    ),
    "/break -1": (
        "A break is at least one minute. /break 5 is a good one.",
        "Pauze ir vismaz vienu minūti gara. Der, piemēram, /break 5.",
    ),
    "/break 0": (
        "A break is at least one minute. /break 5 is a good one.",
        "Pauze ir vismaz vienu minūti gara. Der, piemēram, /break 5.",
    ),
    "/break tomorrow": (
        "A break is now. For other days: /plecs away until Monday",
        "Pauze sākas tūlīt. Prombūtnei citās dienās: /plecs prom līdz pirmdienai",
    ),
    "/break rītdien": (
        "A break is now. For other days: /plecs away until Monday",
        "Pauze sākas tūlīt. Prombūtnei citās dienās: /plecs prom līdz pirmdienai",
    ),
    "/break soonish": (
        "I can't tell how many minutes that is. Write /break 10, or /break alone.",
        "Nesaprotu, cik minūšu tas ir. Rakstiet /break 10 vai tikai /break.",
    ),
    "/break 1e3": (
        "I can't tell how many minutes that is. Write /break 10, or /break alone.",
        "Nesaprotu, cik minūšu tas ir. Rakstiet /break 10 vai tikai /break.",
    ),
    "/break back": (
        "You are not on a break. /break 10 begins one.",
        "Jums pašlaik nav pauzes. To sāk /break 10.",
    ),
    "/break team": (
        "Who is away is shown to supervisors. When you are, they see it.",
        "Kas ir prom, redz vadītāji. Ja prom esat jūs, viņi to redz.",
    ),
}


@pytest.mark.parametrize("typed", FAULTS)
async def test_what_cannot_be_is_answered_kindly_and_changes_nothing(
    office: World, typed: str
) -> None:
    await office.person("Liene", locale="lv")
    before = await kept(office)
    assert (
        title(await office.says("Anna", typed)),
        title(await office.says("Liene", typed)),
    ) == FAULTS[typed]
    assert await kept(office) == before


async def test_a_break_while_on_a_break_changes_nothing(office: World) -> None:
    await office.person("Liene", locale="lv")
    await office.says("Anna", "/break 10")
    await office.person("Karlis")
    await office.says("Liene", "/break until back")
    before = await kept(office)
    again = await office.says("Anna", "/break 5")
    assert title(again) == "You are on a break already, until <time>."
    assert button_labels(card(again)) == ["I'm back"]
    latvian = await office.says("Liene", "/break 5")
    assert title(latvian) == "Jums jau ir pauze, līdz atgriezīsieties."
    assert await kept(office) == before


async def test_a_press_on_an_old_card_changes_nothing(office: World) -> None:
    first = await office.says("Anna", "/break 1")
    await forward(office, minutes=1)
    await office.presses("Anna", "Available")
    await forward(office, hours=1)
    before = await kept(office)
    reply = await office.presses("Anna", "I'm back", card(first))
    assert title(reply) == "You are not on a break. /break 10 begins one."
    assert await kept(office) == before
    await office.says("Anna", "/break 5")
    assert title(await office.presses("Anna", "I'm back", card(first))) == (
        "That is long over. /break begins a new one."
    )


async def test_the_ways_back(office: World) -> None:
    for _ in range(2):
        await office.person(f"More{_}")
    anna = await office.known("Anna")
    await office.says("Anna", "/break 5")
    await forward(office, minutes=5)
    await office.presses("Anna", "5 minutes more")
    assert office.titles("Anna") == ["A little more, then."]
    assert await on_break(office, anna) == {"Anna"}
    await forward(office, minutes=5)
    assert office.titles("Anna")[1] == "Your break is over. How do you come back?"
    await office.presses("Anna", "To desk work")
    assert office.titles("Anna")[1] == "Desk work, until <time>"
    assert await on_break(office, anna) == set()
    desk = await office.engine.database.read(lambda work: work.of(Breaks).live_of(anna.id))
    assert desk is not None
    assert (desk.state, desk.back_as) == (State.DESK, Return.DESK)
    reply = await office.presses("Anna", "Back on the line")
    assert title(reply) == "Good to have you back"
    assert await office.engine.database.read(lambda work: work.of(Breaks).live_of(anna.id)) is None


async def test_on_a_break_nobody_is_pinged(office: World) -> None:
    await office.person("Karlis", topics=("contracts",))
    await office.says("Karlis", "/break 10")
    await office.says("Anna", "/hand contracts")
    await forward(office, minutes=5)
    assert office.titles("Karlis") == []
    assert office.titles("Liga") == ["Anna needs a colleague", "Anna is still waiting"]


async def test_a_break_that_begins_ends_the_pings_that_wait(office: World) -> None:
    await office.person("Karlis", topics=("contracts",))
    await office.says("Anna", "/hand contracts")
    assert office.titles("Karlis") == ["Anna needs a colleague"]
    await office.says("Karlis", "/break 10")
    assert office.titles("Liga") == ["Anna needs a colleague"], "the ring goes on at once"
    await forward(office, minutes=5)
    assert office.titles("Karlis") == ["Anna needs a colleague"], "no reminder on a break"
    assert button_labels(office.inbox("Karlis")[0]) == ["I can come after all"]


async def test_after_a_solved_hand_a_break_is_offered_once_and_lapses(office: World) -> None:
    await office.says("Anna", "/hand")
    await forward(office, seconds=30)
    await office.presses("Liga", "I'm coming")
    await office.presses("Anna", "Solved")
    assert office.titles("Anna")[-1] == "Liga is on the way", "first what was good about it"
    await forward(office, seconds=10)
    offers = [one for one in office.titles("Anna") if one.startswith("The call is over")]
    assert offers == ["The call is over. A break?"]
    assert office.titles("Liga")[-1] == "Solved. Thank you for being there."
    offered = office.inbox("Anna")[-1]
    await forward(office, minutes=4, seconds=59)
    assert office.titles("Anna")[-1] == "The call is over. A break?"
    await forward(office, seconds=1)
    assert office.titles("Anna")[-1] == "A break is there whenever you want one: /break"
    assert button_labels(office.inbox("Anna")[-1]) == []
    before = await kept(office)
    late = await office.presses("Anna", "5 min", offered)
    assert title(late) == ("That offer was for right after the call. /break works at any time.")
    assert await kept(office) == before


async def test_an_offer_is_taken_or_declined(office: World) -> None:
    await solved_hand(office)
    assert button_labels(office.inbox("Anna")[-1]) == [
        *("5 min", "10 min", "15 min", "Until I'm back"),
        *("No, thank you", "Let off steam", "Somebody to call"),
    ]
    taken = await office.presses("Anna", "10 min", office.inbox("Anna")[-1])
    assert title(taken) == "Your break, until <time>"
    assert button_labels(office.inbox("Anna")[-1]) == [], "the offer is taken"
    await forward(office, hours=1)
    await solved_hand(office)
    assert await office.presses("Anna", "No, thank you") is None
    assert office.titles("Anna")[-1] == "A break is there whenever you want one: /break"


async def test_a_hand_and_a_receipt_in_one_call_are_one_offer(office: World) -> None:
    await office.says("Anna", "/hand")
    await forward(office, seconds=61)
    await office.presses("Janis", "I'm coming")
    await end_a_call(office)
    await forward(office, minutes=20)
    await office.presses("Anna", "Solved")
    offers = [m for m in office.inbox("Anna") if "break" in plain(m.title).lower()]
    assert len(offers) == 1
    await forward(office, minutes=30)
    await end_a_call(office)
    assert office.titles("Anna")[-1] == "The call is over. A break?", "another call"


async def test_after_this_call_begins_when_the_call_is_over(office: World) -> None:
    anna = await office.known("Anna")
    await office.says("Anna", "/break")
    wished = await office.presses("Anna", "15 min after the call")
    assert title(wished) == "Your break comes after this call"
    assert await on_break(office, anna) == set()
    await solved_hand(office)
    assert office.titles("Anna")[-1] == "Your break, until <time>"
    assert await on_break(office, anna) == {"Anna"}
    await forward(office, minutes=15)
    assert office.titles("Anna")[-2:] == [
        "This break is over.",
        "Your break is over. How do you come back?",
    ]


async def test_a_wish_is_begun_by_hand_dropped_or_lapses(office: World) -> None:
    anna = await office.known("Anna")
    await office.says("Anna", "/break")
    await office.presses("Anna", "5 min after the call")
    assert title(await office.presses("Anna", "Begin now")) == "Your break, until <time>"
    await office.presses("Anna", "I'm back")
    await office.presses("Anna", "5 min after the call")
    assert title(await office.presses("Anna", "Never mind")).startswith("Forgotten.")
    await office.presses("Anna", "5 min after the call")
    await forward(office, hours=2)
    assert await office.engine.database.read(lambda work: work.of(Breaks).live_of(anna.id)) is None
    assert office.titles("Anna") == [], "quietly"


async def test_two_at_once_would_leave_nobody(office: World) -> None:
    janis = await office.known("Janis")
    await office.says("Anna", "/break 10")
    held = await office.says("Janis", "/break 5")
    assert lines(card(held)) == (
        "Not this minute\nIf you go now, too few would be left for the callers.\n"
        "The next free start is <time>.\n"
        "Whoever is asked for cover sees your name and the minutes, nothing else."
    )
    assert button_labels(card(held)) == [
        *("At <time>", "Ask for cover", "I was threatened", "Never mind", "Somebody to call")
    ]
    assert title(await office.presses("Janis", "At <time>")) == "Your break begins at <time>"
    await forward(office, minutes=9, seconds=59)
    assert await on_break(office, janis) == set()
    await forward(office, seconds=1)
    assert await on_break(office, janis) == {"Janis"}
    assert office.titles("Janis") == ["Your break, until <time>"]
    still = await office.says("Anna", "/break 5")
    assert title(still) == "Not this minute"


async def test_a_booked_place_is_kept(office: World) -> None:
    await office.person("Karlis")
    await set_rule(office, keep=2)
    await office.says("Anna", "/break 10")
    await office.says("Janis", "/break 10")
    await office.presses("Janis", "At <time>")
    await forward(office, minutes=5)
    await office.says("Anna", "/break back")
    fits = await office.says("Karlis", "/break 5")
    assert title(fits) == "Your break, until <time>", "five minutes end when the booked one begins"
    await office.says("Karlis", "/break back")
    clash = await office.says("Karlis", "/break 10")
    assert title(clash) == "Not this minute"
    again = await office.says("Janis", "/break 10")
    assert title(again) == "Your break, until <time>", "a booking doesn't stand in one's own way"


async def test_a_colleague_covers_with_one_tap(office: World) -> None:
    anna, janis = await office.known("Anna"), await office.known("Janis")
    await office.says("Anna", "/break 10")
    await office.says("Janis", "/break 5")
    asked = await office.presses("Janis", "Ask for cover")
    assert title(asked) == "1 colleague is asked for cover"
    assert office.titles("Liga") == ["Can you cover for Janis?"]
    assert office.titles("Anna") == [], "nobody on a break is asked"
    await office.presses("Liga", "I'll cover")
    assert office.titles("Janis") == ["Your break, until <time>"]
    assert "Liga covers for you meanwhile." in lines(office.inbox("Janis")[0])
    assert await on_break(office, anna, janis) == {"Anna", "Janis"}

    committed = await office.says("Liga", "/break 5")
    assert lines(card(committed)).splitlines()[:3] == [
        "Not this minute",
        "You cover for Janis just now.",
        "The next free start is <time>.",
    ]
    await forward(office, minutes=5)
    assert office.titles("Liga") == ["No cover is needed any more. Thank you."]
    assert title(await office.says("Liga", "/break 5")) == "Your break, until <time>"


async def test_of_two_who_cover_at_once_one_does(office: World) -> None:
    await office.person("Marta", Role.SUPERVISOR)
    await office.says("Anna", "/break 10")
    await office.says("Janis", "/break 5")
    await office.presses("Janis", "Ask for cover")
    replies = await asyncio.gather(
        office.presses("Liga", "I'll cover"), office.presses("Marta", "I'll cover")
    )
    assert [title(reply) for reply in replies if reply] == [
        "No cover is needed any more. Thank you."
    ]
    covers = "You cover for Janis until <time>"
    assert [office.titles(user)[-1] for user in ("Liga", "Marta")].count(covers) == 1


async def test_nobody_covers_and_the_asker_hears_it_in_five_minutes(office: World) -> None:
    await office.says("Anna", "/break 10")
    await office.says("Janis", "/break 5")
    await office.presses("Janis", "Ask for cover")
    said = await office.presses("Liga", "Not now")
    assert title(said) == "That is all right. Nobody sees that you said so."
    await forward(office, minutes=4, seconds=59)
    assert office.titles("Janis") == []
    await forward(office, seconds=1)
    assert office.titles("Janis") == ["Nobody can cover right now"]
    assert button_labels(office.inbox("Janis")[0]) == [
        "At <time>",
        "Never mind",
        "Somebody to call",
    ]
    assert office.titles("Liga") == ["No cover is needed any more. Thank you."]
    await office.presses("Janis", "At <time>")
    await forward(office, minutes=5)
    assert office.titles("Janis")[-1] == "Your break, until <time>"


async def test_a_desk_worker_of_the_team_covers_from_the_line(office: World) -> None:
    await office.person("Karlis")
    await set_rule(office, keep=1)
    await office.says("Karlis", "/break 1")
    await office.says("Karlis", "/break back")
    await office.presses("Karlis", "To desk work")
    await office.says("Anna", "/break 15")
    held = await office.says("Janis", "/break 5")
    assert title(held) == "Not this minute", "desk work is not the line"
    await office.presses("Janis", "Ask for cover")
    assert office.titles("Karlis") == ["Can you cover for Janis?"]
    await office.presses("Karlis", "I'll cover")
    assert office.titles("Janis") == ["Your break, until <time>"]
    assert "You cover for Janis" in lines(card(await office.says("Karlis", "/break 5")))


async def test_desk_work_keeps_to_the_same_rule(office: World) -> None:
    await office.says("Anna", "/break 5")
    await forward(office, minutes=5)
    await office.says("Janis", "/break 15")
    refused = await office.presses("Anna", "To desk work")
    assert title(refused) == (
        "Too few would be left for the callers. Please come back to the line first."
    )


async def test_after_a_threat_or_an_ended_call_a_break_waits_for_nobody(office: World) -> None:
    anna, janis = await office.known("Anna"), await office.known("Janis")
    await office.says("Janis", "/break 15")
    await end_a_call(office)
    offer = office.inbox("Anna")[-1]
    assert title(await office.presses("Anna", "5 min", offer)) == "Your break, until <time>"
    assert await on_break(office, anna, janis) == {"Anna", "Janis"}
    await office.says("Anna", "/break back")
    assert title(await office.says("Anna", "/break 10")) == "Your break, until <time>", "typed, too"
    await office.says("Anna", "/break back")
    await office.says("Janis", "/break back")
    await forward(office, minutes=31)
    await office.says("Janis", "/break 15")
    assert title(await office.says("Anna", "/break 10")) == "Not this minute"
    threatened = await office.presses("Anna", "I was threatened")
    assert title(threatened) == "Your break, until <time>"


async def test_the_setting_can_make_them_wait(office: World) -> None:
    await set_rule(office, hard_first="no")
    await office.says("Janis", "/break 15")
    await end_a_call(office)
    held = await office.presses("Anna", "5 min", office.inbox("Anna")[-1])
    assert title(held) == "Not this minute"
    assert "I was threatened" not in button_labels(card(held))


async def test_a_team_is_those_with_the_same_manager(world: World) -> None:
    for user, manager in (("Anna", "Liga"), ("Janis", "Liga"), ("Ilze", "Marta"), ("Eva", "Marta")):
        await world.person(user, manager=manager)
    await world.person("Liga", Role.SUPERVISOR)
    await world.person("Marta", Role.SUPERVISOR)
    for user in ("Anna", "Ilze"):
        assert title(await world.says(user, "/break 10")) == "Your break, until <time>"
    for user in ("Janis", "Eva"):
        assert title(await world.says(user, "/break 10")) == "Not this minute"
    await world.presses("Janis", "Ask for cover")
    seen = await world.says("Liga", "/break team")
    assert lines(card(seen)) == (
        "1 person is away\nAnna – away until <time>\n"
        "Breaks and absences look alike here. Why somebody is away is theirs."
    )


async def test_a_break_and_an_absence_look_alike_to_a_supervisor(office: World) -> None:
    await office.person("Karlis", away_until=MONDAY_TEN + timedelta(minutes=10))
    await office.person("Vita", away_until=UNTIL_BACK)
    await office.says("Anna", "/break 10")
    seen = lines(card(await office.says("Liga", "/break team"))).splitlines()
    assert seen[0] == "3 people are away"
    assert seen[1:4] == [
        "Anna – away until <time>",
        "Karlis – away until <time>",
        "Vita – away",
    ]


async def test_who_is_back_on_another_day_is_shown_with_the_day(office: World) -> None:
    tonight = MONDAY_TEN + timedelta(hours=10)
    await office.person("Karlis", away_until=tonight)
    await office.person("Vita", away_until=MONDAY_TEN + timedelta(days=7))
    seen = card(await office.says("Liga", "/break team"))
    moments = [
        span
        for part in seen.parts
        for line in getattr(part, "items", ())
        for span in line
        if isinstance(span, Moment)
    ]
    assert moments == [
        Moment(tonight),
        Moment(MONDAY_TEN + timedelta(days=7), Style.DATETIME),
    ]


async def test_alone_on_duty_one_may_take_a_break(world: World) -> None:
    await world.person("Anna")
    await world.person("Janis", hours=parse_hours("Mon-Fri 12:00-20:00"))
    assert title(await world.says("Anna", "/break 10")) == "Your break, until <time>"


async def test_when_no_start_is_free_the_answer_says_so(office: World) -> None:
    await set_rule(office, keep=2)
    held = await office.says("Anna", "/break 10")
    assert lines(card(held)).splitlines()[:3] == [
        "Not this minute",
        "If you go now, too few would be left for the callers.",
        "I see no free start in the next four hours. Your supervisor can change that.",
    ]
    assert button_labels(card(held))[0] == "Ask for cover"


async def test_a_share_of_those_on_duty_stays(world: World) -> None:
    for number in range(10):
        await world.person(f"P{number}")
    await set_rule(world, keep=0, share=75)
    answers = [title(await world.says(f"P{number}", "/break 10")) for number in range(4)]
    assert answers == ["Your break, until <time>"] * 2 + ["Not this minute"] * 2


async def test_a_booked_break_waits_for_the_call_that_is_on(office: World) -> None:
    anna = await office.known("Anna")
    await office.says("Janis", "/break 10")
    await office.says("Anna", "/break 5")
    await office.presses("Anna", "At <time>")
    await office.says("Anna", "/hand")
    await forward(office, seconds=31)
    await office.presses("Liga", "I'm coming")
    await forward(office, minutes=10)
    assert await on_break(office, anna) == set()
    await office.presses("Anna", "Solved")
    assert await on_break(office, anna) == {"Anna"}


async def test_suggestions_fit_take_turns_and_can_be_turned_off(office: World) -> None:
    def tip_of(reply: Reply) -> str:
        return lines(card(reply)).splitlines()[1]

    first = tip_of(await office.says("Anna", "/break 10"))
    second = tip_of(await office.presses("Anna", "Another idea"))
    assert first.startswith("Breathe in for four") is False, "for ten minutes there is better"
    assert first != second
    off = await office.presses("Anna", "No suggestions")
    assert "Suggest something" in button_labels(card(off))
    assert "Another idea" not in button_labels(card(off))
    await office.says("Anna", "/break back")
    quiet = await office.says("Anna", "/break 5")
    assert "Another idea" not in button_labels(card(quiet))
    again = await office.presses("Anna", "Suggest something", card(quiet))
    assert "Another idea" in button_labels(card(again))


async def test_somebody_to_call_is_one_tap_away(office: World) -> None:
    await office.says("Anna", "/break 5")
    numbers = card(await office.presses("Anna", "Somebody to call"))
    links = [
        span.text
        for part in numbers.parts
        for name, _ in getattr(part, "rows", ())
        for span in name
        if isinstance(span, Link)
    ]
    assert {"112", "113"} <= set(links)
    assert "116123" in {link.replace(" ", "") for link in links}


async def test_a_break_goes_on_over_a_restart(empty_sqlite: Path, tmp_path: Path) -> None:
    file = tmp_path / "restarted.db"
    shutil.copy(empty_sqlite, file)
    async with open_world(f"sqlite:///{file}") as before:
        anna = await before.person("Anna")
        await before.person("Janis")
        await before.says("Anna", "/break 10")
        await forward(before, minutes=4)
    async with open_world(f"sqlite:///{file}") as after:
        after.platform.now = MONDAY_TEN + timedelta(minutes=6)
        after.deliveries = itertools.count(100)
        await after.settle()
        assert await on_break(after, anna) == {"Anna"}
        assert title(await after.says("Janis", "/break 5")) == "Not this minute"
        await forward(after, minutes=3, seconds=59)
        assert after.titles("Anna") == []
        await forward(after, seconds=1)
        assert after.titles("Anna") == ["Your break is over. How do you come back?"]
    async with open_world(f"sqlite:///{file}") as later:
        later.platform.now = MONDAY_TEN + timedelta(minutes=12)
        await later.settle()
        assert later.titles("Anna") == [], "nothing is told twice"


async def test_admins_set_the_rule(office: World) -> None:
    await office.person("Boss", Role.ADMIN)
    form = await office.says("Boss", "/plecs settings")
    assert "Change the breaks" in button_labels(card(form))
    form = await office.presses("Boss", "Change the breaks")
    assert isinstance(form, Form)
    await office.fills("Boss", form, keep="3", share="50", hard_first="no")
    said = lines(card(await office.says("Boss", "/plecs settings")))
    assert "On breaks: at least 3 available, and 50 %" in said


async def forward(world: World, **time: float) -> None:
    """Lets time pass in one leap: what comes due in it is done at its end."""
    world.platform.now += timedelta(**time)
    await world.settle()


async def set_rule(world: World, keep: int = 1, share: int = 0, hard_first: str = "yes") -> None:
    """What an admin decides."""
    await world.person("Boss", Role.ADMIN, Role.SUPERVISOR, helps=False)
    form = await world.says("Boss", "/settings.breaks")
    assert isinstance(form, Form)
    saved = await world.fills("Boss", form, keep=str(keep), share=str(share), hard_first=hard_first)
    assert title(saved) == "Saved"


async def solved_hand(world: World) -> None:
    """Anna's hand is up, Janis comes, it is solved."""
    await world.says("Anna", "/hand")
    await forward(world, seconds=61)
    await world.presses("Janis", "I'm coming")
    await world.presses("Anna", "Solved")
    await forward(world, seconds=10)


async def end_a_call(world: World) -> None:
    """Anna ends a call over a threat."""
    await world.says("Anna", "/policy threatens")
    await world.presses("Anna", "I ended the call")
    await forward(world, seconds=10)


async def test_whoever_covered_the_break_does_not_cover_the_desk_work(office: World) -> None:
    await office.person("Zane")
    rule: dict[str, object] = {"keep": 2, "share": 0, "hard_first": True}
    await office.engine.database.run(lambda work: work.settings.put("paper-T1", "breaks", rule))
    await office.says("Janis", "/break 5")
    await office.says("Anna", "/break 10")
    await office.presses("Anna", "Ask for cover")
    await office.presses("Liga", "I'll cover")
    assert await on_break(office, await office.known("Anna")) == {"Anna"}
    refused = await office.presses("Anna", "To desk work", on=await desk_offer(office, "Anna"))
    assert title(refused) == (
        "Too few would be left for the callers. Please come back to the line first."
    )
    assert await on_break(office, await office.known("Anna")) == {"Anna"}


async def desk_offer(world: World, user: str) -> Card:
    """The end of the running break, as its message will ask."""
    person = await world.known(user)
    one = await world.engine.database.read(lambda work: work.of(Breaks).live_of(person.id))
    assert one is not None
    return cards.over(one, texts("en"))
