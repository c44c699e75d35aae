"""No regular expression of ours takes out of all proportion longer for a longer text.

Text that people or platforms send is searched in the thread that everybody waits for. So each
expression is given what makes such a search begin anew and anew, a text and one four times as long:
a search that grows with the text takes four times as long, one that grows with its square sixteen
times. Compared are two measurements of the same moment, never a number of seconds.
"""

import ast
import importlib
import json
import re
import re._parser as parser  # type: ignore[import-not-found]  # nobody else knows what one is made of
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from handlers.kit.text import fold, normalized

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "storage", "scheduling")
CALLS = {"compile", "search", "match", "fullmatch", "split", "sub", "subn", "findall", "finditer"}

TOO_MUCH = 9
"""Times as long, for a text four times as long: halfway between 4 and 16, in powers of two more."""

WORTH_A_LOOK = 0.002
"""Seconds of the processor under which a difference says nothing, and hurts nobody."""

LIKELY = 6
"""Times as long, at ENOUGH characters, from which on a longer text is tried to tell."""

ENOUGH = 2048

OTHER_WAYS = "re|re2|regex|sre_compile|fnmatch|pattern|regexp_match|regexp_replace"

ENDS = ("", "\x00", "\n!")
"""What the end of what is looked for is not."""


def sources() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def nodes(path: Path, hint: str) -> list[ast.AST]:
    """What the file is made of; nothing where it has no word of the `hint`: to look through each
    piece of all files takes seconds, and most of them have none."""
    text = path.read_text()
    return list(ast.walk(ast.parse(text))) if re.search(rf"\b({hint})\b", text) else []


def calls(path: Path) -> Iterator[ast.Call]:
    for node in nodes(path, "re"):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name)) if name in CALLS:
                yield node


def expressions(path: Path) -> Iterator[re.Pattern[str]]:
    """Every expression of the file: those it holds, and those it writes where it uses them."""
    made = list(calls(path))
    if not made:
        return
    yield from patterns(vars(importlib.import_module(module_of(path))))
    for call in made:
        first = call.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield re.compile(first.value, flags(call))


def patterns(there: object) -> Iterator[re.Pattern[str]]:
    match there:
        case re.Pattern():
            yield there
        case dict():
            for one in there.values():
                yield from patterns(one)
        case list() | tuple() | set() | frozenset():
            for one in there:
                yield from patterns(one)
        case _:
            pass


def flags(call: ast.Call) -> int:
    names = {
        node.attr
        for argument in (*call.args[1:], *(one.value for one in call.keywords))
        for node in ast.walk(argument)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if node.value.id == "re"
    }
    found = 0
    for name in names:
        found |= int(getattr(re, name))
    return found


_JS = re.compile(
    r"""
      //[^\n]* | /\*.*?\*/                                   # remarks
    | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | `(?:[^`\\]|\\.)*`
    | (?P<operand>[\w$)\]]+\s*/)                            # something divided
    | /(?P<pattern>(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)/(?P<flags>[a-z]*)
    """,
    re.VERBOSE | re.DOTALL,
)
_JS_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}


def in_pages() -> list[Path]:
    return [path for kind in ("js", "html") for path in sorted((ROOT / "bot").rglob(f"*.{kind}"))]


def expressions_of_a_page(text: str) -> Iterator[re.Pattern[str]]:
    """Every expression of a script, as Python writes it."""
    for found in _JS.finditer(re.sub(r"\breturn\b", ";", text)):
        if pattern := found["pattern"]:
            ours = pattern.replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!")
            ours = ours.replace(r"\p{M}", r"[\u0300-\u036f]")
            yield re.compile(ours, sum(_JS_FLAGS.get(one, 0) for one in found["flags"]))


def everything() -> list[tuple[str, re.Pattern[str]]]:
    ours = [(module_of(path), one) for path in sources() for one in expressions(path)]
    theirs = [
        (path.name, one) for path in in_pages() for one in expressions_of_a_page(path.read_text())
    ]
    found = {
        (one.pattern, one.flags): (f"{where} {one.pattern[:40]}", one)
        for where, one in (*ours, *theirs)
    }
    return list(found.values())


EVERYTHING = everything()


# --- texts that make a search hard --------------------------------------------------------------


def pieces(parsed: Any) -> list[str]:
    """A text for each piece of an expression, in their order, whatever it is nested in."""
    found: list[str] = []
    for kind, what in parsed:
        match str(kind):
            case "LITERAL":
                found.append(chr(what))
            case "NOT_LITERAL":
                found.append("x" if chr(what) != "x" else "y")
            case "ANY":
                found.append("x")
            case "IN":
                found.append(member(what))
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                found += pieces(what[2])
            case "SUBPATTERN":
                found += pieces(what[3])
            case "ATOMIC_GROUP":
                found += pieces(what)
            case "BRANCH":
                for branch in what[1][:6]:
                    found += pieces(branch)
            case "ASSERT" | "ASSERT_NOT":
                found += pieces(what[1])
            case _:  # a place, such as the beginning, or a group once more
                pass
    return found


def member(items: Any) -> str:
    """A character of the class."""
    is_in = re.compile(written(items)).fullmatch
    return next((one for one in "a1 A-.,;|<@\n\tč_'/" if is_in(one)), "ņ")


def written(items: Any) -> str:
    classes = {
        "CATEGORY_DIGIT": r"\d",
        "CATEGORY_NOT_DIGIT": r"\D",
        "CATEGORY_SPACE": r"\s",
        "CATEGORY_NOT_SPACE": r"\S",
        "CATEGORY_WORD": r"\w",
        "CATEGORY_NOT_WORD": r"\W",
    }
    inside, negated = "", ""
    for kind, what in items:
        match str(kind):
            case "NEGATE":
                negated = "^"
            case "LITERAL":
                inside += re.escape(chr(what))
            case "RANGE":
                inside += f"{re.escape(chr(what[0]))}-{re.escape(chr(what[1]))}"
            case "CATEGORY":
                inside += classes[str(what)]
            case other:
                raise AssertionError(f"a class of characters has {other}")
    return f"[{negated}{inside}]"


def units(expression: re.Pattern[str]) -> list[str]:
    """What is repeated: each run of neighbouring pieces, the whole, and each piece's own run."""
    parts = pieces(parser.parse(expression.pattern, expression.flags & ~re.UNICODE))
    runs = {
        "".join(parts[start:end])
        for start in range(len(parts))
        for end in (start + 1, start + 2, start + 3, start + 5, len(parts))
    }
    heads = {"".join(parts[:end]) for end in range(1, len(parts) + 1)}
    return sorted(runs | heads | {"a", " ", "<", "1 ", "a1", "a-", "Ab "})


def hard(expression: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """A unit to be repeated, and what stands before it."""
    parts = pieces(parser.parse(expression.pattern, expression.flags & ~re.UNICODE))
    for unit in units(expression):
        yield "", unit
    for end in range(1, min(len(parts), 8)):
        for piece in set(parts[end - 1 : end + 2]):
            yield "".join(parts[:end]), piece


# --- how long it takes --------------------------------------------------------------------------


def seconds(expression: re.Pattern[str], text: str) -> float:
    """Of the processor, for every place of the text where it may be found."""
    begun = time.thread_time()
    for _ in expression.finditer(text):
        pass
    return time.thread_time() - begun


def grows_too_fast(expression: re.Pattern[str], begin: str, unit: str, end: str) -> bool:
    """Whether some text of four times the length takes out of all proportion longer."""

    def text(length: int) -> str:
        return begin + unit * (length // len(unit)) + end

    # From small on, so that what is worse than a square is found before it never ends.
    before = seconds(expression, text(32))
    for length in (128, 512, 2048, 8192):
        now = seconds(expression, text(length))
        if length == ENOUGH and now < LIKELY * before:
            return False
        if now > WORTH_A_LOOK and now > TOO_MUCH * before:
            # What else the machine does only adds to a time: the least of some is its own.
            least, least_of_a_quarter = (
                min(seconds(expression, text(many)) for _ in range(3))
                for many in (length, length // 4)
            )
            if least > TOO_MUCH * least_of_a_quarter:
                return True
        before = now
    return False


def found_hard(expression: re.Pattern[str]) -> list[tuple[str, str, str]]:
    return [
        (begin, unit, end)
        for begin, unit in hard(expression)
        for end in ENDS
        if grows_too_fast(expression, begin, unit, end)
    ]


@pytest.mark.parametrize(
    "expression", [one for _, one in EVERYTHING], ids=[n for n, _ in EVERYTHING]
)
def test_a_search_grows_with_the_text(expression: re.Pattern[str]) -> None:
    assert found_hard(expression) == []


@pytest.mark.parametrize(
    "expression",
    [
        r"<at\b[^>]*>(.*?)</at>",
        r"<(?:@(?P<user>\w+)|(?P<rest>[^|>]*))(?:\|(?P<label>[^>]*))?>",
        r"\s+$",
        r"[\w.]+@[\w.]+",
    ],
)
def test_one_that_does_not_is_found(expression: str) -> None:
    """The first two are those that held up a whole company."""
    assert found_hard(re.compile(expression, re.DOTALL)) != []


def test_none_is_made_where_this_does_not_see_it() -> None:
    """An expression is a constant where it is used, or stands in its module."""
    unseen = [
        f"{module_of(path)}:{call.lineno} {ast.unparse(call)[:60]}"
        for path in sources()
        for call in calls(path)
        if not isinstance(call.args[0], ast.Constant) and not is_at_top(path, call)
    ]
    assert unseen == []


_COMPILED = """
import importlib, json, re, sys
made, compiling = [], re.compile
def compile(pattern, flags=0):
    where = sys._getframe(1).f_code.co_filename
    made.append((where, getattr(pattern, "pattern", pattern), int(compiling(pattern, flags).flags)))
    return compiling(pattern, flags)
re.compile = compile
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps([one for one in made if isinstance(one[1], str)]))
"""


def test_all_that_the_program_compiles_are_tried() -> None:
    """Wherever a module keeps its own: in a class, in a table, in something of another's."""
    modules = [
        module_of(path)
        for path in sources()
        if path.name != "__main__.py" and "migrations" not in path.parts
    ]
    told = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-c", _COMPILED, *modules],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    tried = {(one.pattern, one.flags) for _, one in EVERYTHING}
    rooms = tuple(str(ROOT / room) for room in ROOMS)
    made = {
        (Path(where).name, pattern, flags)
        for where, pattern, flags in json.loads(told.stdout.splitlines()[-1])
        if where.startswith(rooms)
    }
    assert len(made) > 50
    assert {one for one in made if one[1:] not in tried} == set()


def test_there_is_one_way_to_make_one() -> None:
    """By `re.compile` and its like: `from re import`, `import re as`, another library, a field that
    is checked by a pattern, or what a page puts together, would not be seen here."""
    unseen = [
        f"{module_of(path)}: {ast.unparse(node)[:60]}"
        for path in sources()
        for node in nodes(path, OTHER_WAYS)
        if is_another_way(node)
    ]
    put_together = [
        f"{path.name}: {one}"
        for path in in_pages()
        for one in re.findall(r"RegExp\b|\bpattern=", path.read_text())
    ]
    assert unseen + put_together == []


def test_marks_are_put_in_order_by_what_bounds_them() -> None:
    """`unicodedata.normalize` takes the square of how many marks follow one another: half a minute
    for a name of 200,000."""
    assert normalized("NFD", "a" + "\u0323\u0301" * 200) == "a" + "\u0323" * 15 + "\u0301" * 15
    assert normalized("NFC", "Šķēle" * 20) == "Šķēle" * 20
    assert fold("A" + "\u0323\u0301" * 100_000) == "a"
    assert fold("a" + "\ufdfa" * 10_000) == "a"
    elsewhere = {
        module_of(path)
        for path in sources()
        if "normalize" in (text := path.read_text())
        for node in ast.walk(ast.parse(text))
        if (isinstance(node, ast.Attribute) and node.attr == "normalize")
        or (isinstance(node, ast.ImportFrom) and node.module == "unicodedata")
    }
    assert elsewhere == {"handlers.kit.text"}


def is_another_way(node: ast.AST) -> bool:
    match node:
        case ast.ImportFrom(module="re" | "regex" | "sre_compile" | "fnmatch" | "re2"):
            return True
        case ast.Import(names=names):
            return any(
                one.name in ("regex", "re2", "fnmatch") or (one.name == "re" and one.asname)
                for one in names
            )
        case ast.keyword(arg="pattern" | "regex"):
            return True
        case ast.Attribute(attr="regexp_match" | "regexp_replace"):
            return True
        case _:
            return False


def test_an_expression_of_a_page_is_found() -> None:
    script = """
        const half = width / 2 / 3; // not /one/
        const word = `a/b/c`.match(/^[/](?<word>\\S*)$/i) ?? "x/y/z";
        return /\\p{M}/gu.test(word);
    """
    found = [(one.pattern, one.flags) for one in expressions_of_a_page(script)]
    assert found == [
        (r"^[/](?P<word>\S*)$", int(re.IGNORECASE | re.UNICODE)),
        (r"[\u0300-\u036f]", int(re.UNICODE)),
    ]


def is_at_top(path: Path, call: ast.Call) -> bool:
    return any(
        call.lineno >= statement.lineno and call.lineno <= (statement.end_lineno or 0)
        for statement in ast.parse(path.read_text()).body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
    )
