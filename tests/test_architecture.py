"""The rules of the house that import-linter cannot say. Its own are in pyproject.toml."""

import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from handlers.features import FEATURES, LOOKS, TIMERS
from handlers.kit.commands import Route
from handlers.kit.facts import Fact
from handlers.kit.feature import NoticeKind
from handlers.router import NOTICES
from handlers.routes import ROUTES

ROOT = Path(__file__).parent.parent
PLATFORMS = ("bot.slack", "bot.teams", "bot.local")


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports when it runs; what only the type checker reads is left
    out. Of `from a.b import c` it tells `a.b.c` where that is a module, else `a.b`."""
    pending: list[ast.AST] = [ast.parse(path.read_text())]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            pending.extend(node.orelse)
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            folder = ROOT / node.module.replace(".", "/")
            for alias in node.names:
                inside = (folder / f"{alias.name}.py").exists() or (folder / alias.name).is_dir()
                yield f"{node.module}.{alias.name}" if inside else node.module
        pending.extend(ast.iter_child_nodes(node))


def room(module: str) -> int:
    """How high a module of handlers stands; imports go down or stay level."""
    parts = module.split(".")
    if len(parts) == 1 or parts[1] == "kit":
        return 0
    if parts[1] in COMMON:
        return 2 if parts[1] == "common" else 1
    if len(parts) == 2:
        return {"work": 4, "features": 6}.get(parts[1], 5 if parts[1] in features() else 7)
    return 3 if parts[-1] in RULES else 5


def test_one_name_is_one_thing() -> None:
    """In the product and in its tests: who looks for a class, or a name for a type, finds what it
    means."""
    places: dict[str, dict[str, str]] = defaultdict(dict)
    for folder in ("bot", "handlers", "scheduling", "storage", "tests"):
        for path in sources(folder):
            for node in ast.parse(path.read_text()).body:
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                if isinstance(node, ast.ClassDef):
                    places[node.name][where] = where
                elif (name := name_of_type(node)) is not None:
                    places[name].setdefault(ast.unparse(node), where)
    wrong = [
        f"{name} is {len(there)} things, at {', '.join(there.values())}: name each for what it is"
        for name, there in sorted(places.items())
        if len(there) > 1
    ]
    assert not wrong, "\n".join(wrong)


def name_of_type(node: ast.stmt) -> str | None:
    """What is assigned to, where that is written as types are, for whoever imports it."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            is_variable = isinstance(value, ast.Call) and ast.unparse(value.func) == "TypeVar"
            is_type = name[0].isupper() and not name.isupper()
            return name if is_type and not is_variable else None
        case _:
            return None


def test_the_map_of_the_house_has_every_room() -> None:
    """Whoever looks for something reads docs/architecture.md first."""
    guide = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = set(re.findall(r"[a-z_]+", guide.partition("Arrows point one way")[0]))
    there = (
        path
        for pattern in ("bot/*", "handlers/*", "scheduling/*", "bot/*/*.py")
        for path in ROOT.glob(pattern)
        if (path.suffix == ".py" and path.parent.name != "cli") or (path / "__init__.py").exists()
    )
    missing = [
        f"docs/architecture.md says nothing of {path.relative_to(ROOT)}"
        for path in sorted(there)
        if not path.stem.startswith("__") and path.stem not in named
    ]
    assert not missing, "\n".join(missing)


MOST_LINES = 500
"""What one can still read as a whole."""


def test_no_file_is_longer_than_one_reads() -> None:
    """Migrations are written by a command, and read by nobody."""
    too_long = [
        f"{path.relative_to(ROOT)} has {lines} lines: {MOST_LINES} at most, then it is two things"
        for folder in ("bot", "handlers", "scheduling", "storage", "tests")
        for path in sources(folder)
        if path.parent.name != "versions"
        if (lines := len(path.read_text().splitlines())) > MOST_LINES
    ]
    assert not too_long, "\n".join(too_long)


COMMON = ("admission", "availability", "common", "library")
"""The rooms below the features, in which stands what several of them need."""

RULES = ("model", "rules")
"""What decides and knows no transaction is called so."""

ROOMS = (
    *("the kit", "a room for one thing", "the room for what features have in common"),
    *("a feature's model", "handlers/work.py", "commands and cards"),
    *("the list of features", "a page made of all features"),
)


def features() -> set[str]:
    """The packages of handlers that are features."""
    folders = {path.parent.name for path in (ROOT / "handlers").glob("*/__init__.py")}
    return folders - {"kit", *COMMON}


def test_every_feature_is_listed() -> None:
    """A folder of handlers that is not in the list would be there and do nothing."""
    listed = {feature.name for feature in FEATURES}
    forgotten = [
        f"handlers/{name} gives no FEATURE that handlers/features.py lists"
        for name in sorted(features() - listed)
    ]
    assert not forgotten, "\n".join(forgotten)


def test_every_route_and_notice_that_is_written_is_some_features() -> None:
    """One that its feature does not give would be there and never be met."""
    given = {Route: {route.name for route in ROUTES}, NoticeKind: set(NOTICES)}
    forgotten = [
        f"{module} has the {type(one).__name__} {one.name!r}: give it in its feature's FEATURE"
        for module in map(module_of, sources("handlers"))
        for values in vars(import_module(module)).values()
        if isinstance(values, tuple)
        for one in values
        if isinstance(one, Route | NoticeKind) and one.name not in given[type(one)]
    ]
    assert not forgotten, "\n".join(forgotten)


def named_in(folder: str, *makers: str) -> Iterator[tuple[str, ast.Call]]:
    """Where something is made by one of these names, and the call that does."""
    for path in sources(folder):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if name in makers:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_every_button_and_form_leads_to_a_route() -> None:
    """One whose route was forgotten would answer that it is from an earlier day."""
    known = {route.name for route in ROUTES}
    forgotten = [
        f"{where} leads to {does.value!r}, of which no feature has a route"
        for where, call in named_in("handlers", "Button", "Form", "HomeButton", "SettingButton")
        for does in call.args[1:4]
        if isinstance(does, ast.Constant) and isinstance(does.value, str)
        if does.value not in known
    ]
    assert not forgotten, "\n".join(forgotten)


def test_every_notice_that_is_made_has_a_kind() -> None:
    """One whose kind was forgotten would never be sent."""
    forgotten = [
        f"{where} makes notices of {value!r}, which no feature has a NoticeKind for"
        for where, call in named_in("handlers", "Notice")
        for value in (_value_of(call.args[0], where),)
        if value is not None and value not in NOTICES
    ]
    assert not forgotten, "\n".join(forgotten)


def test_a_word_behind_a_command_belongs_to_one_that_is_typed() -> None:
    typed = {route.name for route in ROUTES if route.typed is not None}
    wrong = [
        f"{route.name} is typed behind {route.behind.command!r}, which nobody can type"
        for route in ROUTES
        if route.behind is not None and route.behind.command not in typed
    ]
    assert not wrong, "\n".join(wrong)


def _value_of(name: ast.expr, where: str) -> str | None:
    """What a constant of a module, or of one that it imports, stands for; None for a variable."""
    module = import_module(where.partition(".py:")[0].replace("/", "."))
    owner = module
    if isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name):
        owner = getattr(module, name.value.id, module)
        return getattr(owner, name.attr, None)
    return getattr(owner, name.id, None) if isinstance(name, ast.Name) else None


def test_timers_have_names_of_their_own() -> None:
    """By these the log says which of them failed."""
    names = Counter(timer.__name__ for timer in (*TIMERS, *LOOKS))
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("path", sources("handlers"), ids=module_of)
def test_what_a_button_or_a_form_carries_is_read_in_one_place(path: Path) -> None:
    """A number or a date that somebody made up would raise where it is converted."""
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} converts {ast.unparse(carried)}: read it by "
        "Filled or Pressed (handlers/kit/reading.py)"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in CONVERTS
        for argument in node.args
        for carried in ast.walk(argument)
        if isinstance(carried, ast.Call) and ast.unparse(carried.func) in CARRIED
    ]
    assert not wrong, "\n".join(wrong)


CONVERTS = ("int", "float", "Decimal", "fromisoformat", "fromtimestamp", "strptime", "ZoneInfo")
CARRIED = ("command.one", "command.many")


def told() -> Iterator[str]:
    """The names of the facts that somebody tells."""
    for path in (*sources("handlers"), *sources("bot")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "tell"
                and isinstance(node.args[0], ast.Call)
            ):
                yield ast.unparse(node.args[0].func)


def test_every_fact_that_is_told_is_heard_and_every_one_heard_is_told() -> None:
    said = set(told())
    heard = {one.fact.__name__ for feature in FEATURES for one in feature.hears}
    kept = {fact.__name__ for fact in Fact.__subclasses__()}
    wrong = [
        *(f"{name} is told and nobody hears it" for name in sorted(said - heard)),
        *(f"{name} is heard and nobody tells it" for name in sorted(heard - said)),
        *(f"{name} is neither told nor heard" for name in sorted(kept - said - heard)),
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", sources("handlers"), ids=module_of)
def test_handlers_import_only_the_standard_library_and_what_stands_below_them(path: Path) -> None:
    here = module_of(path)
    wrong = []
    for name in set(imports(path)):
        top = name.split(".")[0]
        if top == "handlers":
            if room(name) > room(here):
                wrong.append(
                    f"{here} is {ROOMS[room(here)]} and may not import {name}, "
                    f"{ROOMS[room(name)]}: move what it needs down, or the caller up"
                )
        elif top not in sys.stdlib_module_names:
            wrong.append(
                f"{here} imports {name}: handlers are plain Python. Put what needs a library "
                "into bot, storage or scheduling, behind a Protocol in handlers/kit/ports.py"
            )
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", sources("handlers"), ids=module_of)
def test_rooms_of_a_feature_share_what_stands_below_them(path: Path) -> None:
    """A feature too large for one model, commands and cards has a room for each thing: a folder of
    these. What its rooms' commands and cards share stands in `shared`; only the feature's own
    modules know them all."""
    here = module_of(path).split(".")
    wrong = [
        f"{module_of(path)} imports {name}: rooms know each other's model and rules; what else "
        f"two of them need goes to {'.'.join(here[:2])}.shared"
        for name in set(imports(path))
        if len(here) > 3
        and len(there := name.split(".")) > 3
        and there[:2] == here[:2]
        and there[2] not in (here[2], "shared")
        and there[-1] not in RULES
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", sources("bot"), ids=module_of)
def test_platforms_do_not_know_each_other(path: Path) -> None:
    here = module_of(path)
    mine = next((name for name in PLATFORMS if f"{here}.".startswith(f"{name}.")), None)
    wrong = [
        f"{here} imports {name}: platforms share only handlers/kit; "
        "what two of them need goes into bot beside them, or into the kit"
        for name in set(imports(path))
        for other in PLATFORMS
        if mine and other != mine and f"{name}.".startswith(f"{other}.")
    ]
    assert not wrong, "\n".join(wrong)


DOORS = PLATFORMS
ALIKE = ("front", "parse", "listen", "replies", "markup", "cards", "forms", "send")
"""A platform's door: the wiring, what is posted as a value, the way in, what is answered at once,
lines, cards and forms as the platform has them, and what is sent."""


@pytest.mark.parametrize("door", DOORS)
def test_doors_have_the_same_files_for_the_same_things(door: str) -> None:
    there = {path.stem for path in sources(door.replace(".", "/"))}
    assert [f"{door}.{name} is missing" for name in ALIKE if name not in there] == []


@pytest.mark.parametrize(
    "module",
    [
        f"{door}.{name}"
        for door in DOORS
        for name in ALIKE
        if name not in ("parse", "send", "cards")
    ],
)
def test_only_parse_reads_what_is_posted(module: str) -> None:
    """By its keys, that is. `send` reads another thing, what a platform's API answers, and `cards`
    what it has just written."""
    path = ROOT / f"{module.replace('.', '/')}.py"
    wrong = [
        f"{module} reads {ast.unparse(node)}: make it a value in parse"
        for node in ast.walk(ast.parse(path.read_text()))
        if is_read_by_key(node)
    ]
    assert not wrong, "\n".join(wrong)


def is_read_by_key(node: ast.AST) -> bool:
    """`there["key"]` or `there.get("key")`; a request's headers and query are no payload, and what
    `web.get` serves is none either."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=str()), ctx=ast.Load()):
            return True
        case ast.Call(func=ast.Attribute(value=there, attr="get"), args=[ast.Constant(), *_]):
            return ast.unparse(there).rpartition(".")[2] not in ("headers", "query", "web")
        case _:
            return False
