"""What an agent may do with an abusive caller: looked up, said, ended, and kept."""

import pytest

from handlers.boundaries.model import Policies
from handlers.boundaries.plain import POLICIES
from handlers.kit.cards import Link, Tone
from handlers.kit.commands import Command
from handlers.kit.people import Address, Profile, Role
from handlers.library.model import Author, Version
from storage.library_yaml import shipped
from tests.stories.boundaries import labels, to_say
from tests.world import MONDAY_TEN, World, buttons, card, lines, title

_TELLS = (
    "“I ended the call” tells the supervisors that you ended one, when, and what the caller did; "
    "nothing about the customer. You can take it back for ten minutes."
)


async def test_from_a_shouting_caller_to_a_receipt(floor: World) -> None:
    first = await floor.says("Anna", "/policy he keeps shouting")
    assert title(first) == "Rude or shouting"
    assert "Say now, warning 1 of 2:" in lines(card(first))
    assert to_say(first).startswith("I can hear that this is upsetting")
    assert labels(first) == [
        "Raise my hand",
        "I warned",
        "Calm words",
        "Something else",
        "Latviski",
        "По-русски",
        "Show all",
    ]

    second = await floor.presses("Anna", "I warned")
    assert "Say now, warning 2 of 2:" in lines(card(second))
    assert to_say(second).startswith("I still want to help")

    last = await floor.presses("Anna", "I warned")
    assert to_say(last).startswith("We haven't managed to speak calmly")
    assert labels(last)[1] == "I ended the call"
    assert "“I ended the call” tells the supervisors that you ended one" in lines(card(last))
    assert floor.inbox("Marta") == []

    thanks = await floor.presses("Anna", "I ended the call")
    assert title(thanks) == "Thank you. You did right."
    assert "What the caller did: Rude or shouting\nVersion: 1\nWarned: 2" in lines(card(thanks))
    assert floor.titles("Marta") == ["Anna ended a call, within policy"]
    assert floor.inbox("Anna") == []

    mine = await floor.says("Anna", "/policy mine")
    assert lines(card(mine)).splitlines()[1] == "<time>: Rude or shouting"
    kept = await floor.presses("Anna", "Open", card(mine))
    assert to_say(kept) == to_say(last)


async def test_the_same_in_latvian_as_a_word_of_plecs(floor: World) -> None:
    shown = await floor.says("Liene", "/plecs noteikumi lamajas un kliedz")
    assert title(shown) == "Rupjība un kliegšana"
    assert to_say(shown).startswith("Es dzirdu, ka jums šobrīd nav viegli")
    await floor.presses("Liene", "Es brīdināju")
    await floor.presses("Liene", "Es brīdināju")
    thanks = await floor.presses("Liene", "Zvans ir beigts")
    assert title(thanks) == "Paldies. Jūs rīkojāties pareizi."
    assert "Brīdinājumi: 2" in lines(card(thanks))
    mine = await floor.says("Liene", "/policy Mani")
    assert title(mine) == "Jūsu apliecinājumi"


async def test_a_threat_needs_no_warning_and_shows_help_first(floor: World) -> None:
    shown = card(await floor.says("Anna", "/policy viņš kliedz un draud"))
    assert title(shown) == "Threatening"
    assert shown.tone is Tone.URGENT
    assert lines(shown).splitlines()[1:10] == [
        "If a life is in danger: 112 · 113 · 116123",
        "No warning is needed. The words for ending the call:",
        "You have made a threat. I am ending this call, and I will report it.",
        _TELLS,
        "If a life is in danger",
        "112: Police, fire and rescue",
        "113: Ambulance",
        "116123: Crisis helpline, free, day and night",
        "If anybody is in danger right now, call 112, or ask the colleague next to you to.",
    ]
    whole = card(await floor.presses("Anna", "Show all"))
    assert "Warnings first: none, you may end at once" in lines(whole)
    assert labels(shown)[:4] == [
        "Raise my hand",
        "I ended the call",
        "Calm words",
        "Something else",
    ]
    thanks = card(await floor.presses("Anna", "I ended the call"))
    assert "112: Police, fire and rescue" in lines(thanks)


async def test_crisis_numbers_can_be_called_from_the_card(floor: World) -> None:
    shown = card(await floor.says("Anna", "/policy suicide"))
    assert title(shown) == "A caller in crisis"
    called = [
        span
        for part in shown.parts
        for name, _ in getattr(part, "rows", ())
        for span in name
        if isinstance(span, Link)
    ]
    assert called == [
        Link("112", "tel:112"),
        Link("113", "tel:113"),
        Link("116123", "tel:116123"),
    ]


async def test_two_taps_from_nothing_typed(floor: World) -> None:
    everything = await floor.says("Anna", "/policy")
    assert labels(everything) == [
        "Rude or shouting",
        "Will not stop",
        "Under the influence",
        "Insulting",
        "Sexual remarks",
        "Discriminating",
        "Threatening",
        "Immediate danger",
        "A caller in crisis",
    ]
    assert title(await floor.presses("Anna", "Sexual remarks")) == "Sexual remarks"


async def test_an_unsure_search_offers_the_likeliest_and_the_rest(floor: World) -> None:
    offered = await floor.says("Anna", "/policy смеется над акцентом")
    assert title(offered) == "Which of these is it?"
    assert labels(offered)[:2] == ["Insulting", "Discriminating"]
    assert len(labels(offered)) == len(set(labels(offered))) == 9


@pytest.mark.parametrize("typed", ["banana bread", "🙂", "x" * 5000, "<!channel> &amp; *b*"])
async def test_nonsense_is_answered_kindly(floor: World, typed: str) -> None:
    answer = await floor.says("Anna", f"/policy {typed}")
    assert lines(card(answer)).splitlines()[1] == (
        "I found no boundary for those words. Here are all of them."
    )
    assert len(labels(answer)) == 9


async def test_the_sentences_come_in_the_callers_language(floor: World) -> None:
    await floor.says("Anna", "/policy he insults me")
    russian = await floor.presses("Anna", "По-русски")
    assert to_say(russian) == (
        "Я хочу вам помочь и прошу меня не оскорблять. Давайте вернёмся к вашему вопросу."
    )
    whole = lines(card(await floor.presses("Anna", "Show all")))
    assert "Behind you: Management." in whole
    assert "Adopted by: Karlis, <time>" in whole
    later = await floor.presses("Anna", "I warned")
    assert to_say(later).startswith("Прошу ещё раз")
    assert labels(later)[-3:] == ["Latviski", "In English", "Show all"]


async def test_the_ending_pressed_twice_is_one_receipt(floor: World) -> None:
    shown = card(await floor.says("Anna", "/policy threat"))
    first = await floor.presses("Anna", "I ended the call", shown)
    await floor.forward(seconds=5)
    again = await floor.presses("Anna", "I ended the call", shown)
    assert again == first
    assert len(floor.inbox("Marta")) == 1
    mine = await floor.says("Anna", "/policy mine")
    assert labels(mine) == ["Open"]


async def test_each_call_has_its_own_receipt(floor: World) -> None:
    for _ in range(2):
        shown = card(await floor.says("Anna", "/policy threat"))
        await floor.presses("Anna", "I ended the call", shown)
    assert labels(await floor.says("Anna", "/policy mine")) == ["Open", "Open"]
    assert len(floor.inbox("Marta")) == 2


async def test_ending_before_the_warnings_changes_nothing(floor: World) -> None:
    values = {"behaviour": "rude", "version": "1", "warned": "1", "card": "c"}
    early = await floor.ask(Command("policy.ended", Address("paper", "T1", "Anna"), "", values))
    assert title(early) == (
        "This boundary asks for a warning first. If you gave it, press I warned."
    )
    assert floor.inbox("Marta") == []


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"behaviour": "gone", "version": "1", "warned": "9", "card": "c"},
        {"behaviour": "rude", "version": "99", "warned": "2", "card": "c"},
        {"behaviour": "rude", "version": "-1", "warned": "²", "card": "c" * 500},
        {"behaviour": ("rude", "crisis"), "version": "one", "warned": ""},
    ],
)
async def test_a_button_that_leads_nowhere_shows_all(floor: World, values: dict[str, str]) -> None:
    for name in ("policy.show", "policy.warned", "policy.ended"):
        address = Address("paper", "T1", "Anna")
        answer = card(await floor.ask(Command(name, address, "", values)))
        assert buttons(answer)
    assert floor.inbox("Marta") == []


async def test_a_receipt_is_its_owners_alone(floor: World) -> None:
    await floor.says("Anna", "/policy threat")
    await floor.presses("Anna", "I ended the call")
    mine = card(await floor.says("Anna", "/policy mine"))
    theirs = await floor.presses("Marta", "Open", mine)
    assert title(theirs) == "I have no such receipt of yours."
    none = await floor.says("Marta", "/policy mine")
    assert "You have none." in lines(card(none))


async def test_a_supervisor_who_ends_a_call_is_not_told_of_themselves(floor: World) -> None:
    await floor.person("Ieva", Role.SUPERVISOR)
    await floor.says("Marta", "/policy threat")
    await floor.presses("Marta", "I ended the call")
    assert floor.inbox("Marta") == []
    assert floor.titles("Ieva") == ["Marta ended a call, within policy"]


async def test_past_its_review_date_a_card_says_check_first(floor: World) -> None:
    await floor.says("Anna", "/policy threat")
    await floor.presses("Anna", "I ended the call")
    await floor.forward(days=400)
    for user, words in (("Anna", "Check first. This boundary was"), ("Liene", "Vispirms pārbaud")):
        late = card(await floor.says(user, "/policy rude"))
        assert words in lines(late)
        assert late.tone is Tone.CAREFUL
    crisis = card(await floor.says("Anna", "/policy suicide"))
    assert "Check these numbers first" in lines(crisis)


async def test_who_comes_for_the_first_time_gets_the_boundaries_that_ship_for_good(
    world: World,
) -> None:
    world.platform.profiles["Una"] = Profile(Address("paper", "T9", "Una"), "Una", "lv")
    shown = card(await world.says("Una", "/policy draud", "T9"))
    assert title(shown) == "Draudi"
    kept = await world.engine.database.read(lambda work: work.of(Policies).history("paper-T9", 5))
    assert kept == (
        Version("paper-T9", 1, MONDAY_TEN, Author(), shipped(POLICIES, MONDAY_TEN.date())),
    )
