"""Breaks, told as the days on which they happened."""

import itertools
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.breaks.model import Breaks, BreakState, Return
from handlers.kit.cards import Link, Moment, Reply, Style
from handlers.kit.people import UNTIL_BACK
from tests.stories.breaks import end_a_call, forward, kept, on_break, solved_hand
from tests.world import MONDAY_TEN, World, button_labels, card, lines, open_world, plain, title


async def test_a_break_from_the_first_tap_to_being_back(office: World) -> None:
    chosen = await office.says("Anna", "/break")
    assert button_labels(card(chosen)) == [
        *("5 min", "10 min", "15 min", "Until I'm back", "After this call…", "Somebody to call")
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
        ("/break 10, please!", 10),
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
    await office.person("Liene", locale="lv", manager="Liga")
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
        "To, kurš ir prom, redz maiņas vadītāji; arī tad, ja prom esat jūs.",
    ),
}


@pytest.mark.parametrize("typed", FAULTS)
async def test_what_cannot_be_is_answered_kindly_and_changes_nothing(
    office: World, typed: str
) -> None:
    await office.person("Liene", locale="lv", manager="Liga")
    before = await kept(office)
    assert (
        title(await office.says("Anna", typed)),
        title(await office.says("Liene", typed), "lv"),
    ) == FAULTS[typed]
    assert await kept(office) == before


async def test_a_break_while_on_a_break_changes_nothing(office: World) -> None:
    await office.person("Liene", locale="lv", manager="Liga")
    await office.says("Anna", "/break 10")
    await office.person("Karlis", manager="Liga")
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
        await office.person(f"More{_}", manager="Liga")
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
    assert (desk.state, desk.back_as) == (BreakState.DESK, Return.DESK)
    reply = await office.presses("Anna", "Back on the line")
    assert title(reply) == "Good to have you back"
    assert await office.engine.database.read(lambda work: work.of(Breaks).live_of(anna.id)) is None


async def test_on_a_break_nobody_is_pinged(office: World) -> None:
    await office.person("Karlis", topics=("contracts",), manager="Liga")
    await office.says("Karlis", "/break 10")
    await office.says("Anna", "/hand contracts")
    await forward(office, minutes=5)
    assert office.titles("Karlis") == []
    assert office.titles("Liga") == ["Anna needs a colleague", "Anna is still waiting"]


async def test_a_break_that_begins_ends_the_pings_that_wait(office: World) -> None:
    await office.person("Karlis", topics=("contracts",), manager="Liga")
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
    assert office.titles("Anna")[-1] == "Solved. Well done.", "first what was good about it"
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
    later = await office.presses("Anna", "After this call…")
    assert button_labels(card(later)) == [
        *("5 min", "10 min", "15 min", "Until I'm back", "Now instead")
    ]
    wished = await office.presses("Anna", "15 min", card(later))
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


@pytest.mark.parametrize("typed", ["/break 10 after the call", "/break 10 min pēc zvana"])
async def test_after_this_call_is_understood_as_typed(office: World, typed: str) -> None:
    assert title(await office.says("Anna", typed)) == "Your break comes after this call"
    await solved_hand(office)
    assert office.titles("Anna")[-1] == "Your break, until <time>"
    await forward(office, minutes=10)
    assert office.titles("Anna")[-1] == "Your break is over. How do you come back?"


async def test_a_wish_is_begun_by_hand_dropped_or_lapses(office: World) -> None:
    anna = await office.known("Anna")
    await office.says("Anna", "/break")
    later = card(await office.presses("Anna", "After this call…"))
    await office.presses("Anna", "5 min", later)
    assert title(await office.presses("Anna", "Begin now")) == "Your break, until <time>"
    await office.presses("Anna", "I'm back")
    await office.presses("Anna", "5 min", later)
    assert title(await office.presses("Anna", "Never mind")).startswith("Forgotten.")
    await office.presses("Anna", "5 min", later)
    await forward(office, hours=2)
    assert await office.engine.database.read(lambda work: work.of(Breaks).live_of(anna.id)) is None
    assert office.titles("Anna") == [], "quietly"


async def test_a_break_and_an_absence_look_alike_to_a_supervisor(office: World) -> None:
    await office.person("Karlis", away_until=MONDAY_TEN + timedelta(minutes=10), manager="Liga")
    await office.person("Vita", away_until=UNTIL_BACK, manager="Liga")
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
    await office.person("Karlis", away_until=tonight, manager="Liga")
    await office.person("Vita", away_until=MONDAY_TEN + timedelta(days=7), manager="Liga")
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
        anna = await before.person("Anna", manager="Liga")
        await before.person("Janis", manager="Liga")
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


def offers(office: World) -> list[str]:
    return [one for one in office.titles("Anna") if one.startswith("The call is over")]


async def test_a_break_that_was_typed_takes_the_offer(office: World) -> None:
    await solved_hand(office)
    assert offers(office) == ["The call is over. A break?"]
    await office.says("Anna", "/break 5")
    assert offers(office) == []
    assert [one for one in office.inbox("Anna") if "No, thank you" in button_labels(one)] == []


async def test_a_call_that_goes_on_takes_its_offer_along(office: World) -> None:
    for later in (0, 10):  # before the offer has come, and after
        await office.says("Anna", "/policy threatens")
        ended = card(await office.presses("Anna", "I ended the call"))
        await forward(office, seconds=later)
        await office.presses("Anna", "Take it back", ended)
        await forward(office, seconds=10)
        assert offers(office) == []
    await end_a_call(office)
    assert offers(office) == ["The call is over. A break?"], "its true end"


async def test_no_break_is_offered_to_who_is_away(office: World) -> None:
    await office.says("Anna", "/hand")
    await forward(office, seconds=61)
    await office.presses("Janis", "I'm coming")
    await office.presses("Anna", "Solved")
    await office.says("Anna", "/plecs away 30 min")
    await forward(office, seconds=10)
    assert offers(office) == []


async def test_no_break_is_offered_to_who_is_on_one_or_just_had_one(office: World) -> None:
    await office.says("Anna", "/hand")
    await forward(office, seconds=30)
    await office.presses("Liga", "I'm coming")
    await office.presses("Anna", "Solved")
    await office.says("Anna", "/break 5")  # before the offer has come
    await forward(office, seconds=10)
    assert offers(office) == []
    await forward(office, minutes=6)
    await solved_hand(office)
    assert offers(office) == [], "five minutes ago"
    await forward(office, minutes=20)
    await solved_hand(office)
    assert offers(office) == ["The call is over. A break?"]
