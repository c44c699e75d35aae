"""`plecs check` for Teams, problem by problem in the order in which an admin meets them."""

from datetime import UTC, datetime

import pytest

from bot.settings import Settings
from bot.teams.check import NAMED_AT_MOST, Findings, check
from tests.bot.teams.gate import Gate
from tests.fakes.graph import GRANTS, NOTIFIES, READS_ITSELF, READS_SCHEDULES
from tests.fakes.teams import APP_ID, PASSWORD, TENANT, FakeTeams

ALL = (*GRANTS, NOTIFIES, READS_SCHEDULES, READS_ITSELF)
LONG_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


async def told(
    teams: FakeTeams, *without: str, now: datetime = LONG_BEFORE, **changed: str
) -> Findings:
    values = {
        "teams_app_id": APP_ID,
        "teams_app_password": PASSWORD,
        "teams_tenant_id": TENANT,
        "public_url": teams.app_url.removesuffix("/teams/messages"),
    }
    settings = Settings.model_validate(values | changed)
    return await check(
        settings, without, now=now, login_url=f"{teams.url}/login", graph_url=f"{teams.url}/graph"
    )


async def test_when_all_is_well_there_is_only_what_graph_could_do(gate: Gate) -> None:
    found = await told(gate.teams)
    assert found.problems == ()
    [note] = found.notes
    assert note == (
        "With application permissions of Graph that are not granted, Plecs also opens the chat of "
        f"two people itself ({', '.join(GRANTS)}); puts pings into the activity feed ({NOTIFIES}); "
        f"reads a team's Shifts ({READS_SCHEDULES}); "
        f"tells here when the app's secret ends ({READS_ITSELF})."
    )
    gate.teams.granted = ALL
    assert await told(gate.teams) == Findings()


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-20T09:59:59+00:00", ""),
        ("2026-11-20T10:00:00+00:00", "TEAMS_APP_PASSWORD ends on 2026-12-20: make the next one"),
        ("2026-12-19T10:00:00+00:00", "TEAMS_APP_PASSWORD ends on 2026-12-20: make the next one"),
    ],
)
async def test_a_secret_that_ends_within_thirty_days_is_told(
    gate: Gate, now: str, said: str
) -> None:
    gate.teams.granted = ALL
    found = await told(gate.teams, now=datetime.fromisoformat(now))
    assert (found.problems, len(found.notes)) == ((), len(said) > 0)
    assert "".join(found.notes).startswith(said)


@pytest.mark.parametrize(
    ("changed", "begins"),
    [
        ({"teams_app_id": "x" * 36}, "TEAMS_APP_ID is not in this organisation. Copy it from"),
        (
            {"teams_app_password": "old"},
            "TEAMS_APP_PASSWORD is not the app's secret. Make one in Entra",
        ),
        ({"public_url": ""}, "PUBLIC_URL is missing. "),
    ],
)
async def test_what_is_wrong_comes_with_its_remedy(
    gate: Gate, changed: dict[str, str], begins: str
) -> None:
    found = await told(gate.teams, now=LONG_BEFORE, **changed)
    assert [one[: len(begins)] for one in found.problems] == [begins]
    assert "old" not in str(found.problems).split()


async def test_an_address_that_leads_elsewhere_is_told(gate: Gate) -> None:
    found = await told(gate.teams, public_url=gate.teams.url)
    assert found.problems[0].startswith(f"{gate.teams.url}/teams/messages answers 404")


async def test_an_address_where_nobody_is_yet_is_only_noted(gate: Gate) -> None:
    found = await told(gate.teams, public_url="http://127.0.0.1:9")
    assert found.problems == ()
    assert found.notes[0].startswith("Nobody answers at http://127.0.0.1:9/teams/messages")


async def test_a_package_that_was_not_uploaded_is_told_where_plecs_may_look(gate: Gate) -> None:
    gate.teams.uploaded = False
    assert (await told(gate.teams)).problems == ()
    gate.teams.granted = ("AppCatalog.Read.All",)
    assert "plecs teams package" in (await told(gate.teams)).problems[0]


async def test_a_microsoft_that_does_not_answer_is_told() -> None:
    gone = FakeTeams(url="http://127.0.0.1:9", app_url="http://127.0.0.1:9/teams/messages")
    found = await told(gone)
    assert found.problems[0].startswith("Microsoft can't be reached")


async def test_who_has_not_installed_the_app_is_named(gate: Gate) -> None:
    gate.teams.granted = ALL
    [note] = (await told(gate.teams, "Anna Liepa", "Jānis Kalns")).notes
    assert "Anna Liepa, Jānis Kalns. A setup policy" in note
    [note] = (await told(gate.teams, *map(str, range(NAMED_AT_MOST + 3)))).notes
    assert "19 and 3 more" in note


async def test_an_emulator_needs_nothing() -> None:
    found = await check(
        Settings.model_validate({"teams_insecure_local": True}), (), now=LONG_BEFORE
    )
    assert found.problems == ()
