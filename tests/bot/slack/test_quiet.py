"""Do-not-disturb, as Slack tells of it and as it is asked for."""

from datetime import UTC, datetime, timedelta

from bot.slack.quiet import MOST_QUIET
from handlers.kit.people import Address
from tests.bot.slack.house import ANNA, NOW, SlackDoor
from tests.fakes.slack import TEAM, User


async def test_do_not_disturb_is_learnt_when_it_changes_and_at_first(house: SlackDoor) -> None:
    anna = house.slack.users["U1"]
    start, end = (datetime.fromtimestamp(at, UTC) for at in (1_700_000_000, 1_700_003_600))
    anna.dnd = (1_700_000_000, 1_700_003_600)
    await house.anna.types("/hand")
    await house.desk.told.wait()
    assert house.desk.quiets == [(ANNA, start, end, NOW)]
    house.slack.now = (NOW + timedelta(minutes=1)).timestamp
    status = User("U1", "Anna").dnd_status()
    await house.slack.event({"type": "dnd_updated_user", "user": "U1", "dnd_status": status})
    assert house.desk.quiets[1:] == [(ANNA, None, None, NOW + timedelta(minutes=1))]


async def test_when_do_not_disturb_has_ended_the_next_one_is_asked_for(house: SlackDoor) -> None:
    start, end = (datetime.fromtimestamp(at, UTC) for at in (1_700_000_000, 1_700_003_600))
    house.slack.users["U1"].dnd = (1_700_000_000, 1_700_003_600)
    await house.listener.look_up_quiet_again()
    house.slack.users["U1"].dnd = None
    await house.listener.look_up_quiet_again()
    assert house.desk.quiets == [(ANNA, start, end, NOW), (ANNA, None, None, NOW)]


async def test_one_who_cannot_be_looked_up_keeps_nobody_elses_quiet_hours_unknown(
    house: SlackDoor,
) -> None:
    start, end = (datetime.fromtimestamp(at, UTC) for at in (1_700_000_000, 1_700_003_600))
    house.slack.users["U1"].dnd = (1_700_000_000, 1_700_003_600)
    gone = Address("slack", TEAM, "UGONE")
    house.desk.quiet_are_over = (gone, ANNA)
    await house.listener.look_up_quiet_again()
    assert house.desk.quiets == [(gone, None, None, NOW), (ANNA, start, end, NOW)]


async def test_a_workspace_that_does_not_answer_keeps_no_others_quiet_hours_unknown(
    house: SlackDoor,
) -> None:
    start, end = (datetime.fromtimestamp(at, UTC) for at in (1_700_000_000, 1_700_003_600))
    house.slack.users["U1"].dnd = (1_700_000_000, 1_700_003_600)
    there = tuple(Address("slack", "TSILENT", f"UGONE{n}") for n in range(MOST_QUIET))
    house.desk.quiet_are_over = (*there, ANNA)
    house.slack.fail_next("dnd.teamInfo", "missing_scope", 2)
    await house.listener.look_up_quiet_again()
    await house.listener.look_up_quiet_again()
    assert house.desk.quiets == []
    house.desk.quiet_are_over = there
    await house.listener.look_up_quiet_again()  # nobody else is left: they have their turn again
    assert house.desk.quiets == []
    house.desk.quiet_are_over = (ANNA, *there)
    await house.listener.look_up_quiet_again()
    assert (ANNA, start, end, NOW) in house.desk.quiets
