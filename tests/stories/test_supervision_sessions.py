"""Supervision groups as their members live them."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from handlers.kit.cards import Card
from handlers.kit.hours import parse_hours
from handlers.kit.people import Person, Profile, Role
from handlers.supervision.sessions.model import Attendance, Seats, SessionSeat, Turn
from handlers.supervision.shared import lifecycle as life
from storage.work import SqlWork
from tests.stories.supervision_sessions import (
    NAMES,
    ON,
    WORTH,
    everybody_agrees,
    held,
    meeting,
    newest,
    parts,
    session,
    sessions,
    titled,
    until,
)
from tests.stories.test_supervision_cases import kept_cases
from tests.world import World, button_labels, card, form, lines, plain, title


async def test_reminders_come_as_chosen_and_say_whose_turn_it_is(world: World) -> None:
    await meeting(world)
    chosen = form(await world.ask(world.command("Oto", "session.reminders")))
    await world.fills("Oto", chosen, when=("soon",))
    begins = sessions()[0].starts_at
    seen = {name: len(world.inbox(name)) for name in NAMES}

    await until(world, begins - timedelta(days=7) + timedelta(minutes=5))
    assert [len(world.inbox(name)) - seen[name] for name in NAMES] == [1, 1, 1, 0, 1, 1]
    week = newest(world, "Anna")
    assert "Lanterns: <time>" in lines(card(await world.says("Anna", "/home")))
    assert "Facilitates: " in lines(week)
    assert "Where: https://meet.example/lanterns" in lines(week)
    assert button_labels(week)[:4] == [
        "I'll be there",
        "I'll be late",
        "I can't",
        "Something I'd like to bring",
    ]
    assert len(await parts(world)) == 4, "one facilitates, two bring a case, one takes notes"

    await until(world, begins - timedelta(days=1) + timedelta(minutes=5))
    assert [len(world.inbox(name)) - seen[name] for name in NAMES] == [2, 2, 2, 0, 2, 2]
    await until(world, begins - timedelta(minutes=14))
    assert [len(world.inbox(name)) - seen[name] for name in NAMES] == [3, 3, 3, 1, 3, 3]
    assert "begins at" in plain(newest(world, "Oto").title)


async def test_who_cannot_come_gives_their_turn_on_and_gets_another(world: World) -> None:
    await meeting(world)
    begins = sessions()[0].starts_at
    await until(world, begins - timedelta(days=7) + timedelta(minutes=5))
    before = await parts(world)
    leads = next(name for name, part in before.items() if part is Turn.FACILITATOR)
    week = newest(world, leads)
    assert "You facilitate" in lines(week)
    await world.presses(leads, "I can't", week)
    after = await parts(world)
    assert leads not in after
    following = next(name for name, part in after.items() if part is Turn.FACILITATOR)
    assert "a turn for you" in plain(newest(world, following).title)
    assert "Can come: 5 of 6" in lines(world.inbox(following)[1])
    assert leads in await parts(world, "s2"), "theirs comes the next time"


async def test_two_swap_with_one_tap_each_and_it_stays(world: World) -> None:
    await meeting(world)
    begins = sessions()[0].starts_at
    await until(world, begins - timedelta(days=7) + timedelta(minutes=5))
    before = await parts(world)
    asker = next(name for name, part in before.items() if part is Turn.FACILITATOR)
    other = next(name for name in NAMES if name not in before)
    third = next(name for name in NAMES if name not in (asker, other, *before))
    asked = form(await world.presses(asker, "Swap my turn", newest(world, asker)))
    reply = await world.fills(asker, asked, other=(await world.known(other)).id)
    assert title(reply) == f"{other} is asked"
    assert await parts(world) == before, "nothing has changed yet"
    question = newest(world, other)
    assert "You would: facilitate" in lines(question)
    await world.presses(other, "Swap", question)
    after = await parts(world)
    assert after[other] is Turn.FACILITATOR
    assert asker not in after
    assert plain(newest(world, asker).title).startswith("Swapped")
    told = [one for one in world.inbox(asker) if plain(one.title).startswith("Swapped")]
    assert len(told) == 2, "the card that said that it waits says so as well"

    # Somebody else's absence gives out the rest anew, and leaves the swap alone.
    gone = next(name for name, part in after.items() if part is Turn.NOTES)
    await world.presses(gone, "I can't", world.inbox(gone)[1])
    assert (await parts(world))[other] is Turn.FACILITATOR
    assert asker not in await parts(world)

    again = form(await world.presses(other, "Swap my turn", world.inbox(other)[1]))
    await world.fills(other, again, other=(await world.known(third)).id)
    await world.presses(third, "Not this time", newest(world, third))
    assert (await parts(world))[other] is Turn.FACILITATOR
    assert "no longer asked for" in lines(newest(world, third))
    assert "no longer asked for" in lines(newest(world, other))


async def test_the_session_has_an_agenda_and_nothing_disturbs_who_is_there(world: World) -> None:
    await meeting(world)
    await everybody_agrees(world)
    first = sessions()[0]
    await until(world, first.starts_at - timedelta(days=7) + timedelta(minutes=5))
    for name in NAMES[:4]:
        await world.presses(name, "I'll be there", newest(world, name))
    await world.presses("Zane", "I'll be late", newest(world, "Zane"))
    who = await parts(world)
    leads = next(name for name, part in who.items() if part is Turn.FACILITATOR)
    other = next(name for name in NAMES[:5] if name not in who)
    await until(world, first.starts_at + timedelta(minutes=1))
    room = titled(world, leads, ON)
    assert "now <time> Arrive, 10 min" in lines(room)
    assert "1 comes a little later." in lines(room)
    assert "Next: The agreement" in button_labels(room)
    assert "Next: The agreement" not in button_labels(titled(world, other, ON))
    assert "I'm here" in button_labels(titled(world, "Ilze", ON)), "who said nothing may still come"

    # A raised hand reaches none of those who sit there.
    seen = {name: len(world.inbox(name)) for name in NAMES}
    await world.person("Agent")
    await world.says("Agent", "/hand")
    assert [len(world.inbox(name)) - seen[name] for name in NAMES[:5]] == [0] * 5
    await world.presses("Ilze", "I'm here", titled(world, "Ilze", ON))

    await world.presses(leads, "Next: The agreement", room)
    assert "now <time> The agreement, 5 min" in lines(titled(world, other, ON))
    refused = await world.ask(
        world.command(other, "session.step", values={"session": "s1", "point": "3"})
    )
    assert title(refused) == "The facilitator leads through the agenda."

    await until(world, first.ends_at + timedelta(minutes=1))
    assert not any(ON in one for one in world.titles(other)), "the card says that it is over"
    asked = titled(world, other, WORTH)
    assert button_labels(asked) == ["1", "2", "3", "4", "5", "What I take with me"]

    def came(work: SqlWork) -> list[Attendance]:
        return [seat.attendance for seat in work.of(Seats).of(["s1"])]

    assert await world.engine.database.read(came) == [Attendance.ATTENDED] * 6


async def test_an_average_is_shown_once_and_of_five_or_more(world: World) -> None:
    await held(world, (5, 4, 4, 3, 5))
    assert "You said 5 of 5." in lines(titled(world, "Anna", WORTH))
    await world.presses("Anna", "4", titled(world, "Anna", WORTH))
    front = lines(card(await world.says("Anna", "/supervision")))
    assert "Worth the time" not in front, "not before it is closed: who answered last would show"
    await until(world, sessions()[0].ends_at + timedelta(days=1, minutes=1))
    front = lines(card(await world.says("Oto", "/supervision")))
    assert "Worth the time: 4.0 of 5, from 5 answers." in front
    late = await world.ask(
        world.command("Ilze", "session.rate", values={"session": "s1", "points": "1"})
    )
    assert title(late) == "The answers are closed. Thank you all the same."
    front = lines(card(await world.says("Oto", "/supervision")))
    assert "Worth the time: 4.0 of 5, from 5 answers." in front


async def test_four_answers_are_nobodys_average(world: World, tmp_path: Path) -> None:
    await held(world, (5, 4, 4, 3))
    await until(world, sessions()[0].ends_at + timedelta(days=1, minutes=1))
    assert "Worth the time" not in lines(card(await world.says("Anna", "/supervision")))
    with sqlite3.connect(tmp_path / "world.db") as connection:
        for table in ("supervision_ratings", "supervision_outcomes"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608 - our own names


async def test_too_few_can_come_and_the_group_moves_it(world: World) -> None:
    names = NAMES[:5]
    await meeting(world, names)
    first = sessions()[0]
    await until(world, first.starts_at - timedelta(days=7) + timedelta(minutes=5))
    await world.presses("Anna", "I can't", newest(world, "Anna"))
    assert not any("only" in one for one in world.titles("Zane"))
    await world.presses("Jānis", "I can't", world.inbox("Jānis")[1])
    vote = newest(world, "Zane")
    assert "only 3 can come" in plain(vote.title)
    assert button_labels(vote) == ["Choose"] * 4, "three dates, or as it is"
    for name in ("Anna", "Jānis"):
        await world.presses(name, "Choose", _first_of(newest(world, name)))
    assert (await session(world)).starts_at == first.starts_at
    assert "2 for it" in lines_of_rows(newest(world, "Zane"))
    await world.presses("Zane", "Choose", _first_of(newest(world, "Zane")))
    moved = await session(world)
    assert moved.starts_at > first.ends_at
    assert (moved.sequence, moved.id) == (1, "s1")
    assert "has a new time" in plain(newest(world, "Oto").title)
    seats = await world.engine.database.read(lambda work: work.of(Seats).of(["s1"]))
    assert {seat.attendance for seat in seats} == {Attendance.UNKNOWN}


def _first_of(vote: Card) -> Card:
    """The vote with its first date alone."""
    return replace(vote, parts=vote.parts[1:2])


def lines_of_rows(vote: Card) -> str:
    return "\n".join(plain(part.line) for part in vote.parts if hasattr(part, "line"))


async def test_who_is_gone_leaves_no_turn_and_no_request(world: World) -> None:
    people = await meeting(world)
    before = await parts(world)
    leads = next(name for name, part in before.items() if part is Turn.FACILITATOR)
    await world.fills(leads, form(await world.says(leads, "/supervision ask")))
    gone = next(person for person in people if person.name == leads)
    await world.engine.desk.learn(Profile(gone.addresses[0], leads, active=False))
    await world.settle()
    assert leads not in await parts(world)
    assert Turn.FACILITATOR in (await parts(world)).values()
    assert plain(newest(world, "Dace").title) == "This request is answered"


async def test_the_last_reminder_comes_at_rest_too_but_in_no_call(world: World) -> None:
    await meeting(world)
    for name in ("Anna", "Jānis"):
        person = await world.known(name)
        resting = replace(person, hours=parse_hours("Mon-Fri 06:00-10:00"))

        def save(work: SqlWork, kept: Person = resting) -> None:
            work.people.save(kept)

        await world.engine.database.run(save)
    first = sessions()[0]
    await until(world, first.starts_at - timedelta(minutes=20))
    seen = {name: len(world.inbox(name)) for name in NAMES}
    await world.says("Jānis", "/hand")
    away = replace(await world.known("Līga"), away_until=world.now + timedelta(days=2))
    await world.engine.database.run(lambda work: work.people.save(away))
    await until(world, first.starts_at - timedelta(minutes=13))
    assert "begins at" in plain(newest(world, "Anna").title)
    for name in ("Jānis", "Līga"):
        assert not any("begins at" in one for one in world.titles(name)[seen[name] :])


async def test_what_no_button_of_ours_would_send_is_answered_and_does_nothing(
    world: World,
) -> None:
    await meeting(world)
    await world.person("Stranger")
    first = {"session": "s1"}
    before = await world.engine.database.read(lambda work: work.of(Seats).of(["s1"]))
    for name, values in (
        ("session.attend", first | {"how": "attended"}),
        ("session.attend", first | {"how": "\U0001f600"}),
        ("session.attend", {"session": "x" * 5_000}),
        ("session.vote", first | {"choice": "stay"}),
        ("session.rate", first | {"points": "5"}),
        ("session.swap.send", first | {"other": "nobody"}),
        ("session.swap.yes", {"swap": "nothing"}),
        ("session.step", first | {"point": "-3"}),
        ("session.cases", first),
        ("session.agree", {"group": "nothing"}),
        ("session.agreement", {"group": ""}),
    ):
        reply = await world.ask(world.command("Anna", name, values=values))
        assert reply is None or "\n" not in lines(card(reply)), "one line that says why"
    for name in ("show", "attend", "case", "cases", "swap", "keepsake.keep", "rate", "step"):
        values = first | {"how": "coming", "words": "x", "points": "3"}
        reply = await world.ask(world.command("Stranger", f"session.{name}", values=values))
        assert title(reply) == "I can't find this session among yours any more."
    for name in ("session.agreement.form", "session.agreement.save", "session.request.done"):
        reply = await world.ask(world.command("Anna", name, values={"group": "g1"}))
        assert "coordinator" in title(reply)
    assert await world.engine.database.read(lambda work: work.of(Seats).of(["s1"])) == before

    asked = form(await world.ask(world.command("Anna", "session.case", values=first)))
    long = form(await world.fills("Anna", asked, words="ā" * 5_000))
    assert plain(long.errors["words"]).startswith("At most 600 characters")
    assert "words" in form(await world.fills("Anna", asked, words=" \u200b\n ")).errors
    assert await kept_cases(world) == 0
    reply = await world.fills("Anna", asked, words="\U0001f600 raudāju arī es")
    assert title(reply) == "It waits for the session"
    for _ in range(2):
        await world.fills("Anna", asked, words="un vēl")
    refused = await world.fills("Anna", asked, words="ceturtais")
    assert title(refused) == "You bring 3 things already. Take one back first."


async def test_an_outside_facilitator_leads_and_has_no_vote(world: World) -> None:
    boss = await world.person("Velta", Role.SUPERVISOR)
    await meeting(world, NAMES[:5], facilitator=boss.id)

    def book(work: SqlWork) -> None:
        work.of(Seats).put([SessionSeat(one.id, boss.id) for one in sessions()])
        life.arrange(work, "g1", world.now)

    await world.engine.database.run(book)
    assert (await parts(world))["Velta"] is Turn.FACILITATOR
    assert sorted((await parts(world)).values()) == [
        "facilitator",
        "notes",
        "presenter",
        "presenter",
    ]
    first = sessions()[0]
    await until(world, first.starts_at - timedelta(days=7) + timedelta(minutes=5))
    assert "Facilitates: Velta" in lines(newest(world, "Anna"))
    assert "Can come: nobody has answered yet" in lines(newest(world, "Anna"))
    await world.presses("Anna", "I'll be there", newest(world, "Anna"))
    assert "Can come: 5 of 5" in lines(newest(world, "Anna"))
    await world.presses("Velta", "I can't", newest(world, "Velta"))
    assert "Facilitates: whoever offers" in lines(newest(world, "Anna"))
    await until(world, first.starts_at + timedelta(minutes=1))
    room = titled(world, "Anna", ON)
    assert "Next: The agreement" in button_labels(room), "somebody has to"


async def test_a_second_vote_is_asked_for_the_second_date(world: World) -> None:
    await meeting(world, NAMES[:4])
    await until(world, sessions()[0].starts_at - timedelta(days=7) + timedelta(minutes=5))
    asked = []
    for _ in range(2):
        values = {"session": "s1", "how": "absent"}
        await world.ask(world.command("Anna", "session.attend", values=values))
        vote = titled(world, "Oto", "only 3 can come")
        asked.append((await session(world)).starts_at)
        for name in NAMES[:3]:
            await world.presses(name, "Choose", _first_of(titled(world, name, "only 3 can come")))
        assert vote not in world.inbox("Oto"), "it is changed once it is answered"
        assert "has a new time" in plain(newest(world, "Oto").title)
    assert len({*asked, (await session(world)).starts_at}) == 3
    assert sum("has a new time" in one for one in world.titles("Oto")) == 2
