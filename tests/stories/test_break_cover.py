"""Who stays available while others are on a break, and who covers, told as it happened."""

import asyncio

from handlers.kit.cards import Form
from handlers.kit.hours import parse_hours
from handlers.kit.people import Role
from tests.stories.breaks import desk_offer, end_a_call, forward, on_break, set_rule
from tests.world import World, button_labels, card, lines, title


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
    await office.person("Karlis", manager="Liga")
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
    assert title(asked) == "Colleagues are asked to cover for you"
    assert office.titles("Liga") == ["Can you cover for Janis?"]
    assert office.titles("Anna") == [], "nobody on a break is asked"
    await office.presses("Liga", "I'll cover")
    assert office.titles("Janis") == ["Your break, until <time>", "Liga covers for you"]
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
    assert office.titles("Janis") == ["Nobody can cover right now"] * 2
    assert button_labels(office.inbox("Janis")[1]) == [
        "At <time>",
        "Never mind",
        "Somebody to call",
    ]
    assert office.titles("Liga") == ["No cover is needed any more. Thank you."]
    await office.presses("Janis", "At <time>")
    await forward(office, minutes=5)
    assert office.titles("Janis")[-1] == "Your break, until <time>"


async def test_a_desk_worker_of_the_team_covers_from_the_line(office: World) -> None:
    await office.person("Karlis", manager="Liga")
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
    assert office.titles("Janis") == ["Your break, until <time>", "Karlis covers for you"]
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


async def test_those_without_a_manager_are_no_team_but_by_what_the_admin_chose(
    world: World,
) -> None:
    for user, topics, position in (
        *(("Anna", ("bills",), "Agent"), ("Janis", ("contracts",), "Agent")),
        *(("Ilze", ("bills",), "Clerk"), ("Eva", (), ""), ("Vita", (), "")),
    ):
        await world.person(user, topics=topics, position=position)
    gone = [title(await world.says(user, "/break 5")) for user in ("Anna", "Janis", "Ilze")]
    assert gone == ["Your break, until <time>", "Your break, until <time>", "Not this minute"]
    for user in ("Eva", "Vita"):
        assert title(await world.says(user, "/break 5")) == "Your break, until <time>"
    await forward(world, minutes=5)
    await set_rule(world, others="position")
    gone = [title(await world.says(user, "/break 5")) for user in ("Anna", "Janis", "Ilze")]
    assert gone == ["Your break, until <time>", "Not this minute", "Your break, until <time>"]


async def test_alone_on_duty_one_may_take_a_break(world: World) -> None:
    await world.person("Anna", manager="Liga")
    await world.person("Janis", hours=parse_hours("Mon-Fri 12:00-20:00"), manager="Liga")
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
        await world.person(f"P{number}", manager="Liga")
    await set_rule(world, keep=0, share=75)
    answers = [title(await world.says(f"P{number}", "/break 10")) for number in range(4)]
    assert answers == ["Your break, until <time>"] * 2 + ["Not this minute"] * 2


async def test_admins_set_the_rule(office: World) -> None:
    await office.person("Boss", Role.ADMIN)
    form = await office.says("Boss", "/plecs settings")
    assert "Change the breaks" in button_labels(card(form))
    form = await office.presses("Boss", "Change the breaks")
    assert isinstance(form, Form)
    await office.fills("Boss", form, keep="3", share="50", hard_first="no")
    said = lines(card(await office.says("Boss", "/plecs settings")))
    assert "On breaks: at least 3 available, and 50 %" in said


async def test_whoever_covered_the_break_does_not_cover_the_desk_work(office: World) -> None:
    await office.person("Zane", manager="Liga")
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
