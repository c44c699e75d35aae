"""Which colleague somebody means, and what is said when it can't be them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from bot.texts import texts
from handlers.common.colleagues import Asking, check, named
from handlers.kit.cards import Line
from handlers.kit.commands import MENTIONED, Command, RefusedError
from handlers.kit.people import Address, Kind, Person
from handlers.kit.text import fold
from handlers.work import Context, Services, Work


def person(id_: str, name: str, **also: object) -> Person:
    at = (Address("paper", "T1", id_),)
    return replace(Person(id_, "w", name, at), **also)  # type: ignore[arg-type] # by name


ME = person("me", "Anna Kalniņa", chosen_locale="en")
LIGA = person("liga", "Līga Ozola")
IVO = person("ivo", "Ivo Bērziņš")
ZANE = person("zane", "Zane Āboltiņa")
ELZA = person("elza", "Elza Zāle")

WORDS = Asking(several="One at a time, please.", nobody="I find nobody so.", oneself="That is you.")
NOBODY = "I find nobody so."


@dataclass(frozen=True)
class PeopleList:
    """The people list in memory, as far as a name is looked for in it."""

    everybody: tuple[Person, ...] = (ME, LIGA, IVO, ZANE, ELZA)

    @property
    def people(self) -> "PeopleList":
        return self

    def at(self, address: Address) -> Person | None:
        return next((one for one in self.everybody if address in one.addresses), None)

    def search(
        self, workspace: str, text: str, offset: int, limit: int
    ) -> tuple[tuple[Person, ...], int]:
        assert (workspace, offset) == ("w", 0)
        found = [
            one
            for one in self.everybody
            if all(
                any(part.startswith(word) for part in fold(one.name).split())
                for word in text.split()
            )
        ]
        return tuple(found[:limit]), len(found)


def ctx(here: PeopleList | None = None, nobodys: frozenset[Address] = frozenset()) -> Context:
    nothing: Any = None  # a name asks for no words, dates, ids or links
    services = Services(texts, nothing, nothing, nothing, nothing, nothing, hearers={})
    work = cast("Work", here or PeopleList())
    return Context(work, datetime(2026, 3, 2, tzinfo=UTC), services, ME, nobodys)


def meant(text: str, *mentioned: str) -> tuple[list[str], str]:
    command = Command("thanks", ME.addresses[0], text, {MENTIONED: mentioned})
    found, rest = named(command, ctx(), WORDS)
    return [one.id for one in found], rest


def said(line: Line) -> str:
    return "".join(str(span) for span in line)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("liga", (["liga"], "")),
        ("Līga he shouted at me", (["liga"], "he shouted at me")),
        ("@Liga", (["liga"], "")),
        ("liga.ozola why", (["liga"], "why")),
        ("ozola līga why", (["liga"], "why")),
        ("Ivo Bērziņš", (["ivo"], "")),
        ("zan", (["zane"], "")),
        ("z", (["zane", "elza"], "")),
        ("elza zāle and so on", (["elza"], "and so on")),
    ],
)
def test_a_name_as_people_write_it(text: str, found: tuple[list[str], str]) -> None:
    assert meant(text) == found


def test_three_words_of_a_name_are_read_and_no_more() -> None:
    mara = person("mara", "Māra Anna Zoe Liepa")
    for text, rest in (("mara anna zoe why", "why"), ("mara anna zoe liepa why", "liepa why")):
        command = Command("thanks", ME.addresses[0], text)
        assert named(command, ctx(PeopleList((ME, mara))), WORDS) == ((mara,), rest)


def test_a_whole_word_goes_before_a_beginning() -> None:
    twins = (ME, person("a", "Anna Lee"), person("b", "Ann Lee"))
    command = Command("thanks", ME.addresses[0], "ann")
    assert named(command, ctx(PeopleList(twins)), WORDS) == ((twins[2],), "")


def test_ten_namesakes_are_looked_at() -> None:
    crowd = tuple(person(f"p{n}", "Jānis") for n in range(12))
    command = Command("thanks", ME.addresses[0], "janis")
    assert named(command, ctx(PeopleList(crowd)), WORDS) == (crowd[:10], "")


def test_a_mention_is_clear_and_what_is_left_is_why() -> None:
    assert meant("@zane  why @zane", "zane") == (["zane"], "   why @zane")
    assert meant("@zane", "zane", "zane") == (["zane"], " ")


@pytest.mark.parametrize(
    ("text", "mentioned", "words"),
    [
        ("@liga @ivo", ("liga", "ivo"), "One at a time, please."),
        ("nobody at all", (), NOBODY),
        ("", (), NOBODY),
        ("@", (), NOBODY),
        (". .", (), NOBODY),
        ("x y q liga", (), NOBODY),
    ],
)
def test_who_is_not_clear_is_asked_for(text: str, mentioned: tuple[str, ...], words: str) -> None:
    with pytest.raises(RefusedError) as refused:
        meant(text, *mentioned)
    assert said(refused.value.line) == words


def test_whom_the_platform_does_not_know_is_nobody() -> None:
    command = Command("thanks", ME.addresses[0], "@ghost", {MENTIONED: ("ghost",)})
    with pytest.raises(RefusedError) as refused:
        named(command, ctx(nobodys=frozenset({Address("paper", "T1", "ghost")})), WORDS)
    assert said(refused.value.line) == (
        "I can't find that person. Please choose a colleague from the list."
    )


@pytest.mark.parametrize(
    ("somebody", "words"),
    [
        (ME, "That is you."),
        (replace(ME, active=False, kind=Kind.BOT), "That is you."),
        (replace(LIGA, kind=Kind.BOT), "Līga is a bot. This is for people."),
        (
            replace(LIGA, kind=Kind.OUTSIDER),
            "Līga is in another workspace. I can only ask your own colleagues.",
        ),
        (
            replace(LIGA, workspace="other", active=False),
            "Līga is in another workspace. I can only ask your own colleagues.",
        ),
        (replace(LIGA, active=False), "Līga no longer works here. Nothing was sent."),
    ],
)
def test_who_is_no_colleague_is_each_told_of_in_its_own_words(somebody: Person, words: str) -> None:
    with pytest.raises(RefusedError) as refused:
        check(somebody, ctx(), WORDS)
    assert said(refused.value.line) == words


def test_a_colleague_is_one() -> None:
    check(LIGA, ctx(), WORDS)
