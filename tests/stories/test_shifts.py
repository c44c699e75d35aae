"""Shifts, as people see, correct and swap their own."""

from datetime import timedelta

from handlers.kit.hours import parse_hours
from handlers.kit.people import Role
from tests.stories.shifts import planned, plans
from tests.world import World, card, form, lines, title

OFFICE = parse_hours("Mon-Fri 09:00-17:00")


async def two(world: World) -> None:
    await world.person("Dace", Role.COORDINATOR)
    await world.person("Anna", hours=OFFICE)
    await world.person("Ilze", hours=OFFICE)
    await plans(world, "Anna", "2.3. 08:00-16:00", "3.3. free", "4.3. 22:00-06:00 desk")
    await plans(world, "Ilze", "2.3. 10:00-18:00", "3.3. 12:00-20:00", "4.3. free")


async def test_a_week_is_shown_with_what_is_planned_and_what_is_usual(world: World) -> None:
    await two(world)
    shown = card(await world.says("Anna", "/plecs shift"))
    assert lines(shown).splitlines()[:8] == [
        "Your shifts from 2.3. to 8.3.",
        "Mo 2.3.: 08:00–16:00",
        "Tu 3.3.: free",
        "We 4.3.: 22:00–06:00 (at a desk)",
        "Th 5.3.: 09:00–17:00",
        "Fr 6.3.: 09:00–17:00",
        "Sa 7.3.: free",
        "Su 8.3.: free",
    ]
    assert "Usual hours: Mon-Fri 09:00-17:00" in lines(shown)
    later = card(await world.presses("Anna", "Next week", shown))
    assert title(later) == "Your shifts from 9.3. to 15.3."
    assert title(await world.presses("Anna", "The week before", later)) == title(shown)
    assert (
        title(await world.says("Anna", "/plecs shift Friday")) == "Your shifts from 6.3. to 12.3."
    )
    await world.person("Zane")
    nothing = card(await world.says("Zane", "/plecs shift"))
    assert "Mo 2.3.: nothing is planned" in lines(nothing)


async def test_a_day_is_corrected_by_its_owner_and_coordinators_see_it(world: World) -> None:
    await two(world)
    shown = card(await world.says("Anna", "/plecs shift"))
    asked = form(await world.presses("Anna", "Correct", shown))  # the last day: Sunday
    wrong = form(await world.fills("Anna", asked, kind="work", start="10:00"))
    assert list(wrong.errors) == ["end"]
    done = card(await world.fills("Anna", asked, kind="work", start="20:00", end="02:00"))
    assert lines(done).splitlines()[:2] == ["Su 8.3. is corrected", "20:00–02:00"]
    assert await planned(world, "Anna", "8.3.") == ["20:00-02:00 work"]
    rest, told = world.inbox("Dace")
    assert "Anna, Mo 9.3.: 7 h before the shift, 12 h are due" in lines(rest)
    assert lines(told) == "Anna corrected a shift\nSu 8.3.: 20:00–02:00"
    await world.fills("Anna", asked, kind="absence")
    assert await planned(world, "Anna", "8.3.") == ["00:00-00:00 absence"]
    [_, told] = world.inbox("Dace")
    assert lines(told).endswith("Su 8.3.: away")
    await world.fills("Anna", asked, kind="free")
    assert await planned(world, "Anna", "8.3.") == ["00:00-00:00 free"]


async def test_a_day_is_corrected_as_one_types_it_and_seen_before_it_counts(world: World) -> None:
    await two(world)
    for typed, day, *begins in (
        ("4.3. 12:00-20:00", "2026-03-04", "work", "12:00", "20:00"),
        ("12.00–20.00 4.3.", "2026-03-04", "work", "12:00", "20:00"),
        ("Wednesday from 9 to 17 desk work", "2026-03-04", "desk", "09:00", "17:00"),
        ("rīt no 22 līdz 6", "2026-03-03", "work", "22:00", "06:00"),
        ("14:00-24:00", "2026-03-02", "work", "14:00", "00:00"),
        ("Friday off", "2026-03-06", "free", "", ""),
        ("brīvs piektdien", "2026-03-06", "free", "", ""),
        ("5.3. mācības", "2026-03-05", "training", "", ""),
    ):
        asked = form(await world.says("Anna", f"/plecs shift {typed}"))
        kind, start, end = begins
        assert asked.values["day"] == day, typed
        assert [one.value for one in asked.fields] == [(kind,), start, end], typed
    assert world.inbox("Dace") == [], "nothing is corrected yet"
    await world.fills("Anna", asked, start="09:00", end="17:00")
    assert await planned(world, "Anna", "5.3.") == ["09:00-17:00 training"]


async def test_hours_of_a_day_that_is_over_or_none_are_refused(world: World) -> None:
    await two(world)
    over = await world.says("Anna", "/plecs shift 1.3. 12:00-20:00")
    assert title(over) == "That day is over."
    for typed in ("Friday off 12-14", "4.3. 25:00-26:00", "somewhen 12:00-20:00"):
        refused = title(await world.says("Anna", f"/plecs shift {typed}"))
        assert refused.startswith("I find no day and no colleague by that name here."), typed


async def test_two_swap_a_day_once_both_have_said_so(world: World) -> None:
    await two(world)
    asked = form(await world.says("Anna", "/plecs shift swapped with Ilze today"))
    sent = card(await world.fills("Anna", asked, colleague=("Ilze",), gives="2026-03-02"))
    assert lines(sent).splitlines()[:4] == [
        "Ilze is asked",
        "If they agree, it will be like this:",
        "Anna, Mo 2.3.: 10:00–18:00",
        "Ilze, Mo 2.3.: 08:00–16:00",
    ]
    assert await planned(world, "Anna", "2.3.") == ["08:00-16:00 work"]
    [question] = world.inbox("Ilze")
    assert title(question) == "Anna would like to swap shifts with you"
    await world.presses("Ilze", "Agree", question)
    assert await planned(world, "Anna", "2.3.") == ["10:00-18:00 work"]
    assert await planned(world, "Ilze", "2.3.") == ["08:00-16:00 work"]
    for who in ("Anna", "Ilze", "Dace"):
        assert lines(world.inbox(who)[-1]).splitlines() == [
            "Anna and Ilze swapped shifts",
            "Anna, Mo 2.3.: 10:00–18:00",
            "Ilze, Mo 2.3.: 08:00–16:00",
        ]
    assert world.titles("Anna") == [
        "Ilze has answered",
        "Anna and Ilze swapped shifts",
    ], "read once, as news; where it was asked nothing can be taken back"
    again = await world.presses("Ilze", "Agree", question)
    assert title(again) == "This is decided already."


async def test_days_are_given_and_taken_where_both_are_free_for_them(world: World) -> None:
    await two(world)
    asked = form(await world.says("Anna", "/plecs shift @Ilze"))
    gives, takes = "2026-03-04", "2026-03-03"
    await world.fills("Anna", asked, colleague=("Ilze",), gives=gives, takes=takes)
    await world.presses("Ilze", "Agree")
    assert [await planned(world, "Anna", day) for day in ("3.3.", "4.3.")] == [
        ["12:00-20:00 work"],
        ["00:00-00:00 free"],
    ]
    assert [await planned(world, "Ilze", day) for day in ("3.3.", "4.3.")] == [
        ["00:00-00:00 free"],
        ["22:00-06:00 desk"],
    ]


async def test_what_can_not_be_swapped_is_said_at_its_field(world: World) -> None:
    await two(world)
    asked = form(
        await world.presses(
            "Anna", "Swap with a colleague", card(await world.says("Anna", "/plecs shift"))
        )
    )
    for gives, takes, wrong in (
        ("2026-03-03", "", "gives"),  # Anna is free
        ("2026-03-02", "2026-03-03", "gives"),  # Ilze works on Monday herself
        ("2026-03-04", "2026-03-05", "takes"),  # Anna works on Thursday, by her week
        ("2026-03-01", "", "gives"),  # over
    ):
        again = await world.fills("Anna", asked, colleague=("Ilze",), gives=gives, takes=takes)
        assert list(form(again).errors)[:1] == [wrong], (gives, takes)
    itself = form(await world.fills("Anna", asked, colleague=("Anna",), gives="2026-03-02"))
    assert list(itself.errors) == ["colleague"]
    assert world.inbox("Ilze") == []


async def test_a_swap_is_declined_taken_back_or_overtaken(world: World) -> None:
    await two(world)
    for label, who in (("I can't", "Ilze"), ("Never mind", "Anna")):
        asked = form(await world.says("Anna", "/plecs shift @Ilze"))
        await world.fills("Anna", asked, colleague=("Ilze",), gives="2026-03-02")
        await world.presses(who, label)
    assert world.titles("Anna") == [
        "Ilze has answered",
        "Ilze can't swap that day",
        "This swap is no longer asked for",
    ], "where it was asked, and as news; and what was taken back"
    assert title(world.inbox("Ilze")[-1]) == "This swap is no longer asked for"
    await world.fills("Anna", asked, colleague=("Ilze",), gives="2026-03-02")
    await plans(world, "Ilze", "2.3. 15:00-23:00")
    late = await world.presses("Ilze", "Agree")
    assert title(late).startswith("The shifts of these days are others by now.")
    assert await planned(world, "Anna", "2.3.") == ["08:00-16:00 work"]
    world.platform.now += timedelta(days=1)
    assert title(await world.presses("Ilze", "Agree")) == "That can no longer be swapped."


async def test_who_is_there_is_told_to_anybody_without_why_somebody_is_not(world: World) -> None:
    await two(world)
    for name in ("Jānis", "Zane", "Līga"):
        await world.person(name, topics=("contracts",), hours=OFFICE)
    await plans(world, "Jānis", "2.3. 14:00-22:00")
    await world.says("Zane", "/break 10")
    shown = lines(card(await world.says("Anna", "/plecs who")))
    assert "contracts: Līga" in shown
    assert "bills: nobody now" in shown
    assert "Zane" not in shown
    assert "Jānis" not in shown
