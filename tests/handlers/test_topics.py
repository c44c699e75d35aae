"""The topic in somebody's hurried words, and a workspace's own list of topics."""

import pytest

from handlers.kit.people import Topic
from handlers.people.model import TOPICS, topic_in, topics_as_text, topics_from_text, topics_of
from storage.words import WordForms

WORDS = WordForms()


class Unset:
    """A workspace that set nothing."""

    def get(self, workspace: str, section: str) -> dict[str, object] | None:
        return None

    def put(self, workspace: str, section: str, value: dict[str, object]) -> None:
        raise AssertionError("reading topics writes nothing")


class Set(Unset):
    """A workspace with topics of its own."""

    def __init__(self, value: dict[str, object]) -> None:
        self.value = value

    def get(self, workspace: str, section: str) -> dict[str, object] | None:
        return self.value


USUAL = topics_of(Unset(), "w")


def heard(text: str, topics: tuple[Topic, ...] = USUAL) -> tuple[str | None, str]:
    topic, rest = topic_in(text, topics, WORDS)
    return topic.id if topic else None, rest


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("contracts he threatens me", ("contracts", "he threatens me")),
        ("Contract: he threatens me", ("contracts", "he threatens me")),
        ("līgumi", ("contracts", "")),
        ("LĪGUMU viņš kliedz", ("contracts", "viņš kliedz")),
        ("ligumu vins kliedz", ("contracts", "vins kliedz")),
        ("rēķins par marts", ("bills", "par marts")),
        ("rekina summa", ("bills", "summa")),
        ("rēķiniem nav beigu", ("bills", "nav beigu")),
        ("invoices again", ("bills", "again")),
        ("parādu piedziņa", ("payments", "piedziņa")),
        ("skaitītāju nodeva", ("meters", "nodeva")),
        ("radijumi nesakrīt", ("meters", "nesakrīt")),
        ("tarifu maiņa", ("tariffs", "maiņa")),
        ("power cut in the village", ("outages", "in the village")),
        ("saules paneļu jauda", ("solar", "jauda")),
        ("solar panel broken", ("solar", "broken")),
        ("sudziba par mani", ("complaints", "par mani")),
    ],
)
def test_a_topic_named_first_is_taken_off(text: str, found: tuple[str, str]) -> None:
    assert heard(text) == found


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("viņš prasa par līgumu", "contracts"),
        ("she shouts about her bill!", "bills"),
        ("klients, rēķins, draudi", "bills"),
        ("about the power cut yesterday", "outages"),
        ("nezina, kas noticis ar saules paneļiem", "solar"),
    ],
)
def test_inside_a_sentence_it_stays(text: str, topic: str) -> None:
    assert heard(text) == (topic, text)


@pytest.mark.parametrize(
    "text", ["", "   ", "he threatens me", "viņš kliedz un draud", "power", "?!", "sun"]
)
def test_where_there_is_none_nothing_is_made_up(text: str) -> None:
    assert heard(text) == (None, text.strip())


def test_the_earliest_wins_and_of_two_there_the_longer() -> None:
    topics = (
        Topic("power", "w", {"lv": ("strāva",), "en": ("power",)}),
        Topic("cut", "w", {"lv": ("pārtraukums",), "en": ("power cut",)}),
        Topic("bill", "w", {"lv": ("rēķins",), "en": ("bill",)}),
    )
    assert heard("power cut and a bill", topics) == ("cut", "and a bill")
    assert heard("bill for a power cut", topics) == ("bill", "for a power cut")
    assert heard("power bill", topics) == ("power", "bill")


class TestOwnList:
    def test_it_is_read_as_it_is_written(self) -> None:
        text = topics_as_text(USUAL)
        assert topics_of(Set(TOPICS.kept(topics_from_text(text, USUAL))), "w") == USUAL

    def test_a_topic_that_kept_a_name_stays_the_same(self) -> None:
        kept = TOPICS.kept(
            topics_from_text("vienošanās, līgumi | deals\nstāvvieta | parking lot!", USUAL)
        )
        assert kept == {
            "topics": [
                ["contracts", "vienošanās, līgumi", "deals"],
                ["parking-lot", "stāvvieta", "parking lot!"],
            ]
        }

    def test_two_never_become_one(self) -> None:
        kept = TOPICS.kept(topics_from_text("līgums | a\nlīgumi | b\nc | ā\nd | a", USUAL))
        assert kept["topics"] == [
            ["contracts", "līgums", "a"],
            ["b", "līgumi", "b"],
            ["a", "c", "ā"],
            ["a-2", "d", "a"],
        ]

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("līgumi | contracts\nrēķini", "rēķini"),
            ("līgumi |", "līgumi |"),
            (" | contracts", "| contracts"),
            (", | contracts", ", | contracts"),
            ("\n \n", ""),
            ("", ""),
        ],
    )
    def test_a_line_that_is_not_two_lists_is_named(self, text: str, line: str) -> None:
        with pytest.raises(ValueError) as error:  # noqa: PT011 - the line is compared below
            topics_from_text(text, USUAL)
        assert error.value.args == (line,)
