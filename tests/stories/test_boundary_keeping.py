"""Those who keep the boundaries: what they change in chat, and what a change leaves as it was."""

from dataclasses import replace

from handlers.boundaries.model import Policies
from handlers.boundaries.plain import POLICIES
from handlers.kit.people import Role
from handlers.library.model import Author, Version
from storage.library_yaml import shipped
from storage.work import SqlWork
from tests.stories.boundaries import to_say
from tests.world import MONDAY_TEN, World, card, form, lines, plain, title


async def test_a_coordinator_changes_a_boundary_in_chat(floor: World) -> None:
    await floor.says("Karlis", "/policy edit")
    opened = form(await floor.presses("Karlis", "Sexual remarks"))
    saved = await floor.fills(
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
    now = card(await floor.says("Anna", "/policy sexual"))
    assert to_say(now) == "That is a line I don't accept. Goodbye."
    assert "Draft: nobody here has adopted this boundary yet." in lines(now)
    whole = lines(card(await floor.presses("Anna", "Show all")))
    assert "Version 2. Owner: Head of customer service. To be reviewed by <time>." in whole
    assert "Behind you: nobody yet: this is a draft" in whole
    untouched = card(await floor.says("Anna", "/policy rude"))
    assert "Draft" not in lines(untouched)
    assert "Version 1. Owner" in lines(card(await floor.presses("Anna", "Show all")))

    history = lines(card(await floor.says("Anna", "/policy history")))
    assert history.splitlines() == [
        "What changed, and when",
        "Version 2, <time>, Karlis",
        "Sexual remarks: warnings, ending, review date",
        "Version 1, <time>, came with Plecs",
    ]


async def test_an_old_receipt_stays_as_it_was(floor: World) -> None:
    await floor.says("Anna", "/policy threat")
    await floor.presses("Anna", "I ended the call")
    before = await floor.presses("Anna", "Open", card(await floor.says("Anna", "/policy mine")))
    await floor.says("Karlis", "/policy edit")
    opened = form(await floor.presses("Karlis", "Threatening"))
    await floor.fills("Karlis", opened, ending_en="Goodbye.", allowed_en="Hang up.")
    after = await floor.presses("Anna", "Open", card(await floor.says("Anna", "/policy mine")))
    assert after == before
    assert to_say(after) != "Goodbye."


async def test_an_ending_stands_on_the_version_that_was_on_the_screen(floor: World) -> None:
    shown = card(await floor.says("Anna", "/policy threat"))
    await floor.says("Karlis", "/policy edit")
    opened = form(await floor.presses("Karlis", "Threatening"))
    one_more = {f"warnings_{language}": "Please stop." for language in ("lv", "en", "ru")}
    await floor.fills("Karlis", opened, **one_more)
    ended = await floor.presses("Anna", "I ended the call", shown)
    assert "Version: 1\nWarned: not needed" in lines(card(ended))


async def test_faults_are_shown_at_their_fields_and_words_stay(floor: World) -> None:
    await floor.says("Karlis", "/policy edit")
    opened = form(await floor.presses("Karlis", "Rude or shouting"))
    again = form(
        await floor.fills(
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
    assert "came with Plecs" in lines(card(await floor.says("Karlis", "/policy history")))


async def test_saving_what_did_not_change_makes_no_version(floor: World) -> None:
    await floor.says("Karlis", "/policy edit")
    opened = form(await floor.presses("Karlis", "Insulting"))
    assert title(await floor.fills("Karlis", opened)) == "Nothing was changed"


async def test_two_who_write_at_once_lose_no_words(floor: World) -> None:
    await floor.person("Zane", Role.COORDINATOR)
    forms = []
    for user in ("Karlis", "Zane"):
        await floor.says(user, "/policy edit")
        forms.append(form(await floor.presses(user, "Insulting")))
    await floor.fills("Karlis", forms[0], owner_en="Karlis")
    again = form(await floor.fills("Zane", forms[1], owner_en="Zane"))
    assert "Somebody saved a newer version" in plain(getattr(again.intro[1], "line", ()))
    saved = await floor.fills("Zane", again)
    assert title(saved) == "Saved as version 3"
    await floor.says("Anna", "/policy he insults me")
    shown = lines(card(await floor.presses("Anna", "Show all")))
    assert "Owner: Zane." in shown


async def test_who_is_no_coordinator_is_told_kindly(floor: World) -> None:
    refused = await floor.says("Anna", "/policy edit")
    assert title(refused) == (
        "Boundaries are changed by coordinators. Tell one what should be different."
    )
    await floor.says("Karlis", "/policy edit")
    opened = form(await floor.presses("Karlis", "Insulting"))
    saved = card(await floor.fills("Anna", opened, owner_en="Anna"))
    assert "Nothing was changed" in lines(saved)
    await floor.says("Anna", "/policy he insults me")
    shown = lines(card(await floor.presses("Anna", "Show all")))
    assert "Owner: Head of customer service." in shown


async def test_one_workspace_never_sees_anothers(floor: World) -> None:
    await floor.person("Ola", workspace="T2")

    def stricter(work: SqlWork) -> None:
        policies = shipped(POLICIES, MONDAY_TEN.date())
        rude = replace(policies.behaviours[0], warnings=(), version=2)
        changed = replace(policies, behaviours=(rude, *policies.behaviours[1:]))
        version = Version("paper-T2", 2, MONDAY_TEN, Author(name="Ola"), changed)
        assert work.of(Policies).save(version)

    await floor.engine.database.run(stricter)
    theirs = lines(card(await floor.says("Ola", "/policy swearing", "T2")))
    ours = lines(card(await floor.says("Anna", "/policy swearing")))
    assert ("No warning is needed." in theirs, "Draft: nobody here" in theirs) == (True, True)
    assert ("Say now, warning 1 of 2:" in ours, "Draft" in ours) == (True, False)
