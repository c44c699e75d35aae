"""What members bring, agree to, ask for and take along."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from handlers.supervision.cases.model import SessionCases
from handlers.supervision.sessions.model import Sessions, SessionState, Turn
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
    said,
    sessions,
    titled,
    until,
    written,
)
from tests.world import World, button_labels, card, form, lines, plain, title


async def test_the_agreement_is_asked_with_each_cycle_and_version(world: World) -> None:
    await meeting(world)
    asked = newest(world, "Anna")
    assert plain(asked.title) == "Lanterns: what stays here"
    assert "What is said here stays here" in lines(asked)
    assert "A child is being harmed" in lines(asked)
    reply = await world.presses("Anna", "I don't agree")
    assert title(reply) == "That is all right"
    assert "the cases stay closed to you until you agree" in lines(card(reply))
    assert "Nobody is told" in lines(card(reply))

    await world.presses("Anna", "I agree", asked)
    assert "You have agreed." in lines(world.inbox("Anna")[0])
    assert button_labels(world.inbox("Anna")[0]) == []

    text = form(
        await world.ask(world.command("Dace", "session.agreement.form", values={"group": "g1"}))
    )
    await world.fills("Dace", text, text="Ko te runā, to te arī atstāj.")
    assert len(world.inbox("Anna")) == 2
    assert "Ko te runā" in lines(newest(world, "Anna"))
    assert "A child is being harmed" in lines(newest(world, "Anna")), "the limits always stand"
    assert "This is over" in lines(world.inbox("Anna")[0])
    # A button of the old version shows the new words instead of agreeing to them.
    old = asked
    reply = await world.presses("Anna", "I agree", old)
    assert button_labels(card(reply)) == ["I agree", "I don't agree"]
    await world.presses("Anna", "I agree", newest(world, "Anna"))
    assert "You have agreed." in lines(newest(world, "Anna"))


async def test_who_declined_does_not_lead_and_nobody_can_tell_it_from_a_silence(
    world: World,
) -> None:
    await meeting(world)
    before = await parts(world)
    leading = next(name for name, part in before.items() if part is Turn.FACILITATOR)
    others = [name for name in NAMES if name != leading]
    await world.presses(leading, "I don't agree")
    for name in others[1:]:
        await world.presses(name, "I agree")
    assert await parts(world) == before, "there is time to read it"
    await until(world, sessions()[0].starts_at - timedelta(days=7))
    after = await parts(world)
    leads = next(name for name, part in after.items() if part is Turn.FACILITATOR)
    assert leads in others[1:], "not who declined, and not who said nothing"
    await world.presses(leading, "I agree", world.inbox(leading)[0])
    assert Turn.FACILITATOR in (await parts(world)).values()


async def test_a_case_is_kept_without_who_it_is_about_and_gone_a_day_after(
    world: World, tmp_path: Path
) -> None:
    await meeting(world)
    await everybody_agrees(world, NAMES[:3])
    first = sessions()[0]
    of_session = {"session": "s1"}
    asked = form(await world.ask(world.command("Anna", "session.case", values=of_session)))
    words = "MARKERWORD: Bērziņa kungs no 26123456 kliedza uz mani."
    again = form(await world.fills("Anna", asked, words=words))
    assert again.errors == {}
    assert "“26123456” → [phone]" in said(again)
    text = again.fields[0]
    assert getattr(text, "value", "") == "MARKERWORD: [name] kungs no [phone] kliedza uz mani."
    assert await kept_cases(world) == 0, "nothing is kept before it is replaced"
    reply = await world.fills("Anna", again)
    assert title(reply) == "It waits for the session"
    assert "MARKERWORD" not in lines(card(reply))
    mine = form(await world.presses("Anna", "What I bring"))
    assert "MARKERWORD" in said(mine)

    # Another one, which is taken back.
    asked = form(await world.ask(world.command("Jānis", "session.case", values=of_session)))
    await world.fills("Jānis", asked, words="SECONDMARK, tas mani moka.")
    assert await kept_cases(world) == 2
    assert title(await world.presses("Jānis", "Take it back")) == "It is deleted"
    assert await kept_cases(world) == 1

    early = await world.ask(world.command("Līga", "session.cases", values=of_session))
    assert title(early) == "The group sees it when the session begins, and not before."
    await until(world, first.starts_at + timedelta(minutes=1))
    there = form(await world.presses("Līga", "What people bring", titled(world, "Līga", ON)))
    assert "MARKERWORD" in said(there)
    assert "SECONDMARK" not in said(there)
    closed = await world.ask(world.command("Oto", "session.cases", values=of_session))
    assert title(closed) == "The agreement first: it takes a minute, and all rely on it."
    stranger = await world.ask(world.command("Dace", "session.cases", values=of_session))
    assert "among yours" in title(stranger)

    await until(world, first.ends_at + timedelta(days=1, minutes=1))
    over = await world.ask(world.command("Anna", "session.cases", values=of_session))
    assert "MARKERWORD" not in said(form(over))
    assert await kept_cases(world) == 0
    with sqlite3.connect(tmp_path / "world.db") as connection:
        assert connection.execute("SELECT count(*) FROM supervision_case_keys").fetchone() == (0,)
    world.engine.database.close()
    kept = written(tmp_path)
    assert b"supervision_cases" in kept
    assert b"MARKERWORD" not in kept
    assert b"SECONDMARK" not in kept
    assert b"26123456" not in kept


async def kept_cases(world: World) -> int:
    return len(await world.engine.database.read(lambda work: work.of(SessionCases).of("s1")))


async def test_a_case_goes_to_the_next_session_when_its_own_is_cancelled(world: World) -> None:
    await meeting(world)
    of_session = {"session": "s1"}
    asked = form(await world.ask(world.command("Anna", "session.case", values=of_session)))
    await world.fills("Anna", asked, words="Ko darīt, kad klients raud?")
    first = sessions()[0]
    gone = replace(first, state=SessionState.CANCELLED, reason="Inventory", sequence=1)
    await until(world, first.starts_at - timedelta(days=6))

    def cancel(work: SqlWork) -> None:
        work.of(Sessions).put([gone])
        life.sessions_cancelled(work, [gone], world.now)

    await world.engine.database.run(cancel)
    await world.settle()
    reminder = newest(world, "Anna")
    assert "does not meet" in plain(reminder.title)
    assert "Inventory" in lines(reminder)
    carried = await world.engine.database.read(lambda work: work.of(SessionCases).of("s2"))
    assert [one.words for one in carried] == ["Ko darīt, kad klients raud?"]
    assert await kept_cases(world) == 0


async def test_what_one_takes_along_is_ones_own(world: World, tmp_path: Path) -> None:
    await held(world, ())
    asked = form(await world.presses("Anna", "What I take with me", titled(world, "Anna", WORTH)))
    reply = await world.fills("Anna", asked, words="KEEPSAKEMARK: elpot pirms atbildes")
    assert title(reply) == "Kept for you alone"
    mine = form(await world.ask(world.command("Anna", "session.keepsakes")))
    assert "KEEPSAKEMARK" in said(mine)
    none = await world.ask(world.command("Jānis", "session.keepsakes"))
    assert "Nothing yet" in lines(card(none))
    assert b"KEEPSAKEMARK" not in written(tmp_path), "it is sealed"
    await world.fills("Anna", mine, session=("s1",))
    assert "Nothing yet" in lines(card(await world.ask(world.command("Anna", "session.keepsakes"))))


async def test_it_was_really_too_much(world: World) -> None:
    await meeting(world)
    asked = form(await world.says("Anna", "/supervision ask"))
    assert "116123" in said(asked)
    reply = await world.fills("Anna", asked)
    assert "116123" in lines(card(reply))
    got = newest(world, "Dace")
    assert plain(got.title) == "Anna asks for an extra session of Lanterns within a week"
    assert not [part for part in got.parts if type(part).__name__ == "Quote"], "and not why"
    assert "Anna: an extra session" in lines(card(await world.says("Dace", "/supervision")))
    overview = await world.ask(world.command("Dace", "supervision.all"))
    assert "Anna: an extra session" in lines(card(overview))
    await world.presses("Dace", "Answered", got)
    assert plain(newest(world, "Dace").title) == "This request is answered"

    await world.person("Jauna")
    asked = form(await world.says("Jauna", "/supervision lūgt"))
    await world.fills("Jauna", asked, group="new", words="Trīs draudi vienā dienā.")
    assert "Trīs draudi" in lines(newest(world, "Dace"))
    assert plain(newest(world, "Dace").title) == "Jauna asks for a group"


async def test_when_all_is_cancelled_a_case_waits_for_an_undo_and_no_longer(world: World) -> None:
    await meeting(world)
    last = sessions()[-1]
    of_session = {"session": last.id}
    asked = form(await world.ask(world.command("Anna", "session.case", values=of_session)))
    await world.fills("Anna", asked, words="Ko darīt, kad klients raud?")

    def cancel(work: SqlWork) -> None:
        gone = [replace(one, state=SessionState.CANCELLED, sequence=1) for one in sessions()]
        work.of(Sessions).put(gone)
        life.sessions_cancelled(work, gone, world.now)

    def back(work: SqlWork) -> None:
        again = [replace(one, sequence=2) for one in sessions()]
        work.of(Sessions).put(again)
        life.sessions_planned(work, again, world.now)

    async def kept() -> int:
        return len(await world.engine.database.read(lambda work: work.of(SessionCases).of(last.id)))

    await world.engine.database.run(cancel)
    assert await kept() == 1
    await world.engine.database.run(back)
    mine = await world.ask(world.command("Anna", "session.case.mine", values=of_session))
    assert "klients raud" in said(form(mine))
    await world.engine.database.run(cancel)
    await until(world, last.ends_at + timedelta(hours=23))
    assert await kept() == 1
    await until(world, last.ends_at + timedelta(hours=24, minutes=1))
    assert await kept() == 0
