"""A hard call, practised: alone, stepped back in, and nobody else's business."""

from dataclasses import replace
from string import ascii_lowercase

import pytest
from sqlalchemy import select

from handlers.kit.cards import Card, ChoiceField, Tone
from handlers.kit.people import Role
from handlers.library.entries import entry_of
from handlers.library.uses import USES_FROM
from handlers.practice.model import Scenarios
from handlers.practice.plain import SCENARIOS
from storage import cleaning
from storage.practice import practice_runs
from storage.sealed import Seal
from storage.work import SqlWork
from tests.world import SECRET, World, button_labels, buttons, card, form, lines, title


async def begins(world: World, user: str, words: str) -> Card:
    """The first turn of the call that the words lead to."""
    return await first_of(world, user, card(await world.says(user, f"/practice {words}")))


async def first_of(world: World, user: str, calls: Card) -> Card:
    """The first turn of the first of these calls."""
    begin = next(one for one in buttons(calls) if one.does == "practice.begin")
    return card(await world.ask(world.command(user, begin.does, values=begin.values)))


async def to_the_end(world: World, user: str, replies: str) -> Card:
    """The card after these replies, one after the other."""
    for letter in replies:
        shown = card(await world.presses(user, f"Say {letter}"))
    return shown


async def test_a_bad_model_makes_it_hotter_and_after_a_step_back_the_other_is_tried(
    world: World,
) -> None:
    await world.person("Anna")
    page = card(await world.says("Anna", "/practice"))
    asked = form(await world.presses("Anna", "Choose what to watch", page))
    three = ("hears_out", "asks_on", "matters")
    assert list(form(await world.fills("Anna", asked, indicators=three)).errors) == ["indicators"]
    calls = card(await world.fills("Anna", asked, indicators=("hears_out", "asks_on")))
    assert lines(calls).splitlines()[:4] == [
        "You watch this",
        "Answers kindly and hears a complaint out, without defending",
        "Asks on until the situation is clear",
        "A bill twice as high",
    ]
    opening = await first_of(world, "Anna", calls)
    assert title(opening) == "A bill twice as high: turn 1"
    assert "The caller: ●●●●○ heat 4 of 5" in lines(opening)
    worse = card(await world.presses("Anna", "Say C", opening))
    assert "The caller: ●●●●● heat 5 of 5, hotter: it was 4" in lines(worse)
    again = card(await world.presses("Anna", "Step back", worse))
    assert "If you use more, you pay more. (tried)" in lines(again)
    better = card(await world.presses("Anna", "Say B", again))
    assert "The caller: ●●●○○ heat 3 of 5, cooler: it was 4" in lines(better)
    end = await to_the_end(world, "Anna", "AAA")
    assert title(end) == "A bill twice as high: how it ended"
    assert end.tone is Tone.GOOD
    told = lines(end)
    assert "hears a complaint out, without defending: turn 1" in told
    assert "Asks on until the situation is clear: turn 2" in told
    assert "1. 4 → 3  Twice as much as usual" in told
    assert "You tried: “It is not robbery, the system bills what the meter says." in told
    other = card(await world.presses("Anna", "Step back, try the other", end))
    assert title(other) == "A bill twice as high: turn 4"
    lost = await to_the_end(world, "Anna", "C")
    assert "A bad model: Waves a complaint aside, as if it did not count." in lines(lost)


async def test_an_earlier_card_changes_nothing(world: World) -> None:
    await world.person("Anna")
    opening = await begins(world, "Anna", "shouting")
    second = card(await world.presses("Anna", "Say B", opening))
    for label in ("Say A", "Say C"):
        assert lines(card(await world.presses("Anna", label, opening))) == lines(second)
    third = card(await world.presses("Anna", "Say A", second))
    assert lines(card(await world.presses("Anna", "Step back", second))) == lines(third)


async def test_a_call_that_was_interrupted_waits_and_is_nobody_elses(world: World) -> None:
    await world.person("Anna")
    await world.person("Ilze")
    opening = await begins(world, "Anna", "crying")
    stopped = card(await world.presses("Anna", "Say A", opening))
    page = card(await world.says("Anna", "/practice"))
    assert "Crying: you are at turn 2" in lines(page)
    assert lines(card(await world.presses("Anna", "Go on", page))) == lines(stopped)
    theirs = world.command("Ilze", "practice.go_on", values=world.last_values("Anna"))
    assert title(await world.ask(theirs)) == "This practice is no longer kept"
    assert "Crying: you are" not in lines(card(await world.says("Ilze", "/practice")))
    await begins(world, "Anna", "crying")
    mine = card(await world.says("Anna", "/practice mine"))
    assert button_labels(mine).count("Go on") == 1, "what was begun anew is in its place"
    left = card(await world.presses("Anna", "Delete", mine))
    assert title(left) == "You have not practised yet"


async def test_what_was_practised_is_sealed_given_to_its_person_and_deleted_by_them(
    world: World,
) -> None:
    await world.person("Anna")
    me = (await world.known("Anna")).id
    await begins(world, "Anna", "crying")
    await begins(world, "Anna", "shouting")

    def kept(work: SqlWork) -> tuple[str, object]:
        rows = work.connection.execute(select(practice_runs)).mappings().all()
        return repr(rows), cleaning.export(work.connection, me, Seal(SECRET))["practice_runs"]

    rows, given = await world.engine.database.read(kept)
    assert "crying" not in rows
    assert '"scenario": "crying"' in repr(given)
    page = card(await world.says("Anna", "/practice mine"))
    gone = card(await world.presses("Anna", "Delete all of it", page))
    assert title(gone) == "You have not practised yet"
    assert await world.engine.database.read(lambda work: kept(work)[0]) == "[]"


async def test_leaders_read_that_five_have_practised_and_nothing_else(world: World) -> None:
    await world.person("Līga", Role.SUPERVISOR)
    said = "Five or more people have practised in one of the last eight weeks."
    for number in range(USES_FROM):
        assert said not in lines(card(await world.says("Līga", "/practice")))
        user = f"A{number}"
        await world.person(user)
        await begins(world, user, "shouting")
        await to_the_end(world, user, "AAB")
    assert said in lines(card(await world.says("Līga", "/practice")))
    assert said not in lines(card(await world.says("A1", "/practice")))


async def test_who_reads_latvian_practises_in_latvian(world: World) -> None:
    await world.person("Anna", locale="lv")
    found = card(await world.says("Anna", "/practice kliedz"))
    opening = await first_of(world, "Anna", found)
    assert title(opening, "lv") == "Kliedz: 1. solis"
    assert "STRĀVAS NAV!" in lines(opening)
    assert "spriedze 5 no 5" in lines(opening)


async def test_a_call_is_found_by_whatever_word_one_has_for_it(world: World) -> None:
    await world.person("Anna")
    for words, name in (
        ("yelling", "Shouting"),
        ("somebody screams at me", "Shouting"),
        ("angry", "Shouting"),
        ("bļauj", "Shouting"),
        ("кричит", "Shouting"),
        ("widow", "Crying"),
        ("asaras", "Crying"),
        ("wants to sue us", "A threat"),
        ("vardarbibu", "A threat"),
        ("overcharged", "A bill twice as high"),
        ("fitter didn't turn up", "The visit that never came"),
        ("pensionāre", "A senior who can't follow"),
        ("bribe", "A favour others don't get"),
        ("solījums", "“Your colleague promised”"),
    ):
        found = lines(card(await world.says("Anna", f"/practice {words}")))
        assert name in "\n".join(found.splitlines()[:3]), words
    for words in ("shouting", "kliedz"):
        alone = card(await world.says("Anna", f"/practice {words}"))
        assert button_labels(alone) == ["Begin", "All scenarios"], "nothing that only looks alike"


async def test_the_only_competence_is_not_put_away(world: World) -> None:
    await world.person("Zane", Role.COORDINATOR)
    entry = {"entry": "client_orientation"}
    shown = card(await world.ask(world.command("Zane", "competence.entry", values=entry)))
    assert "Put away" not in button_labels(shown)
    refused = await world.ask(world.command("Zane", "competence.away", values=entry))
    assert title(refused) == "This is the only one. Change its words instead."


async def test_the_dictionary_is_one_source_and_coordinators_keep_it(world: World) -> None:
    await world.person("Anna")
    await world.person("Zane", Role.COORDINATOR)
    read = lines(card(await world.says("Anna", "/competence")))
    assert "Turns a quarrel towards a solution" in read
    assert "Looks for reasons not to do what the customer needs" in read
    assert "For whoever leads a team" not in read
    assert "For whoever leads a team" in lines(card(await world.says("Zane", "/competence")))
    await world.says("Zane", "/competence edit")
    asked = form(await world.presses("Zane", "Add something new"))
    texts = {
        "names_lv": "Komandas darbs",
        "names_en": "Teamwork",
        "meaning_lv": "Palīdzēt citam citam.",
        "meaning_en": "To help one another.",
        "shows_lv": "Palīdz nelūgts\nPasaka paldies",
        "shows_en": "Helps without being asked",
        "lacks_lv": "Klusē",
        "lacks_en": "says_nothing: Says nothing",
        "develop_lv": "Pajautājiet.",
        "develop_en": "Ask.",
        "lead_lv": "Rādiet piemēru.",
        "lead_en": "Set an example.",
        "owner_lv": "Zane",
        "owner_en": "Zane",
        "review": "2027-01-01",
    }
    again = form(await world.fills("Zane", asked, **texts))
    assert list(again.errors) == ["shows_lv"]
    texts["shows_en"] += "\nthanks: Says thank you"
    saved = card(await world.fills("Zane", asked, **texts))
    assert "Teamwork: new" in lines(saved)
    thanks = form(
        await world.presses("Anna", "Write a thank-you", card(await world.says("Anna", "/thanks")))
    )
    [_, _, choice] = thanks.fields
    assert isinstance(choice, ChoiceField)
    offered = [one.value for one in choice.options]
    assert offered[:2] == ["customer", "hears_out"]
    assert offered[-2:] == ["helps_without_being_asked", "thanks"]
    await world.person("Ilze")
    await world.fills("Anna", thanks, colleague=("Ilze",), words="you stayed", indicator="thanks")
    [came] = world.inbox("Ilze")
    assert "Says thank you" in lines(came)


async def test_a_coordinator_changes_a_scenarios_words_and_its_turns_stay(world: World) -> None:
    await world.person("Zane", Role.COORDINATOR)
    listed = card(await world.says("Zane", "/practice edit"))
    assert "Add something new" not in button_labels(listed)
    assert "New ones come from a file: plecs practice import FILE.yaml" in lines(listed)
    one = card(await world.presses("Zane", "Shouting", listed))
    asked = form(await world.presses("Zane", "Change", one))
    wrong = form(await world.fills("Zane", asked, indicators="Settles it!"))
    assert list(wrong.errors) == ["indicators"]
    saved = card(await world.fills("Zane", asked, names_en="A baker shouts", indicators="settles"))
    assert "A baker shouts: Name, What it is good for" in lines(saved)
    await world.presses("Zane", "Adopt", saved)
    opening = await begins(world, "Zane", "baker")
    assert title(opening) == "A baker shouts: turn 1"
    assert "Draft" not in lines(opening)


async def test_every_scenario_of_a_full_library_can_be_reached_in_each_way_to_practise(
    world: World,
) -> None:
    await world.person("Anna")
    workspace = (await world.known("Anna")).workspace

    def fill(work: SqlWork) -> None:
        kept = work.of(Scenarios)
        kept.settle(workspace, world.now)
        first = kept.current(workspace, world.now)
        shouting = entry_of(first.content, "shouting")
        assert shouting is not None
        more = [
            replace(shouting, id=f"call_{letter}", names={"lv": letter, "en": f"Call {letter}"})
            for letter in ascii_lowercase[: SCENARIOS.most - len(first.content)]
        ]
        assert kept.save(replace(first, number=2, content=(*first.content, *more)))

    await world.engine.database.run(fill)
    names = {f"Call {letter}" for letter in ascii_lowercase}

    async def all_of(shown: Card) -> set[str]:
        found = set(names.intersection(lines(shown).splitlines()))
        while "More" in button_labels(shown):
            shown = card(await world.presses("Anna", "More", shown))
            found |= names.intersection(lines(shown).splitlines())
        return found

    page = card(await world.says("Anna", "/practice"))
    assert await all_of(page) == names
    assert await all_of(card(await world.presses("Anna", "With a model", page))) == names
    asked = form(await world.presses("Anna", "Choose what to watch", page))
    watched = card(await world.fills("Anna", asked, indicators=("settles",)))
    assert await all_of(watched) == names
    last = card(await world.presses("Anna", "More", watched))
    assert "Turns a quarrel towards a solution" in lines(last)
    assert "You watch this" in lines(card(await world.presses("Anna", "Begin", last)))
    [*_, calls] = form(await world.presses("Anna", "With a colleague", page)).fields
    assert isinstance(calls, ChoiceField)
    assert len(calls.options) == 8 + len(names)


@pytest.mark.parametrize("typed", ["/practice qwxz", "/practice mine", "/practice"])
async def test_there_is_always_a_way_on(world: World, typed: str) -> None:
    await world.person("Anna")
    assert button_labels(card(await world.says("Anna", typed)))
