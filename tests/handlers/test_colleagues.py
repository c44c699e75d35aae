"""Which colleague somebody means, and what is said when it can't be them."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from bot.texts import texts
from handlers.common.colleagues import (
    Asking,
    all_named,
    check,
    chosen,
    mentioned_by_name,
    named,
)
from handlers.kit.cards import Form, Line, PeopleField, ToType
from handlers.kit.commands import MENTIONED, Command, RefusedError
from handlers.kit.people import Address, Kind, Person
from handlers.kit.reading import Filled
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

WORDS = Asking(
    several="One at a time, please.", nobody="I find nobody so: {typed}.", oneself="That is you."
)
NOBODY = ("I find nobody so: ", ToType("thanks"), ".")


@dataclass(frozen=True)
class PeopleList:
    """The people list in memory, as far as a name is looked for in it."""

    everybody: tuple[Person, ...] = (ME, LIGA, IVO, ZANE, ELZA)
    looked_for: list[str] = field(default_factory=list)

    @property
    def people(self) -> "PeopleList":
        return self

    def at(self, address: Address) -> Person | None:
        return next((one for one in self.everybody if address in one.addresses), None)

    def search(
        self, workspace: str, text: str, offset: int, limit: int
    ) -> tuple[tuple[Person, ...], int]:
        assert (workspace, offset) == ("w", 0)
        self.looked_for.append(text)
        found = [
            one
            for one in self.everybody
            if all(
                any(part.startswith(word) for part in fold(one.name).replace("-", " ").split())
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
        ("ar līgu", (["liga"], "")),
        ("Ivo Bērziņš", (["ivo"], "")),
        ("zan", (["zane"], "")),
        ("z", (["zane", "elza"], "")),
        ("elza zāle and so on", (["elza"], "and so on")),
    ],
)
def test_a_name_as_people_write_it(text: str, found: tuple[list[str], str]) -> None:
    assert meant(text) == found


CASES = {
    "Anna": "Annas Annai Annu Anna!",
    "Ilze": "Ilzes Ilzei Ilzi",
    "Jānis": "Jāņa Jānim Jāni",
    "Mārtiņš": "Mārtiņa Mārtiņam Mārtiņu Mārtiņ",
    "Mikus": "Mikum Miku",
    "Zivs": "Zivij Zivi",
    "Gulbis": "Gulbja Gulbim Gulbi",
    "Briedis": "Brieža Briedim",
    "Latis": "Laša Latim",
    "Lielais": "Lielā Lielajam Lielo",
    "Mazā": "Mazajai Mazo Mazās",
    "Maija": "Maijai Maiju",
    "Otto": "Otto",
    "Aldis": "Aldi Alža Aldim Alda",
    "Ēriks": "Ērik Ērika Ērikam Ēriku",
    "Akmens": "Akmenim Akmeni",
    "Liepa": "Liepam Liepas",
    "Eva": "Evai Evu",
    "Šķēle": "Šķēlem Šķēles",
    "Bjørn": "Bjornam Bjørnu Bjorns",
    "O’Brien": "O'Brienam O`Brien",
    "Ozoliņa-Kalēja": "Ozoliņai Kalējai Ozoliņai-Kalējai",
}
"""A name of each declension, in the cases in which people are asked for."""


@pytest.mark.parametrize("name", CASES)
def test_a_name_in_any_case(name: str) -> None:
    meant_one = person("meant", f"{name} Q")
    here = ctx(PeopleList((meant_one, person("other", "Uldis Q"))))
    for form in CASES[name].split():
        command = Command("thanks", ME.addresses[0], f"ar {form} why")
        assert named(command, here, WORDS) == ((meant_one,), "why"), form


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("zani", ["zane", "zanis"]),  # a beginning of one, and a case of the other
        ("žani", ["zanis"]),
        ("Žaņa", ["zanis"]),
        ("Zanei", ["zane"]),
        ("Jāņa", ["janis"]),
        ("jana", ["jan", "janis"]),
        ("Lielajam", ["lielais"]),
        ("Lielajai", ["liela"]),
    ],
)
def test_of_names_alike_the_marks_and_the_ending_tell_which(text: str, found: list[str]) -> None:
    alike = (
        *(person("zane", "Zane"), person("zanis", "Žanis"), person("jan", "Jan")),
        *(person("janis", "Jānis"), person("lielais", "Lielais"), person("liela", "Lielā")),
    )
    several, _ = named(Command("thanks", ME.addresses[0], text), ctx(PeopleList(alike)), WORDS)
    assert sorted(one.id for one in several) == sorted(found)


def test_three_words_of_a_name_are_read_and_no_more() -> None:
    mara = person("mara", "Māra Anna Zoe Liepa")
    for text, rest in (("mara anna zoe why", "why"), ("mara anna zoe liepa why", "liepa why")):
        command = Command("thanks", ME.addresses[0], text)
        assert named(command, ctx(PeopleList((ME, mara))), WORDS) == ((mara,), rest)


def test_a_whole_word_goes_before_a_beginning() -> None:
    twins = (ME, person("a", "Anna Lee"), person("b", "Ann Lee"))
    command = Command("thanks", ME.addresses[0], "ann")
    assert named(command, ctx(PeopleList(twins)), WORDS) == ((twins[2],), "")


def test_so_do_several_whole_words() -> None:
    both = (ME, person("a", "Anna Leeds"), person("b", "Anna Lee"))
    command = Command("thanks", ME.addresses[0], "anna lee")
    assert named(command, ctx(PeopleList(both)), WORDS) == ((both[2],), "")


def test_ar_alone_is_the_beginning_of_a_name() -> None:
    arta = person("arta", "Arta Q")
    command = Command("thanks", ME.addresses[0], "ar")
    assert named(command, ctx(PeopleList((ME, arta))), WORDS) == ((arta,), "")


@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        ("Annai", "ann"),
        ("Jāņa", "jan"),
        ("Brieža", "brie"),
        ("Laša", "la"),
        ("Evai", "ev"),
        # two letters stay of any name
        ("Ias", "ia"),
        ("Jan", "jan"),
        ("Annai Lielajam", "ann liel"),
    ],
)
def test_a_name_in_another_case_is_looked_for_by_what_all_its_cases_have(
    typed: str, begins: str
) -> None:
    nobody_so = PeopleList((IVO,))
    with pytest.raises(RefusedError):
        named(Command("thanks", ME.addresses[0], typed), ctx(nobody_so), WORDS)
    assert nobody_so.looked_for[:2] == [fold(typed), begins]


def test_a_hundred_are_looked_at_for_a_name_in_another_case() -> None:
    crowd = tuple(person(f"p{n}", "Janovs") for n in range(100))
    janis = person("janis", "Jānis")
    command = Command("thanks", ME.addresses[0], "Jāņa")
    assert named(command, ctx(PeopleList((*crowd[1:], janis))), WORDS) == ((janis,), "")
    with pytest.raises(RefusedError):
        named(command, ctx(PeopleList((*crowd, janis))), WORDS)


def test_marks_tell_namesakes_apart_though_one_s_name_has_an_apostrophe() -> None:
    alike = (person("a", "O'Brien Žanis"), person("b", "Obrien Zanis"))
    command = Command("thanks", ME.addresses[0], "obrien žani")
    assert named(command, ctx(PeopleList(alike)), WORDS) == ((alike[0],), "")


def test_ten_namesakes_are_looked_at() -> None:
    crowd = tuple(person(f"p{n}", "Jānis") for n in range(12))
    command = Command("thanks", ME.addresses[0], "janis")
    assert named(command, ctx(PeopleList(crowd)), WORDS) == (crowd[:10], "")


def test_a_mention_is_clear_and_what_is_left_is_why() -> None:
    assert meant("@zane  why @zane", "zane") == (["zane"], "   why @zane")
    assert meant("@zane", "zane", "zane") == (["zane"], " ")
    assert meant("@zane, he shouted", "zane") == (["zane"], "  he shouted")
    assert meant("@zane: he shouted", "zane") == (["zane"], "  he shouted")


@pytest.mark.parametrize(
    ("text", "mentioned", "words"),
    [
        ("@liga @ivo", ("liga", "ivo"), ("One at a time, please.",)),
        ("nobody at all", (), NOBODY),
        ("", (), NOBODY),
        ("@", (), NOBODY),
        (". .", (), NOBODY),
        ("x y q liga", (), NOBODY),
    ],
)
def test_who_is_not_clear_is_asked_for(text: str, mentioned: tuple[str, ...], words: Line) -> None:
    with pytest.raises(RefusedError) as refused:
        meant(text, *mentioned)
    assert refused.value.line == words


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
            "Līga is not of your organisation. I can only ask your own colleagues.",
        ),
        (
            replace(LIGA, workspace="other", active=False),
            "Līga is not of your organisation. I can only ask your own colleagues.",
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


# --- a name inside a sentence -----------------------------------------------------------------

MARA = person("mara", "Māra Anna Zoe Liepa")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Līga he shouts", (LIGA, "he shouts")),
        ("he  shouts at @līgai now", (LIGA, "he shouts at now")),
        ("@liga ozola he shouts", (LIGA, "he shouts")),
        # what follows belongs to the name only where it is one of theirs, whole
        ("@liga o", (LIGA, "o")),
        ("@liga ozol he shouts", (LIGA, "ozol he shouts")),
        ("@mara anna zoe liepa why", (MARA, "liepa why")),
        ("from me@liga to @nobody and @liga", (LIGA, "from me@liga to @nobody and")),
        ("@liga @ivo", (LIGA, "@ivo")),
        # another one of the caller's name
        ("@anna help", (MARA, "help")),
        # nobody, several, a mere sign: nothing of the text is lost
        ("he  shouts at liga", (None, "he  shouts at liga")),
        ("he  shouts at @nobody", (None, "he  shouts at @nobody")),
        ("@z he  shouts", (None, "@z he  shouts")),
        ("@ he  shouts", (None, "@ he  shouts")),
        ("", (None, "")),
    ],
)
def test_whom_a_name_in_a_sentence_means(text: str, found: tuple[Person | None, str]) -> None:
    here = PeopleList((ME, LIGA, IVO, ZANE, ELZA, MARA))
    assert mentioned_by_name(text, ctx(here)) == found


def test_one_does_not_mean_oneself() -> None:
    assert mentioned_by_name("@anna  help", ctx()) == (None, "@anna  help")


def test_who_does_not_belong_is_not_meant_and_leaves_it_clear() -> None:
    gone, guest = replace(ZANE, active=False), replace(ELZA, kind=Kind.OUTSIDER)
    zita = person("zita", "Zita Liepa")
    assert mentioned_by_name("@zane why", ctx(PeopleList((ME, gone)))) == (None, "@zane why")
    assert mentioned_by_name("@z why", ctx(PeopleList((gone, guest, zita)))) == (zita, "why")


@pytest.mark.parametrize(
    ("text", "mentioned", "found"),
    [
        ("Līga and Ivo", (), [["liga"], ["ivo"]]),
        ("līgai, Ivo Bērziņš un zanei", (), [["liga"], ["ivo"], ["zane"]]),
        ("@liga & elza+ivo", ("liga",), [["liga"], ["elza"], ["ivo"]]),
        ("@liga @ivo", ("liga", "ivo"), [["liga"], ["ivo"]]),
        ("z", (), [["zane", "elza"]]),
        ("Ivo and the whole of the team", (), [["ivo"], []]),
        ("Ivo, nobody", (), [["ivo"], []]),
        ("Andris", (), [[]]),
        (" , ", (), []),
    ],
)
def test_several_are_named_with_and_or_a_comma_between(
    text: str, mentioned: tuple[str, ...], found: list[list[str]]
) -> None:
    command = Command("thanks", ME.addresses[0], text)
    meant = all_named(text, mentioned, command, ctx())
    assert [[one.id for one in each] for each in meant] == found


def test_who_was_chosen_and_is_no_colleague_is_said_at_the_field() -> None:
    bot = person("bot", "Beep", kind=Kind.BOT)
    here = ctx(PeopleList((ME, LIGA, IVO, bot)))
    field = PeopleField("whom", ("Whom?",), most=3)
    for typed, wrong in ((("liga", "ivo"), ""), (("me", "liga"), "That is you.")):
        command = Command("x", ME.addresses[0], values={"whom": typed})
        filled = Filled(Form(("A form",), "x", ("Save",), (field,)), command, here)
        assert [one.id for one in chosen("whom", filled, here, WORDS)] == [*typed]
        assert {name: said(line) for name, line in filled.errors.items()} == (
            {"whom": wrong} if wrong else {}
        )
