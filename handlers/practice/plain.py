"""Scenarios as plain data: read with every fault of the tree named where it stands."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from handlers.kit.cards import Field, TextField
from handlers.kit.ports import Texts, mark
from handlers.kit.reading import Filled
from handlers.library.attributes import LocalizedText
from handlers.library.entries import OWNER, REVIEW, Entries, examples, names
from handlers.library.model import READ_IN, Saying
from handlers.library.plain import MISSING, PlainReader
from handlers.practice.model import (
    FEWEST_TURNS,
    HOTTEST,
    MOST_TURNS,
    REPLIES,
    SHORTEST_WAY,
    DialogueTurn,
    ReplyOption,
    Scenario,
    Script,
    ScriptEnding,
)

NAMED = 40
"""Characters of what a call is called."""

SAID = 300
"""Characters of what is said in one turn: a breath or two."""

TOLD_CALLER = 800
"""Characters of what is told to whoever plays the caller."""

MOST_CODES = 6
"""Indicators of one scenario, at most."""


@dataclass(frozen=True, slots=True)
class Codes:
    """Indicators by their short names: in a form with commas between them."""

    name: str
    label: str

    is_optional = False

    def read(self, reader: PlainReader, path: str, data: object) -> tuple[str, ...]:
        given = () if data is MISSING else reader.list(path, data)
        if data is not MISSING and not 1 <= len(given) <= MOST_CODES:
            reader.problems.append(f"{path}: {len(given)}, should be 1 to {MOST_CODES}")
        return tuple(reader.entry_id(f"{path}[{n}]", str(one)) for n, one in enumerate(given, 1))

    def plain(self, value: Sequence[str]) -> object:
        return list(value)

    def fields(self, value: Sequence[str] | None, t: Texts) -> Sequence[Field]:
        hint = t("Their short names in the dictionary, with commas between them.")
        return [TextField(self.name, t(self.label), ", ".join(value or ()), hint=hint)]

    def filled(self, filled: Filled) -> tuple[str, ...]:
        reader = PlainReader(date.min)
        typed = filled.text(self.name).replace(",", " ").split()
        found = self.read(reader, self.name, typed)
        if reader.problems and self.name not in filled.errors:
            filled.errors[self.name] = filled.t(
                "1 to {n} short names, each of small letters a-z and _.", n=MOST_CODES
            )
        return found


@dataclass(frozen=True, slots=True)
class ScriptPart:
    """The tree of turns. It comes from a file: no form could show it."""

    name: str
    label: str

    is_optional = False

    def read(self, reader: PlainReader, path: str, data: object) -> Script:
        given = {} if data is MISSING else reader.mapping(path, data, required={"turns", "endings"})
        wrong = len(reader.problems)
        turns = tuple(
            _turn(reader, f"{path}.turns.{key}", str(key), value)
            for key, value in reader.entries(f"{path}.turns", given.get("turns", {})).items()
        )
        endings = tuple(
            _ending(reader, f"{path}.endings.{key}", str(key), value)
            for key, value in reader.entries(f"{path}.endings", given.get("endings", {})).items()
        )
        script = Script(turns, endings)
        if data is not MISSING and len(reader.problems) == wrong:
            reader.problems += _faults(path, script)
        return script

    def plain(self, value: Script) -> object:
        return {
            "turns": {
                turn.id: {
                    "heat": turn.heat,
                    "says": dict(turn.says),
                    "replies": [_plain_reply(reply) for reply in turn.replies],
                }
                for turn in value.turns
            },
            "endings": {
                one.id: {"heat": one.heat, "says": dict(one.says), "after": dict(one.after)}
                for one in value.endings
            },
        }


SCENARIOS = Entries(
    Scenario,
    (
        names(NAMED),
        LocalizedText("situation", mark("What one knows before the call")),
        LocalizedText("caller", mark("Only for whoever plays the caller"), limit=TOLD_CALLER),
        examples(),
        Codes("indicators", mark("What it is good for")),
        ScriptPart("script", mark("the turns of the call")),
        OWNER,
        REVIEW,
    ),
    name="scenario",
    title=mark("the practice scenarios"),
    package="handlers.practice.scenarios",
    command="practice",
    word="practice",
    section="scenarios",
    most=60,
)


def shortest(script: Script) -> int:
    """Turns of the shortest way from the beginning to an ending."""
    return _length(script, min)


def longest(script: Script) -> int:
    """Turns of the longest one."""
    return _length(script, max)


def _turn(reader: PlainReader, path: str, key: str, data: object) -> DialogueTurn:
    given = reader.mapping(path, data, required={"heat", "says", "replies"})
    listed = reader.list(f"{path}.replies", given.get("replies", ()))
    replies = tuple(
        _reply(reader, f"{path}.replies[{number}]", one) for number, one in enumerate(listed, 1)
    )
    if len(replies) != REPLIES:
        reader.problems.append(f"{path}.replies: {len(replies)}, should be {REPLIES}")
    elif (bad := sum(one.bad for one in replies)) != 1:
        reader.problems.append(f"{path}.replies: {bad} are bad models, should be 1")
    return DialogueTurn(reader.entry_id(path, key), *_place(reader, path, given), replies)


def _ending(reader: PlainReader, path: str, key: str, data: object) -> ScriptEnding:
    given = reader.mapping(path, data, required={"heat", "says", "after"})
    after = reader.saying(f"{path}.after", given.get("after", MISSING), READ_IN, SAID)
    return ScriptEnding(reader.entry_id(path, key), *_place(reader, path, given), after)


def _place(reader: PlainReader, path: str, given: Mapping[str, object]) -> tuple[int, Saying]:
    """How hot the caller is there, and what they say."""
    heat = given.get("heat", 1)
    if isinstance(heat, bool) or not isinstance(heat, int) or not 1 <= heat <= HOTTEST:
        reader.problems.append(f"{path}.heat: {heat!r}, should be 1 to {HOTTEST}")
        heat = 1
    return heat, reader.saying(f"{path}.says", given.get("says", MISSING), READ_IN, SAID)


def _reply(reader: PlainReader, path: str, data: object) -> ReplyOption:
    given = reader.mapping(
        path, data, required={"says", "because", "to"}, optional=("bad", "shows")
    )
    bad, shows = given.get("bad", False), given.get("shows", "")
    if not isinstance(bad, bool):
        reader.problems.append(f"{path}.bad: {bad!r}, should be true or left out")
    return ReplyOption(
        reader.saying(f"{path}.says", given.get("says", MISSING), READ_IN, SAID),
        reader.saying(f"{path}.because", given.get("because", MISSING), READ_IN, SAID),
        str(given.get("to", "")),
        bad is True,
        reader.entry_id(f"{path}.shows", str(shows)) if shows else "",
    )


def _plain_reply(reply: ReplyOption) -> dict[str, object]:
    plain: dict[str, object] = {
        "says": dict(reply.says),
        "because": dict(reply.because),
        "to": reply.to,
    }
    if reply.bad:
        plain["bad"] = True
    if reply.shows:
        plain["shows"] = reply.shows
    return plain


def _faults(path: str, script: Script) -> Iterator[str]:
    """What is wrong with a tree whose turns are each well by themselves."""
    turns = {one.id: one for one in script.turns}
    endings = {one.id: one for one in script.endings}
    if not FEWEST_TURNS <= len(turns) <= MOST_TURNS:
        yield f"{path}.turns: {len(turns)}, should be {FEWEST_TURNS} to {MOST_TURNS}"
    if not turns or len(turns) > MOST_TURNS:
        return
    yield from (
        f"{path}.endings.{one}: a turn is called so as well" for one in endings if one in turns
    )
    dead = [
        f"{path}.turns.{turn.id}.replies[{number}].to: leads to {reply.to!r}, which is no turn and "
        "no ending"
        for turn in script.turns
        for number, reply in enumerate(turn.replies, 1)
        if reply.to not in turns and reply.to not in endings
    ]
    yield from dead
    if dead:
        return
    reached = _reached(script)
    yield from (f"{path}.turns.{one}: no way leads there" for one in turns if one not in reached)
    yield from (
        f"{path}.endings.{one}: no way leads there" for one in endings if one not in reached
    )
    if circle := _circle(script):
        yield f"{path}.turns: goes round in a circle: {' > '.join(circle)}"
        return
    if (least := shortest(script)) < SHORTEST_WAY:
        yield f"{path}.turns: a way ends after {least}, should be {SHORTEST_WAY} at least"
    if (most := longest(script)) < FEWEST_TURNS:
        yield f"{path}.turns: the longest way has {most}, should be {FEWEST_TURNS} at least"
    heat = {one.id: one.heat for one in script.turns} | {one.id: one.heat for one in script.endings}
    yield from (
        f"{path}.turns.{turn.id}.replies[{number}]: a bad model, and the caller is cooler after it"
        for turn in script.turns
        for number, reply in enumerate(turn.replies, 1)
        if reply.bad and heat[reply.to] < turn.heat
    )


def _onward(script: Script) -> dict[str, list[str]]:
    """Where the replies of each turn lead."""
    return {one.id: [reply.to for reply in one.replies] for one in script.turns}


def _reached(script: Script) -> frozenset[str]:
    """Where any way leads, the beginning among them."""
    onward = _onward(script)
    found, pending = set[str](), [script.turns[0].id]
    while pending:
        if (one := pending.pop()) not in found:
            found.add(one)
            pending += onward.get(one, ())
    return frozenset(found)


def _circle(script: Script) -> tuple[str, ...]:
    """Turns that lead back to the first of them; none, if nothing does."""
    onward = _onward(script)
    done = set[str]()

    def look(way: tuple[str, ...]) -> tuple[str, ...]:
        for one in onward.get(way[-1], ()):
            if one in way:
                return (*way[way.index(one) :], one)
            if one not in done and (circle := look((*way, one))):
                return circle
        done.add(way[-1])
        return ()

    return next(filter(None, (look((one,)) for one in onward)), ())


def _length(script: Script, of: Callable[[Iterable[int]], int]) -> int:
    onward = _onward(script)

    @cache
    def turns(place: str) -> int:
        return 1 + of(map(turns, onward[place])) if place in onward else 0

    return turns(script.turns[0].id)
