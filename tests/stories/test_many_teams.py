"""A company with more teams than a list has room for: whose team is meant is typed."""

from dataclasses import replace

import pytest

from handlers.common.teams import MOST_LISTED
from handlers.kit.cards import ChoiceField, Form, TextField
from handlers.kit.people import Role
from tests.world import World, form, title


@pytest.fixture
async def company(world: World) -> World:
    await world.person("Māra", Role.COORDINATOR)
    await world.person("Līga Kalniņa", Role.SUPERVISOR, manager="Māra")
    await world.person("Anna", manager="Līga Kalniņa")
    for number in range(2, MOST_LISTED + 1):
        await world.person(f"Agent {number}", manager=f"Manager {number}")
    return world


def _team(asked: Form) -> ChoiceField | TextField:
    (field,) = (one for one in asked.fields if one.name == "team")
    assert isinstance(field, ChoiceField | TextField)
    return field


async def test_a_list_has_all_teams_while_they_are_few(company: World) -> None:
    def leaves(work):  # type: ignore[no-untyped-def] # the world's own, not the house's
        work.people.save(replace(work.people.at(company.address("Agent 2")), manager="Manager 3"))

    await company.engine.database.run(leaves)
    asked = _team(form(await company.ask(company.command("Māra", "plan.propose"))))
    assert isinstance(asked, ChoiceField)
    with_none = MOST_LISTED + 1  # and those who have no manager
    assert (len(asked.options), asked.value) == (with_none, ())


async def test_whose_team_gets_a_plan_is_typed_where_there_are_many(company: World) -> None:
    asked = form(await company.ask(company.command("Māra", "plan.propose")))
    assert _team(asked) == TextField(
        "team", ("To whom",), hint=("The manager of the team, as in the people list.",)
    )
    for nobody in ("Līga", "´", "Manager 1"):
        again = form(await company.fills("Māra", asked, preset="two_hours", team=nobody))
        assert again.errors == {
            "team": (
                f"I find nobody whose manager is “{nobody}”. Write the name as in the people list.",
            )
        }
    assert title(await company.fills("Māra", asked, preset="lunch", team="liga kalnina")) == (
        "Proposed"
    )
    assert company.titles("Anna") == ["Māra proposes a break plan"]
    assert company.titles("Agent 2") == company.titles("Līga Kalniņa") == []


async def test_a_meeting_is_of_ones_own_team_unless_another_is_typed(company: World) -> None:
    asked = form(await company.says("Līga Kalniņa", "/plecs meeting 45"))
    assert _team(asked) == TextField(
        "team",
        ("Whose team?",),
        "Līga Kalniņa",
        hint=("The manager of the team, as in the people list.",),
    )
    assert (
        title(await company.fills("Līga Kalniņa", asked)) == "The meeting is from <time> to <time>"
    )
    assert company.titles("Anna") == ["Līga calls your team to a meeting"]
    assert company.titles("Agent 2") == []
