"""What an agent may do with an abusive caller: looked up, said, ended, and kept."""

from dataclasses import replace

import pytest

from handlers.boundaries.model import Policies
from handlers.boundaries.plain import POLICIES
from handlers.kit.cards import Card, Form, Link, Look, Quote, Tone
from handlers.kit.commands import Command
from handlers.kit.people import Address, Profile, Role
from handlers.library.model import Author, Version
from storage.library_yaml import shipped
from storage.work import SqlWork
from tests.world import MONDAY_TEN, World, button_labels, buttons, card, form, lines, plain, title

_TELLS = (
    "“I ended the call” tells the supervisors that you ended one, when, and what the caller did; "
    "nothing about the customer. You can take it back for ten minutes."
)


def labels(reply: object) -> list[str]:
    return [plain(button.label) for button in buttons(card(reply))]


def to_say(reply: object) -> str:
    """The sentence that the card wants said now."""
    (quote,) = [part for part in card(reply).parts if isinstance(part, Quote)]
    return plain(quote.line)


@pytest.fixture
async def office(world: World) -> World:
    await world.person("Anna")
    await world.person("Liene", locale="lv")
    await world.person("Marta", Role.SUPERVISOR)
    await world.person("Karlis", Role.COORDINATOR)
    await world.says("Karlis", "/policy adopt")
    await world.presses("Karlis", "Adopt all drafts")
    return world


async def test_from_a_shouting_caller_to_a_receipt(office: World) -> None:
    first = await office.says("Anna", "/policy he keeps shouting")
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

    second = await office.presses("Anna", "I warned")
    assert "Say now, warning 2 of 2:" in lines(card(second))
    assert to_say(second).startswith("I still want to help")

    last = await office.presses("Anna", "I warned")
    assert to_say(last).startswith("We haven't managed to speak calmly")
    assert labels(last)[1] == "I ended the call"
    assert "“I ended the call” tells the supervisors that you ended one" in lines(card(last))
    assert office.inbox("Marta") == []

    thanks = await office.presses("Anna", "I ended the call")
    assert title(thanks) == "Thank you. You did right."
    assert "What the caller did: Rude or shouting\nVersion: 1\nWarned: 2" in lines(card(thanks))
    assert office.titles("Marta") == ["Anna ended a call, within policy"]
    assert office.inbox("Anna") == []

    mine = await office.says("Anna", "/policy mine")
    assert lines(card(mine)).splitlines()[1] == "<time>: Rude or shouting"
    kept = await office.presses("Anna", "Open", card(mine))
    assert to_say(kept) == to_say(last)


async def test_the_same_in_latvian_as_a_word_of_plecs(office: World) -> None:
    shown = await office.says("Liene", "/plecs noteikumi lamajas un kliedz")
    assert title(shown) == "Rupjība un kliegšana"
    assert to_say(shown).startswith("Es dzirdu, ka jums šobrīd nav viegli")
    await office.presses("Liene", "Es brīdināju")
    await office.presses("Liene", "Es brīdināju")
    thanks = await office.presses("Liene", "Zvans ir beigts")
    assert title(thanks) == "Paldies. Jūs rīkojāties pareizi."
    assert "Brīdinājumi: 2" in lines(card(thanks))
    mine = await office.says("Liene", "/policy Mani")
    assert title(mine) == "Jūsu apliecinājumi"


async def test_a_threat_needs_no_warning_and_shows_help_first(office: World) -> None:
    shown = card(await office.says("Anna", "/policy viņš kliedz un draud"))
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
    whole = card(await office.presses("Anna", "Show all"))
    assert "Warnings first: none, you may end at once" in lines(whole)
    assert labels(shown)[:4] == [
        "Raise my hand",
        "I ended the call",
        "Calm words",
        "Something else",
    ]
    thanks = card(await office.presses("Anna", "I ended the call"))
    assert "112: Police, fire and rescue" in lines(thanks)


async def test_crisis_numbers_can_be_called_from_the_card(office: World) -> None:
    shown = card(await office.says("Anna", "/policy suicide"))
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


async def test_two_taps_from_nothing_typed(office: World) -> None:
    everything = await office.says("Anna", "/policy")
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
    assert title(await office.presses("Anna", "Sexual remarks")) == "Sexual remarks"


async def test_an_unsure_search_offers_the_likeliest_and_the_rest(office: World) -> None:
    offered = await office.says("Anna", "/policy смеется над акцентом")
    assert title(offered) == "Which of these is it?"
    assert labels(offered)[:2] == ["Insulting", "Discriminating"]
    assert len(labels(offered)) == len(set(labels(offered))) == 9


@pytest.mark.parametrize("typed", ["banana bread", "🙂", "x" * 5000, "<!channel> &amp; *b*"])
async def test_nonsense_is_answered_kindly(office: World, typed: str) -> None:
    answer = await office.says("Anna", f"/policy {typed}")
    assert lines(card(answer)).splitlines()[1] == (
        "I found no boundary for those words. Here are all of them."
    )
    assert len(labels(answer)) == 9


async def test_the_sentences_come_in_the_callers_language(office: World) -> None:
    await office.says("Anna", "/policy insults")
    russian = await office.presses("Anna", "По-русски")
    assert to_say(russian) == (
        "Я хочу вам помочь и прошу меня не оскорблять. Давайте вернёмся к вашему вопросу."
    )
    whole = lines(card(await office.presses("Anna", "Show all")))
    assert "Behind you: Management." in whole
    assert "Adopted by: Karlis, <time>" in whole
    later = await office.presses("Anna", "I warned")
    assert to_say(later).startswith("Прошу ещё раз")
    assert labels(later)[-3:] == ["Latviski", "In English", "Show all"]


async def test_the_ending_pressed_twice_is_one_receipt(office: World) -> None:
    shown = card(await office.says("Anna", "/policy threat"))
    first = await office.presses("Anna", "I ended the call", shown)
    await office.forward(seconds=5)
    again = await office.presses("Anna", "I ended the call", shown)
    assert again == first
    assert len(office.inbox("Marta")) == 1
    mine = await office.says("Anna", "/policy mine")
    assert labels(mine) == ["Open"]


async def test_each_call_has_its_own_receipt(office: World) -> None:
    for _ in range(2):
        shown = card(await office.says("Anna", "/policy threat"))
        await office.presses("Anna", "I ended the call", shown)
    assert labels(await office.says("Anna", "/policy mine")) == ["Open", "Open"]
    assert len(office.inbox("Marta")) == 2


async def test_ending_before_the_warnings_changes_nothing(office: World) -> None:
    values = {"behaviour": "rude", "version": "1", "warned": "1", "card": "c"}
    early = await office.ask(Command("policy.ended", Address("paper", "T1", "Anna"), "", values))
    assert title(early) == (
        "This boundary asks for a warning first. If you gave it, press I warned."
    )
    assert office.inbox("Marta") == []


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
async def test_a_button_that_leads_nowhere_shows_all(office: World, values: dict[str, str]) -> None:
    for name in ("policy.show", "policy.warned", "policy.ended"):
        address = Address("paper", "T1", "Anna")
        answer = card(await office.ask(Command(name, address, "", values)))
        assert buttons(answer)
    assert office.inbox("Marta") == []


async def test_a_receipt_is_its_owners_alone(office: World) -> None:
    await office.says("Anna", "/policy threat")
    await office.presses("Anna", "I ended the call")
    mine = card(await office.says("Anna", "/policy mine"))
    theirs = await office.presses("Marta", "Open", mine)
    assert title(theirs) == "I have no such receipt of yours."
    none = await office.says("Marta", "/policy mine")
    assert "You have none." in lines(card(none))


async def test_a_supervisor_who_ends_a_call_is_not_told_of_themselves(office: World) -> None:
    await office.person("Ieva", Role.SUPERVISOR)
    await office.says("Marta", "/policy threat")
    await office.presses("Marta", "I ended the call")
    assert office.inbox("Marta") == []
    assert office.titles("Ieva") == ["Marta ended a call, within policy"]


async def test_past_its_review_date_a_card_says_check_first(office: World) -> None:
    await office.says("Anna", "/policy threat")
    await office.presses("Anna", "I ended the call")
    await office.forward(days=400)
    for user, words in (("Anna", "Check first. This boundary was"), ("Liene", "Vispirms pārbaud")):
        late = card(await office.says(user, "/policy rude"))
        assert words in lines(late)
        assert late.tone is Tone.CAREFUL
    crisis = card(await office.says("Anna", "/policy suicide"))
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


# --- those who keep the boundaries ------------------------------------------------------------


async def test_a_coordinator_changes_a_boundary_in_chat(office: World) -> None:
    await office.says("Karlis", "/policy edit")
    opened = form(await office.presses("Karlis", "Sexual remarks"))
    saved = await office.fills(
        "Karlis",
        opened,
        warnings_lv="",
        warnings_en="  \n ",
        warnings_ru="",
        ending_en="That is a line I don't accept. Goodbye.",
        review="2027-01-31",
    )
    assert lines(card(saved)).splitlines()[:2] == [
        "Saved as version 2",
        "Sexual remarks: warnings, ending, review date",
    ]
    now = card(await office.says("Anna", "/policy sexual"))
    assert to_say(now) == "That is a line I don't accept. Goodbye."
    assert "Draft: nobody here has adopted this boundary yet." in lines(now)
    whole = lines(card(await office.presses("Anna", "Show all")))
    assert "Version 2. Owner: Head of customer service. To be reviewed by <time>." in whole
    assert "Behind you: nobody yet: this is a draft" in whole
    untouched = card(await office.says("Anna", "/policy rude"))
    assert "Draft" not in lines(untouched)
    assert "Version 1. Owner" in lines(card(await office.presses("Anna", "Show all")))

    history = lines(card(await office.says("Anna", "/policy history")))
    assert history.splitlines() == [
        "What changed, and when",
        "Version 2, <time>, Karlis",
        "Sexual remarks: warnings, ending, review date",
        "Version 1, <time>, came with Plecs",
    ]


async def test_an_old_receipt_stays_as_it_was(office: World) -> None:
    await office.says("Anna", "/policy threat")
    await office.presses("Anna", "I ended the call")
    before = await office.presses("Anna", "Open", card(await office.says("Anna", "/policy mine")))
    await office.says("Karlis", "/policy edit")
    opened = form(await office.presses("Karlis", "Threatening"))
    await office.fills("Karlis", opened, ending_en="Goodbye.", allowed_en="Hang up.")
    after = await office.presses("Anna", "Open", card(await office.says("Anna", "/policy mine")))
    assert after == before
    assert to_say(after) != "Goodbye."


async def test_an_ending_stands_on_the_version_that_was_on_the_screen(office: World) -> None:
    shown = card(await office.says("Anna", "/policy threat"))
    await office.says("Karlis", "/policy edit")
    opened = form(await office.presses("Karlis", "Threatening"))
    one_more = {f"warnings_{language}": "Please stop." for language in ("lv", "en", "ru")}
    await office.fills("Karlis", opened, **one_more)
    ended = await office.presses("Anna", "I ended the call", shown)
    assert "Version: 1\nWarned: not needed" in lines(card(ended))


async def test_faults_are_shown_at_their_fields_and_words_stay(office: World) -> None:
    await office.says("Karlis", "/policy edit")
    opened = form(await office.presses("Karlis", "Rude or shouting"))
    again = form(
        await office.fills(
            "Karlis",
            opened,
            warnings_en="Only one.",
            ending_ru=" ",
            allowed_lv="\n".join("x" * 11),
            backing_en="y" * 401,
            review="31.02.2027",
        )
    )
    assert {name: plain(line) for name, line in again.errors.items()} == {
        "warnings_en": "Another language has 2 warnings: give as many here.",
        "ending_ru": "Please fill this in.",
        "allowed_lv": "At most 10 lines.",
        "backing_en": "Too long: at most 400 characters each, 2000 together.",
        "review": "There is no day 31 in February 2027: it has 28 days.",
    }
    typed = {one.name: getattr(one, "value", "") for one in again.fields}
    assert (typed["warnings_en"], typed["allowed_lv"]) == ("Only one.", "\n".join("x" * 11))
    assert "came with Plecs" in lines(card(await office.says("Karlis", "/policy history")))


async def test_saving_what_did_not_change_makes_no_version(office: World) -> None:
    await office.says("Karlis", "/policy edit")
    opened = form(await office.presses("Karlis", "Insulting"))
    assert title(await office.fills("Karlis", opened)) == "Nothing was changed"


async def test_two_who_write_at_once_lose_no_words(office: World) -> None:
    await office.person("Zane", Role.COORDINATOR)
    forms = []
    for user in ("Karlis", "Zane"):
        await office.says(user, "/policy edit")
        forms.append(form(await office.presses(user, "Insulting")))
    await office.fills("Karlis", forms[0], owner_en="Karlis")
    again = form(await office.fills("Zane", forms[1], owner_en="Zane"))
    assert "Somebody saved a newer version" in plain(getattr(again.intro[1], "line", ()))
    saved = await office.fills("Zane", again)
    assert title(saved) == "Saved as version 3"
    await office.says("Anna", "/policy insults")
    shown = lines(card(await office.presses("Anna", "Show all")))
    assert "Owner: Zane." in shown


async def test_who_is_no_coordinator_is_told_kindly(office: World) -> None:
    refused = await office.says("Anna", "/policy edit")
    assert title(refused) == (
        "Boundaries are changed by coordinators. Tell one what should be different."
    )
    await office.says("Karlis", "/policy edit")
    opened = form(await office.presses("Karlis", "Insulting"))
    saved = card(await office.fills("Anna", opened, owner_en="Anna"))
    assert "Nothing was changed" in lines(saved)
    await office.says("Anna", "/policy insults")
    shown = lines(card(await office.presses("Anna", "Show all")))
    assert "Owner: Head of customer service." in shown


async def test_one_workspace_never_sees_anothers(office: World) -> None:
    await office.person("Ola", workspace="T2")

    def stricter(work: SqlWork) -> None:
        policies = shipped(POLICIES, MONDAY_TEN.date())
        rude = replace(policies.behaviours[0], warnings=(), version=2)
        changed = replace(policies, behaviours=(rude, *policies.behaviours[1:]))
        version = Version("paper-T2", 2, MONDAY_TEN, Author(name="Ola"), changed)
        assert work.of(Policies).save(version)

    await office.engine.database.run(stricter)
    theirs = lines(card(await office.says("Ola", "/policy swearing", "T2")))
    ours = lines(card(await office.says("Anna", "/policy swearing")))
    assert ("No warning is needed." in theirs, "Draft: nobody here" in theirs) == (True, True)
    assert ("Say now, warning 1 of 2:" in ours, "Draft" in ours) == (True, False)


async def test_a_danger_to_life_goes_before_everything_else(world: World) -> None:
    await world.person("Anna", locale="lv")
    shown = await world.says("Anna", "/policy grib nogalināt sevi un lamājas")
    assert isinstance(shown, Card)
    assert plain(shown.title) == "Zvanītājs krīzē"
    assert button_labels(shown) == ["Pacelt roku", "Rādīt visu", "Kaut kas cits"]


async def test_what_else_it_may_be_stands_below_where_nobody_is_sure(world: World) -> None:
    await world.person("Anna")
    shown = await world.says("Anna", "/policy he is in despair and swears")
    assert isinstance(shown, Card)
    assert plain(shown.title) == "A caller in crisis"
    assert "Rude or shouting" in button_labels(shown)


@pytest.mark.parametrize(
    ("words", "shown_as", "first"),
    [
        ("she took pills", "A caller in crisis", "Speak slowly and calmly."),
        ("deg māja", "Immediate danger", "Have 112 called at once"),
        ("не дышит", "Immediate danger", "Have 112 called at once"),
        ("she took pills and isn't breathing", "Immediate danger", "Have 112 called at once"),
    ],
)
async def test_a_danger_to_life_is_answered_by_whom_to_call_and_what_to_do(
    world: World, words: str, shown_as: str, first: str
) -> None:
    await world.person("Anna")
    shown = card(await world.says("Anna", f"/policy {words}"))
    told = lines(shown).splitlines()
    assert told[:4] == [
        shown_as,
        "112: Police, fire and rescue",
        "113: Ambulance",
        "116123: Crisis helpline, free, day and night",
    ]
    assert told[4].startswith(first)
    assert [(plain(one.label), one.look) for one in buttons(shown)] == [
        ("Raise my hand", Look.PRIMARY),
        ("Show all", Look.PLAIN),
        ("Something else", Look.PLAIN),
    ]
    assert "I ended the call" not in lines(shown)
    whole = card(await world.presses("Anna", "Show all"))
    assert "When help is there, you can end the call with these words:" in lines(whole)
    assert title(await world.presses("Anna", "I ended the call")) == "Thank you. You did right."


@pytest.mark.parametrize(
    "typed",
    [
        "/break не дышит",
        "/plecs pauze deg māja",
        "/vent she took pills",
        "/plecs izrunāties viņa sadzērusies tabletes",
        "/plecs away she took pills",
        "/language deg māja",
        "/plecs supervīzija deg māja",
        "/topics she took pills",
        "/plecs people deg māja",
        "/plecs report deg māja",
        "/plecs drill she took pills",
        "/vent <@Ilze> she took pills",
    ],
)
async def test_whatever_is_typed_a_danger_to_life_is_answered_first(
    world: World, typed: str
) -> None:
    await world.person("Anna")
    await world.person("Ilze")
    shown = card(await world.says("Anna", typed))
    assert title(shown) in ("A caller in crisis", "Immediate danger")
    assert lines(shown).splitlines()[1] == "112: Police, fire and rescue"
    assert plain(buttons(shown)[0].label) == "Raise my hand"


async def test_what_was_asked_beside_a_danger_is_answered_below_it(world: World) -> None:
    await world.person("Anna")
    shown = card(await world.says("Anna", "/topics she took pills"))
    assert title(shown) == "A caller in crisis"
    assert title(await world.says("Anna", "/topics")) in lines(shown)


async def test_a_hand_for_a_danger_goes_up_and_nobody_is_told_to_end_the_call(
    world: World,
) -> None:
    await world.person("Anna")
    shown = card(await world.says("Anna", "/hand не дышит"))
    assert title(shown) == "Nobody else is here yet"
    assert "112: Police, fire and rescue" in lines(shown)
    assert "end it" not in lines(shown)


async def test_a_perhaps_behind_another_command_is_no_crisis(world: World) -> None:
    await world.person("Anna")
    shown = card(await world.says("Anna", "/break the caller was in despair"))
    assert title(shown).startswith("I can't tell how many minutes that is.")


@pytest.mark.parametrize("asked", ["", "he shouts", "banana bread", "threatens to sue us"])
async def test_every_answer_says_whom_to_call(world: World, asked: str) -> None:
    await world.person("Anna")
    shown = await world.says("Anna", f"/policy {asked}")
    assert isinstance(shown, Card)
    assert "If a life is in danger: 112 · 113 · 116123" in lines(shown)


async def test_who_threatens_to_sue_is_within_their_rights(world: World) -> None:
    await world.person("Anna")
    shown = await world.says("Anna", "/policy he threatens to sue us")
    assert isinstance(shown, Card)
    assert "everybody may, and it is no threat" in lines(shown)
    assert "Threatening" not in button_labels(shown)[:1]


async def test_a_coordinator_adds_words_and_a_number_without_a_file(world: World) -> None:
    await world.person("Anna")
    await world.person("Zane", Role.COORDINATOR)
    form = await world.ask(world.command("Zane", "policy.danger"))
    assert isinstance(form, Form)
    numbers = "112 | Glābēji | Rescue\n8350 | Mūsu dispečers | Our dispatcher"
    await world.fills("Zane", form, ways="substation smoke", numbers=numbers)
    shown = await world.says("Anna", "/policy smoke from the substations")
    assert isinstance(shown, Card)
    assert plain(shown.title) == "Immediate danger"
    assert "8350" in lines(shown)


@pytest.mark.parametrize("typed", ["/break", "/plecs", "/topics", "/hand"])
async def test_words_of_ones_own_are_heard_behind_every_command(world: World, typed: str) -> None:
    await world.person("Anna")
    await world.person("Zane", Role.COORDINATOR)
    form = await world.ask(world.command("Zane", "policy.danger"))
    assert isinstance(form, Form)
    numbers = "8350 | Mūsu dispečers | Our dispatcher"
    await world.fills("Zane", form, ways="code orange", numbers=numbers)
    assert "8350" in lines(card(await world.says("Anna", f"{typed} a code orange here")))


@pytest.mark.parametrize(
    "typed", ["grandad on the floor doesn't answer", "viņai roku ievilka gaļasmašīnā"]
)
async def test_what_may_be_a_danger_and_is_nothing_else_is_answered_as_one(
    world: World, typed: str
) -> None:
    await world.person("Anna")
    shown = card(await world.says("Anna", f"/plecs {typed}"))
    assert title(shown) == "Immediate danger"


async def test_a_goodbye_to_plecs_is_no_farewell_to_life(world: World) -> None:
    await world.person("Anna")
    shown = card(await world.says("Anna", "/plecs bye"))
    assert title(shown).startswith("Good to hear from you.")


async def test_what_a_coordinator_wrote_wrongly_comes_back_with_what_was_typed(
    world: World,
) -> None:
    await world.person("Zane", Role.COORDINATOR)
    form = await world.ask(world.command("Zane", "policy.danger"))
    assert isinstance(form, Form)
    again = await world.fills("Zane", form, ways="x" * 300, numbers="one one two | a | b")
    assert isinstance(again, Form)
    assert set(again.errors) == {"ways", "numbers"}
    assert plain(again.errors["numbers"]).startswith("I can't read “one one two | a | b”.")
