"""Break plans and rest, told as the days on which they mattered."""

from datetime import UTC, datetime, time, timedelta

from handlers.kit.cards import Form
from handlers.kit.hours import parse_hours
from handlers.kit.notices import Notice, Priority
from handlers.kit.people import Role
from handlers.plans.model import PROPOSAL
from tests.world import MONDAY_TEN, World, button_labels, card, lines, plain, title

OFFICE = parse_hours("Mon-Fri 09:00-17:00")


async def until(world: World, at: datetime) -> None:
    """Lets time pass until then."""
    await world.forward(seconds=(at - world.now).total_seconds())


def near(at: datetime, wall: str) -> bool:
    """Whether it came around that minute in Riga, in winter."""
    minute = datetime.combine(at.date(), time.fromisoformat(wall), UTC) - timedelta(hours=2)
    return -timedelta(minutes=2) <= at - minute <= timedelta(minutes=4)


async def test_five_minutes_each_hour(world: World) -> None:
    await world.person("Anna", hours=OFFICE)
    reply = await world.says("Anna", "/plecs plan")
    assert title(reply) == "Your break plan"
    reply = await world.presses("Anna", "5 minutes each hour")
    assert "Breaks: 5 min every 60 min\nDays: Mo, Tu, We, Th, Fr" in lines(card(reply))

    await until(world, MONDAY_TEN + timedelta(minutes=57))
    assert world.titles("Anna") == []
    await until(world, MONDAY_TEN + timedelta(minutes=61))
    assert world.titles("Anna") == ["Time for a break: 5 minutes"]
    assert button_labels(world.inbox("Anna")[0]) == ["Now", "In 10 minutes", "Skip"]

    await until(world, MONDAY_TEN + timedelta(hours=24, minutes=2))
    came = [m.at for m in world.platform.messages.values()]
    planned = [MONDAY_TEN + timedelta(hours=hour) for hour in range(1, 7)]
    planned.append(MONDAY_TEN + timedelta(hours=24))  # Tuesday at ten
    assert len(came) == len(planned)
    for at, minute in zip(came, planned, strict=True):
        # Its own second, and the steps in which the story lets time pass.
        assert -timedelta(minutes=2) <= at - minute <= timedelta(minutes=4), (at, minute)


async def test_in_ten_minutes_once_and_skip(world: World) -> None:
    await world.person("Anna", hours=OFFICE)
    await world.says("Anna", "/plecs plāns")
    await world.presses("Anna", "5 minutes each hour")
    await until(world, MONDAY_TEN + timedelta(minutes=61))

    await world.presses("Anna", "In 10 minutes")
    assert lines(world.inbox("Anna")[0]).endswith("Again in 10 minutes.")
    await world.forward(minutes=9)
    assert len(world.inbox("Anna")) == 1
    await world.forward(minutes=2)
    assert button_labels(world.inbox("Anna")[1]) == ["Now", "Skip"], "only once"
    assert await world.presses("Anna", "Skip") is None
    assert [button_labels(one) for one in world.inbox("Anna")] == [[], []]


async def test_now_begins_the_break_and_nothing_comes_meanwhile(world: World) -> None:
    await world.person("Anna", hours=OFFICE)
    await world.says("Anna", "/break plan")
    form = await world.presses("Anna", "My own plan")
    assert isinstance(form, Form)
    await world.fills("Anna", form, every="0", minutes="40", times="10:30 11:00")
    await world.forward(minutes=32)
    assert world.titles("Anna") == ["Time for a break: 40 minutes"]
    await world.presses("Anna", "Now", world.inbox("Anna")[0])
    assert lines(world.inbox("Anna")[0]).endswith("Enjoy it.")
    known = len(world.inbox("Anna"))
    await world.forward(minutes=38)  # eleven passes
    assert len(world.inbox("Anna")) == known
    await world.forward(minutes=5)
    assert world.titles("Anna")[-1] == "Time for a break: 40 minutes", "once, afterwards"


async def test_a_hand_that_is_up_is_not_interrupted_and_one_reminder_follows(world: World) -> None:
    await world.person("Anna", hours=OFFICE)
    await world.person("Jānis")
    await world.says("Anna", "/plecs plan")
    await world.presses("Anna", "Short every 30, long every 90")
    await world.forward(minutes=25)
    await world.says("Anna", "/hand")
    await world.presses("Jānis", "I'm coming")
    seen = len(world.inbox("Anna"))
    await world.forward(minutes=25)  # 10:30 passes
    assert len(world.inbox("Anna")) == seen
    await world.presses("Anna", "Solved")
    await world.forward(minutes=1)
    assert sorted(world.titles("Anna")[seen:]) == [
        "The call is over. A break?",
        "Time for a break: 15 minutes",
    ]


async def test_three_days_of_skipping_lead_to_one_question(world: World) -> None:
    await world.person("Anna", hours=OFFICE)
    await world.says("Anna", "/plecs plan")
    await world.presses("Anna", "15 minutes every 2 hours")
    for day in range(3):
        await until(world, MONDAY_TEN + timedelta(days=day, hours=1, minutes=2))
        reply = await world.presses("Anna", "Skip")
        assert (reply is None) == (day < 2)
    assert title(reply) == "Does this plan fit you?"
    assert button_labels(card(reply)) == ["Lunch", "Keep it as it is", "Stop the reminders"]
    assert title(await world.presses("Anna", "Keep it as it is")) == "It stays as it is"

    await until(world, MONDAY_TEN + timedelta(days=3, hours=1, minutes=2))
    assert await world.presses("Anna", "Skip") is None, "it is asked once"
    assert title(await world.presses("Anna", "Stop the reminders", card(reply))) == (
        "No more reminders"
    )
    sent = len(world.inbox("Anna"))
    await world.forward(days=1)
    assert len(world.inbox("Anna")) == sent


async def test_a_skipped_lunch_is_offered_once_more(world: World) -> None:
    await world.person("Anna", hours=OFFICE)
    await world.says("Anna", "/plecs plan")
    await world.presses("Anna", "Lunch")
    lunch = MONDAY_TEN + timedelta(hours=2, minutes=30)
    await until(world, lunch + timedelta(minutes=2))
    assert world.titles("Anna") == ["Lunch time"]
    await world.presses("Anna", "Skip")
    await until(world, lunch + timedelta(minutes=61))
    assert len(world.inbox("Anna")) == 1
    await world.forward(minutes=3)
    assert world.titles("Anna") == ["Lunch time"] * 2
    await world.presses("Anna", "Skip")
    assert button_labels(world.inbox("Anna")[1]) == []
    await until(world, MONDAY_TEN + timedelta(hours=10))
    assert len(world.inbox("Anna")) == 2, "not a third time"


async def test_what_is_not_urgent_waits_for_the_morning_and_comes_together(world: World) -> None:
    await world.person("Anna")
    for user in ("Māra", "Ilze"):
        await world.person(user, Role.COORDINATOR, helps=False, hours=OFFICE)
    await until(world, datetime(2026, 3, 6, 16, 0, tzinfo=UTC))  # Friday, six in the evening
    for _ in range(3):
        await world.says("Anna", "/hand")  # nobody is there to help
        await world.presses("Anna", "Take my hand down")
    assert world.titles("Māra") == []
    monday = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
    await until(world, monday - timedelta(minutes=10))
    assert world.titles("Māra") == world.titles("Ilze") == []
    await world.says("Ilze", "/plecs away until Tuesday")
    await world.says("Anna", "/hand")
    await world.forward(minutes=12)
    assert world.titles("Ilze") == []
    # Friday's hands are down by now: only the one that is up is still true, and comes as itself.
    assert world.titles("Māra") == ["Nobody was free for Anna"]
    await world.presses("Anna", "Take my hand down")
    await until(world, monday + timedelta(days=1, minutes=1))
    assert world.titles("Ilze") == [], "by Tuesday it is no longer true"


async def test_several_that_waited_are_one_message_with_their_buttons(world: World) -> None:
    anna = await world.person("Anna", hours=OFFICE)
    mara = await world.person("Māra", Role.COORDINATOR, hours=OFFICE)
    await until(world, MONDAY_TEN + timedelta(hours=10))
    notices = [
        Notice(PROPOSAL, f"{preset}.{mara.id}.x", (anna.id,), world.now, Priority.BULK)
        for preset in ("hourly", "lunch")
    ]
    await world.engine.database.run(lambda work: work.outbox.add(anna.workspace, *notices))
    await world.settle()
    assert world.titles("Anna") == []
    await until(world, datetime(2026, 3, 3, 7, 1, tzinfo=UTC))
    assert world.titles("Anna") == ["2 things waited for you"]
    assert button_labels(world.inbox("Anna")[0]) == ["Take this plan", "See other plans"] * 2
    await world.forward(hours=10)
    assert len(world.inbox("Anna")) == 1, "what was gathered doesn't come again"


async def test_being_back_early_ends_the_wait(world: World) -> None:
    anna = await world.person("Anna", hours=OFFICE)
    mara = await world.person("Māra", Role.COORDINATOR, hours=OFFICE)
    await world.says("Anna", "/plecs away")
    notice = Notice(PROPOSAL, f"hourly.{mara.id}.x", (anna.id,), world.now, Priority.BULK)
    await world.engine.database.run(lambda work: work.outbox.add(anna.workspace, notice))
    await world.forward(minutes=30)
    assert world.titles("Anna") == []
    await world.presses("Anna", "I'm back")
    assert world.titles("Anna") == ["Māra proposes a break plan"]


async def test_an_urgent_ping_never_waits(world: World) -> None:
    await world.person("Anna", hours=parse_hours("Mon-Fri 22:00-06:00"))
    await world.person("Jānis", hours=OFFICE)
    await world.says("Anna", "/hand")
    assert world.titles("Jānis") == ["Anna needs a colleague"]


async def test_a_coordinator_proposes_and_nobody_is_forced(world: World) -> None:
    await world.person("Māra", Role.COORDINATOR, hours=OFFICE)
    await world.person("Anna", hours=OFFICE, manager="Līga")
    await world.person("Ilze", hours=OFFICE, manager="Līga", locale="lv")
    await world.person("Zane", hours=OFFICE)
    await world.says("Māra", "/plecs plan")
    form = await world.presses("Māra", "Propose to a team")
    assert isinstance(form, Form)
    reply = await world.fills("Māra", form, preset="two_hours", team="team:Līga")
    assert title(reply) == "Proposed"
    assert world.titles("Anna") == ["Māra proposes a break plan"]
    assert world.titles("Ilze") == ["Māra piedāvā paužu plānu"]
    assert world.titles("Zane") == []
    reply = await world.presses("Anna", "Take this plan")
    assert "15 min every 120 min" in lines(card(reply))
    assert world.titles("Māra") == []
    await world.says("Anna", "/plecs plan")
    with_role = await world.says("Anna", "/plecs plan")
    assert "Propose to a team" not in button_labels(card(with_role))


async def test_ones_own_plan_and_what_cannot_be_read(world: World) -> None:
    await world.person("Anna", hours=OFFICE)
    await world.says("Anna", "/plecs plan")
    form = await world.presses("Anna", "My own plan")
    assert isinstance(form, Form)
    wrong = await world.fills(
        "Anna", form, every="5", times="25:00", lunch="noon", quiet="11-12", days=()
    )
    assert isinstance(wrong, Form)
    assert {name: plain(line) for name, line in wrong.errors.items()} == {
        "every": "No more often than every 15 minutes, or 0.",
        "times": "I can't read “25:00”. Write it like 10:30.",
        "lunch": "I can't read “noon”. Write it like 10:30.",
        "quiet": "I can't read “11-12”. Write it like 11:00-12:00.",
        "days": "Choose at least one day.",
    }
    reply = await world.fills(
        "Anna",
        form,
        every="45",
        minutes="10",
        times="16:30",
        lunch="12:30",
        quiet="11:00-12:00",
        days=("MO", "WE"),
    )
    assert lines(card(reply)).startswith(
        "Your break plan\n"
        "Breaks: 10 min every 45 min, 10 min at 16:30\n"
        "Lunch: 30 min at 12:30\n"
        "Days: Mo, We\n"
        "Never between: 11:00-12:00\n"
        "In working hours: Mon-Fri 09:00-17:00\n"
        "Next: <time>"
    )
    await until(world, MONDAY_TEN + timedelta(hours=20))
    came = [m.at for m in world.platform.messages.values()]
    # 11:15 is quiet, 12:45 is beside lunch, and the rest come within their three minutes.
    planned = ["10:30", "12:00", "12:30", "13:30", "14:15", "15:00", "15:45", "16:30"]
    assert [near(at, minute) for at, minute in zip(came, planned, strict=True)] == [True] * 8


async def test_a_long_shift_has_one_break_more(world: World) -> None:
    await world.person("Anna", hours=parse_hours("Mon 09:00-19:00"))
    await world.says("Anna", "/plecs plan")
    await world.presses("Anna", "Lunch")
    await until(world, MONDAY_TEN + timedelta(hours=12))
    assert world.titles("Anna") == ["Lunch time", "A long shift: 10 more minutes for you"]


async def test_rest_and_holidays_are_a_setting(world: World) -> None:
    await world.person("Admin", Role.ADMIN)
    reply = await world.says("Admin", "/plecs settings")
    kept = "Rest and holidays: 12 h between shifts, 42 h in a week; holidays: LV"
    assert kept in lines(card(reply))
    form = await world.presses("Admin", "Rest and holidays")
    assert isinstance(form, Form)
    await world.fills("Admin", form, country="none", hours="11")
    reply = await world.says("Admin", "/plecs settings")
    kept = "Rest and holidays: 11 h between shifts, 42 h in a week; holidays: none"
    assert kept in lines(card(reply))


async def test_everything_stands_in_latvian(world: World) -> None:
    await world.person("Ilze", hours=OFFICE, locale="lv")
    reply = await world.says("Ilze", "/plecs plāns")
    assert title(reply) == "Jūsu paužu plāns"
    reply = await world.presses("Ilze", "Īsa ik 30 min, gara ik 90 min")
    assert "Pauzes: 5 min ik pēc 30 min, 15 min ik pēc 90 min" in lines(card(reply))
    await world.forward(minutes=32)
    assert world.titles("Ilze") == ["Laiks pauzei: 15 minūtes"]


async def test_a_rhythm_begins_anew_after_a_break(world: World) -> None:
    await world.person("Anna", hours=OFFICE)
    await world.says("Anna", "/plecs plan")
    await world.presses("Anna", "5 minutes each hour")
    await until(world, MONDAY_TEN + timedelta(minutes=50))
    await world.says("Anna", "/break 15")  # eleven falls into it
    await until(world, MONDAY_TEN + timedelta(minutes=122))
    assert [title for title in world.titles("Anna") if title.startswith("Time for")] == []
    await until(world, MONDAY_TEN + timedelta(minutes=127))
    reminders = [m.at for m in world.messages if plain(m.card.title).startswith("Time for")]
    assert len(reminders) == 1
    assert near(reminders[0], "12:05")
    await until(world, MONDAY_TEN + timedelta(minutes=187))
    assert len([one for one in world.titles("Anna") if one.startswith("Time for")]) == 2


async def test_a_reminder_for_its_time_does_not_meet_who_is_just_back(world: World) -> None:
    await world.person("Anna", hours=OFFICE)
    await world.says("Anna", "/break plan")
    form = await world.presses("Anna", "My own plan")
    assert isinstance(form, Form)
    await world.fills("Anna", form, every="0", minutes="10", times="10:30 15:00")
    await until(world, MONDAY_TEN + timedelta(minutes=20))
    await world.says("Anna", "/break 20")
    await until(world, MONDAY_TEN + timedelta(minutes=41))
    assert not world.titles("Anna")[-1].startswith("Time for a break")
    await until(world, MONDAY_TEN + timedelta(minutes=43))
    assert world.titles("Anna")[-1] == "Time for a break: 10 minutes"


async def test_what_was_put_off_and_the_next_one_are_one(world: World) -> None:
    await world.person("Anna", hours=OFFICE)
    await world.says("Anna", "/plecs plan")
    await world.presses("Anna", "Short every 30, long every 90")
    await until(world, MONDAY_TEN + timedelta(minutes=46))
    await world.presses("Anna", "In 10 minutes")
    await until(world, MONDAY_TEN + timedelta(minutes=75))
    came = [m.at for m in world.messages if plain(m.card.title).startswith("Time for a break")]
    assert len(came) == 2, "10:30 and 10:56, and no other at eleven"
    assert near(came[1], "10:56")
    await until(world, MONDAY_TEN + timedelta(minutes=106))
    assert world.titles("Anna")[-1] == "Time for a break: 5 minutes"
    await world.presses("Anna", "In 10 minutes")
    await until(world, MONDAY_TEN + timedelta(minutes=135))
    came = [m.at for m in world.messages if plain(m.card.title).startswith("Time for a break")]
    assert len(came) == 4, "11:30, and at 11:56 the long one of noon"
    assert near(came[3], "11:56")
    assert world.titles("Anna")[-1] == "Time for a break: 15 minutes"


async def test_five_minutes_more_are_the_same_break(world: World) -> None:
    """What fell into it comes after them, and who comes back much later does not put off more."""
    await world.person("Anna", hours=OFFICE)
    await world.says("Anna", "/break plan")
    form = await world.presses("Anna", "My own plan")
    assert isinstance(form, Form)
    await world.fills("Anna", form, every="0", minutes="10", times="10:15")
    await until(world, MONDAY_TEN + timedelta(minutes=9))
    await world.says("Anna", "/break 10")
    await until(world, MONDAY_TEN + timedelta(minutes=20))
    await world.presses("Anna", "5 minutes more")
    await until(world, MONDAY_TEN + timedelta(minutes=26))
    assert [one for one in world.titles("Anna") if one.startswith("Time for")] == []
    await until(world, MONDAY_TEN + timedelta(minutes=28))
    came = [m.at for m in world.messages if plain(m.card.title).startswith("Time for")]
    assert len(came) == 1
    assert near(came[0], "10:27")


async def test_a_break_that_was_over_begins_no_rhythm_anew_when_its_card_is_answered(
    world: World,
) -> None:
    await world.person("Anna", hours=OFFICE)
    await world.says("Anna", "/plecs plan")
    await world.presses("Anna", "5 minutes each hour")
    await world.says("Anna", "/break 10")
    await until(world, MONDAY_TEN + timedelta(minutes=35))
    await world.presses("Anna", "Available")
    await until(world, MONDAY_TEN + timedelta(minutes=72))
    came = [m.at for m in world.messages if plain(m.card.title).startswith("Time for")]
    assert len(came) == 1
    assert near(came[0], "11:10")
