"""`plecs run`, killed with SIGKILL while people's status is ours."""

import shutil
from datetime import timedelta
from pathlib import Path

from bot.slack.statuses import EMOJI
from tests.e2e.test_breaks_killed import end_in
from tests.e2e.test_kill import Plecs
from tests.e2e.test_slack_status import link_of
from tests.fakes.slack import SlackUser, User, fake_slack


async def test_what_was_there_comes_back_after_a_kill(empty_sqlite: Path, tmp_path: Path) -> None:
    """Anna's break ends while nothing runs. Līga's status was set, and the process died before it
    heard so; her break goes on over the kill. Jānis sets one of his own meanwhile."""
    shutil.copy(empty_sqlite, tmp_path / "plecs.db")
    url = f"sqlite:///{tmp_path / 'plecs.db'}"
    async with fake_slack() as slack:
        anna, liga, janis = (slack.add(User(user, user)) for user in ("U1", "U2", "U3"))
        stays = slack.add(User("U4", "U4"))  # somebody has to take the calls
        plecs = Plecs(url, slack, tmp_path)
        await plecs.start()
        try:
            for who in (anna, liga, janis):
                status, page = await slack.visit(await link_of(who), who.id)
                assert status == 200, page
                slack.users[who.id].sets_status("At home", ":house:")
            await stays.types("/plecs help")
            for who in (anna, janis):
                await who.types("/break 10")
                await slack.until(lambda who=who: is_away(who))  # type: ignore[misc] # bound now
            slack.fail_next("users.profile.set", "reset")
            await liga.types("/break 10")
            await slack.until(lambda: is_away(liga))
            await plecs.kill()
            slack.users["U3"].sets_status("On a walk", ":palm_tree:")
            end_in(url, anna, timedelta(seconds=-1))
            end_in(url, janis, timedelta(seconds=-1))
            await plecs.start()
            await slack.until(lambda: slack.users["U1"].status == ("At home", ":house:", 0))
            assert is_away(liga)
            await liga.types("/break back")
            await slack.until(lambda: slack.users["U2"].status == ("At home", ":house:", 0))
            assert slack.users["U3"].status == ("On a walk", ":palm_tree:", 0)
        finally:
            await plecs.kill()
        log = plecs.replica.log.read_text()
        assert [token for token in slack.tokens if token in log] == []


def is_away(who: SlackUser) -> bool:
    user = who.slack.users[who.id]
    return user.status_text.startswith(("Away until", "Prom līdz")) and user.status_emoji == EMOJI
