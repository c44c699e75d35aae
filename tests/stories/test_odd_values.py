"""Whatever is sent is answered, at its field, and what is kept can be shown on every platform."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import handlers
from handlers.breaks.rules import RULE, CoverageRule
from handlers.kit.commands import Value
from handlers.kit.people import Role
from handlers.kit.settings import Section
from handlers.router import ROUTES
from storage.sealed import Seal
from storage.work import SqlWork
from tests.explorer import COLLEAGUE, Explorer, Offered
from tests.odd_values import KEPT
from tests.stories.supervision_sessions import meeting, sessions
from tests.world import World

LENIENT = {
    "hand.raise": "a hand goes up, whatever a form sends",
    "session.ask.send": "whoever says that it was too much is heard, whatever a form sends",
    "session.case.take": "what is gone already is gone",
    "session.swap.send": "who can't come is no choice any more, and often nobody is left",
}
"""Routes that do what they can instead of asking again, and why."""

TEXTS = {"hand": ("contracts",), "policy": ("threat", "he shouts"), "break": ("5",)}
"""What may stand behind a command and leads elsewhere."""

PAGES = ("home", "settings", "help", "hand.form", "topics", "people")
"""What shows what others wrote, whatever was kept last."""

BY_HAND: Mapping[str, Mapping[str, Value]] = {
    "break.book": {"break": "b1"},
    "break.status": {},
    "break.status.off": {},
    "drill.weekly": {"on": "yes"},
    "hand.join": {"case": "c1"},
    "plan.keep": {},
    "session.cases": {"session": "s1"},
    "session.keepsake.delete": {"session": "s1"},
    "session.read": {},
    "session.request.done": {"request": "r1"},
    "session.vote": {"session": "s2", "choice": "stay"},
    "supervision.asker": {"group": "g1", "person": "p1"},
    "supervision.leave": {"group": "g1"},
    "vent.next": {"person": "p1"},
}
"""Routes whose buttons come only after days of a story, and what those carry."""


async def test_whatever_is_sent_is_answered_and_what_is_kept_can_be_shown(world: World) -> None:
    """All routes, all fields of all forms, all values of all buttons, on all three platforms."""
    found = await explored(world)
    left_out = {route.name for route in ROUTES} - found.met
    assert sorted(left_out) == [], "nothing leads to these: offer them in this story, or in BY_HAND"
    assert found.wrong == []
    assert found.cases > 20 * len(ROUTES)


async def explored(world: World) -> Explorer:
    people = await meeting(world, open_for_asking=True)
    boss = await world.person("Boss", Role.ADMIN, Role.SUPERVISOR, Role.COORDINATOR, locale="lv")
    colleague, anna = await world.person(COLLEAGUE), await world.known("Anna")

    def explore(work: SqlWork) -> Explorer:
        seal = Seal("a secret of this world")
        explorer = Explorer(work, seal, world.now, world.engine.services, LENIENT)
        explorer.pages = tuple(Offered(boss, name) for name in PAGES)
        session = sessions()[1]
        for does in ("new", "sizes", "group", "hand_over", "dates", "cycle", "date"):
            of_group = {"group": session.group, "session": session.id}
            explorer.walk(Offered(boss, f"supervision.{does}", of_group))
        explorer.walk(Offered(anna, "session.show", {"session": session.id}))
        explorer.walk(Offered(anna, "session.reminders"))
        explorer.walk(Offered(colleague, "supervision.ask_in", {"group": session.group}))
        for by in (boss, anna, colleague):
            for route in ROUTES:
                if (route.typed or route.behind) and (by is boss or route.role is None):
                    for text in ("", *TEXTS.get(route.name, ())):
                        explorer.walk(Offered(by, route.name, text=text))
        roles = {route.name: route.role for route in ROUTES}
        for name, values in BY_HAND.items():
            explorer.walk(Offered(boss if roles[name] else anna, name, values))
        explorer.does(Offered(anna, "plan.choose", {"preset": "hourly"}))
        RULE.put(work.settings, anna.workspace, CoverageRule(keep=50))
        explorer.walk(Offered(anna, "break", text="6"))
        session = sessions()[0]
        explorer.wait(world.now + timedelta(hours=2))
        explorer.wait(session.starts_at - timedelta(hours=20))
        explorer.wait(session.starts_at - timedelta(minutes=10))
        explorer.wait(session.starts_at + timedelta(minutes=5))
        for person in people:
            explorer.does(Offered(person, "session.here", {"session": session.id}))
        explorer.wait(session.ends_at + timedelta(minutes=20))
        for by in (boss, anna):
            explorer.walk(Offered(by, "supervision"))
        return explorer

    return await world.engine.database.run(explore)


async def test_whatever_settings_hold_everything_can_be_shown(world: World) -> None:
    """What an older version wrote, or something broke: each field of each section."""
    boss = await world.person("Boss", Role.ADMIN, Role.SUPERVISOR, Role.COORDINATOR, locale="lv")
    asked = [route.name for route in ROUTES if route.name.startswith("settings") and route.reads]
    asked += [*PAGES, "hand", "break", "vent", "topics.form", "plan", "vent.settings.form"]
    asked += ["vent.limits", "supervision.sizes"]

    def look(work: SqlWork) -> list[str]:
        seal = Seal("a secret of this world")
        explorer = Explorer(work, seal, world.now, world.engine.services, LENIENT)
        explorer.pages = tuple(Offered(boss, name) for name in dict.fromkeys(asked))
        for section in sections():
            usual = section.kept(section.usual)
            odd: list[dict[str, object]] = [{}, {"more": 1}]
            for kept in (*odd, *(usual | {name: value} for name in usual for value in KEPT)):
                explorer.holds(boss.workspace, section.name, kept)
        return explorer.wrong

    assert await world.engine.database.run(look) == []


def test_a_field_that_can_not_be_read_leaves_the_others() -> None:
    kept: dict[str, object] = {"keep": "x", "share": 25, "hard_first": False, "older": 1}

    class Kept:
        def get(self, workspace: str, section: str) -> dict[str, object] | None:
            return kept

        def put(self, workspace: str, section: str, value: dict[str, object]) -> None:
            raise AssertionError("reading writes nothing")

    assert RULE.of(Kept(), "w") == CoverageRule(keep=1, share=25, hard_first=False)


def sections() -> Iterator[Section[Any]]:
    """All there are, wherever they stand."""
    found: dict[str, Section[Any]] = {}
    for module in pkgutil.walk_packages(handlers.__path__, "handlers."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Section):
                found[value.name] = value
    assert len(found) >= 7
    yield from found.values()
