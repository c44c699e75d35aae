"""A form that holds what it can't be comes back with what was typed and a word at the field."""

import pytest

from handlers.availability.coverage import RULE, CoverageRule
from handlers.escalation.model import Cases
from handlers.kit.cards import Card, Form, PeopleField, Reply
from handlers.kit.commands import Value
from handlers.kit.people import Address, Profile, Role
from tests.world import World, lines, plain


def at_fields(reply: Reply) -> dict[str, str]:
    assert isinstance(reply, Form), reply
    return {name: plain(line) for name, line in reply.errors.items()}


def shown(reply: Reply) -> dict[str, object]:
    assert isinstance(reply, Form)
    return {field.name: field.value for field in reply.fields}


@pytest.mark.parametrize(
    ("opens", "typed", "said"),
    [
        ("settings.breaks", {"keep": "-3"}, "A whole number from 0 to 100."),
        ("settings.breaks", {"share": "2.5"}, "A whole number from 0 to 100."),
        ("settings.breaks", {"hard_first": "maybe"}, "Please choose."),
        ("settings.rest", {"hours": "900"}, "A whole number from 0 to 16."),
        ("settings.rest", {"country": "XX"}, "Please choose."),
        ("settings.language", {"new": "ru"}, "Please choose."),
        ("vent.limits", {"most": "0"}, "A whole number from 1 to 10."),
        ("vent.limits", {"gap": "99999999999999"}, "A whole number from 0 to 600."),
        ("vent.settings.form", {"most": "NaN"}, "A whole number from 1 to 2."),
        ("vent.settings.form", {"listens": "always"}, "Please choose."),
        ("plan.form", {"every": "999999"}, "A whole number from 0 to 480."),
        ("plan.form", {"minutes": "1e3"}, "A whole number from 1 to 60."),
        ("plan.form", {"times": "10:3٣"}, "I can't read “10:3٣”. Write it like 10:30."),
        ("plan.form", {"days": ("XX",)}, "Choose at least one day."),
    ],
)
async def test_each_is_said_at_its_field(
    world: World, opens: str, typed: dict[str, Value], said: str
) -> None:
    await world.person("Boss", Role.ADMIN, Role.COORDINATOR)
    await world.person("Anna")
    form = await world.ask(world.command("Boss", opens))
    assert isinstance(form, Form)
    assert at_fields(await world.fills("Boss", form, **typed)) == {next(iter(typed)): said}
    assert shown(await world.ask(world.command("Boss", opens))) == shown(form), "nothing is kept"


async def test_what_was_typed_comes_back(world: World) -> None:
    await world.person("Boss", Role.ADMIN)
    form = await world.ask(world.command("Boss", "settings.breaks"))
    assert isinstance(form, Form)
    again = await world.fills("Boss", form, keep="900", share=" 25 ", hard_first="no")
    assert shown(again) == {"keep": 900, "share": 25, "hard_first": ("no",), "others": ("topic",)}


async def test_a_position_has_a_length_and_hours_are_a_week(world: World) -> None:
    await world.person("Boss", Role.ADMIN)
    anna = await world.person("Anna")
    form = await world.ask(world.command("Boss", "people.form", values={"person": anna.id}))
    assert isinstance(form, Form)
    many = ";".join(f"Mon-Sun {hour}:00-{hour}:30" for hour in range(10, 20))
    wrong = await world.fills("Boss", form, position="ļ" * 1_000_000, hours=many)
    assert at_fields(wrong) == {
        "position": "At most 80 characters, please; this has 1000000.",
        "hours": "I can't read “Mon-Sun 10:00-10:30;Mon-Sun 11:00-11:30;”. "
        "Write it like Mon-Fri 08:00-17:00.",
    }
    assert (await world.known("Anna")) == anna


async def test_a_topic_s_name_fits_a_choice(world: World) -> None:
    await world.person("Boss", Role.ADMIN)
    form = await world.ask(world.command("Boss", "settings.topics"))
    assert isinstance(form, Form)
    long = "t" * 76
    assert at_fields(await world.fills("Boss", form, topics=f"līgumi | {long}")) == {
        "topics": f"“{long}” is too long for a name: at most 75 characters."
    }
    assert isinstance(await world.fills("Boss", form, topics=f"līgumi | {long[:75]}"), Card)
    await world.ask(world.command("Boss", "hand.form"))


async def test_many_topics_are_named_as_far_as_they_fit(world: World) -> None:
    await world.person("Boss", Role.ADMIN)
    form = await world.ask(world.command("Boss", "settings.topics"))
    assert isinstance(form, Form)
    topics = "\n".join(f"{number:02} | {number:02} {'w' * 36}" for number in range(65))
    assert isinstance(await world.fills("Boss", form, topics=topics), Card)
    settings = await world.says("Boss", "/plecs settings")
    assert isinstance(settings, Card)
    assert f"19 {'w' * 36} and 45 more" in lines(settings)


async def test_ids_that_nobody_has_fill_no_ring(world: World) -> None:
    """Whoever makes ids up is told; nobody comes into being by it."""
    await world.person("Anna")
    ilze = Profile(Address("paper", "T1", "Ilze"), "Ilze Vītola")
    world.platform.profiles["Ilze"] = ilze
    form = await world.ask(world.command("Anna", "topics.form"))
    assert isinstance(form, Form)
    nobody = "I can't find that person. Please choose a colleague from the list."
    made_up = await world.fills("Anna", form, trusted=("Ilze", "U0GHOST", "a b", "U" * 500))
    assert at_fields(made_up) == {"trusted": nobody}
    assert shown(made_up)["trusted"] == (ilze.address,)
    assert at_fields(await world.fills("Anna", form, trusted=tuple("ABCDEF"))) == {
        "trusted": "At most 5."
    }
    found = await world.engine.database.read(
        lambda work: work.people.search("paper-T1", "", 0, 10)[0]
    )
    assert sorted(person.name for person in found) == ["Anna", "Ilze Vītola"]


async def test_what_an_older_version_kept_is_read_field_by_field(world: World) -> None:
    anna = await world.person("Anna")
    older: dict[str, object] = {"keep": -3, "share": 40, "hard_first": "yes"}
    await world.engine.database.run(
        lambda work: work.settings.put(anna.workspace, RULE.name, older)
    )
    rule = await world.engine.database.read(lambda work: RULE.of(work.settings, anna.workspace))
    assert rule == CoverageRule(keep=1, share=40, hard_first=True)


async def test_what_no_database_keeps_is_taken_out_at_the_door(world: World) -> None:
    anna = await world.person("Anna")
    await world.says("Anna", "/hand he\x00 shouts \ud83d")
    case = await world.engine.database.read(lambda work: work.of(Cases).open_of(anna.id))
    assert case is not None
    assert case.line == "he\ufffd shouts \ufffd"


async def test_nobody_is_offered_themselves_as_a_colleague(world: World) -> None:
    anna = await world.person("Anna")
    await world.says("Anna", "/topics")
    opened = await world.presses("Anna", "Change")
    assert isinstance(opened, Form)
    without = [one.without for one in opened.fields if isinstance(one, PeopleField)]
    assert without == [anna.addresses]
