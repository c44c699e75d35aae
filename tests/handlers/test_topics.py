"""The topic in somebody's hurried words, and a workspace's own list of topics."""

import unicodedata

import pytest

from handlers.common.languages import NEW_PEOPLE, NewPeople, language_for_new
from handlers.common.topics import (
    LONGEST_TOPIC,
    MOST_WORKSPACE_TOPICS,
    TOPICS,
    TOPICS_TOGETHER,
    TopicList,
    TopicsError,
    TopicsFault,
    topic_in,
    topics_as_text,
    topics_by_id,
    topics_from_text,
    topics_of,
)
from handlers.kit.people import Topic
from storage.words import WordForms
from tests.fakes.settings import SettingsInMemory

WORDS = WordForms()


USUAL = topics_of(SettingsInMemory(), "w")


def own(value: dict[str, object]) -> SettingsInMemory:
    """The settings of a workspace `w` with topics of its own."""
    settings = SettingsInMemory()
    settings.put("w", "topics", value)
    return settings


def heard(text: str, topics: tuple[Topic, ...] = USUAL) -> tuple[str | None, str]:
    topic, rest = topic_in(text, topics, WORDS)
    return topic.id if topic else None, rest


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("contracts he threatens me", ("contracts", "he threatens me")),
        ("Contract: he threatens me", ("contracts", "he threatens me")),
        ("līgumi", ("contracts", "")),
        ("“contracts” he threatens me", ("contracts", "he threatens me")),
        ("„līgumi” – viņš kliedz", ("contracts", "viņš kliedz")),
        ("– līgumi: viņš kliedz", ("contracts", "viņš kliedz")),
        ("• `contracts` he", ("contracts", "he")),
        ("līg\u200bumi\u00a0viņš\tkliedz", ("contracts", "viņš kliedz")),
        (unicodedata.normalize("NFD", "rēķins par marts"), ("bills", "par marts")),
        ("elektrības\u00a0traucējumi nav gaismas", ("outages", "nav gaismas")),
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
    assert heard("cut power", topics) == ("power", "cut power")
    again = Topic("again", "w", {"lv": ("strāva",), "en": ("power",)})
    assert heard("power", (topics[0], again)) == ("power", "")
    assert heard("power", (again, topics[0])) == ("again", "")


def test_a_utility_s_usual_topics_until_it_sets_its_own() -> None:
    usual = topics_of(SettingsInMemory(), "w")
    assert [topic.id for topic in usual] == [
        "contracts", "bills", "payments", "meters", "outages", "connections", "tariffs", "moving",
        "solar", "complaints",
    ]  # fmt: skip
    assert usual[2] == Topic(
        "payments",
        "w",
        {"lv": ("maksājumi", "parādi", "parāds"), "en": ("payments", "debts", "debt")},
    )


def test_a_topic_is_found_by_its_id() -> None:
    by_id = topics_by_id(SettingsInMemory(), "w")
    assert tuple(by_id) == tuple(topic.id for topic in USUAL)
    assert tuple(by_id.values()) == USUAL
    assert by_id["bills"].workspace == "w"


def test_its_own_are_its_own_alone() -> None:
    settings = own({"topics": [["heat", "apkure, siltums,", "heating"]]})
    heat = Topic("heat", "w", {"lv": ("apkure", "siltums"), "en": ("heating",)})
    assert topics_of(settings, "w") == (heat,)
    assert topics_of(settings, "other") == topics_of(SettingsInMemory(), "other")


@pytest.mark.parametrize(
    "kept",
    [
        None,
        "lost",
        [],
        [7],
        [["heat", "apkure"]],
        [["heat", " ", "x"]],
        [["", "apkure", "heating"]],
        [["x" * 81, "apkure", "heating"]],
        [["heat", "apkure", ","]],
    ],
)
def test_what_can_t_be_topics_leaves_the_usual_ones(kept: object) -> None:
    assert topics_of(own({"topics": kept}), "w") == USUAL


def test_of_what_an_older_version_kept_as_much_is_read_as_can_be_shown() -> None:
    long = "x" * (LONGEST_TOPIC + 1)
    rows = [["heat", "apkure", long], [7], ["x" * 80, "siltums", "warmth"], ["h", "a", "b"]]
    assert TOPICS.of(own({"topics": rows}), "w") == TopicList(
        (
            ("heat", "apkure", "x" * (LONGEST_TOPIC - 1) + "…"),
            ("x" * 80, "siltums", "warmth"),
            ("h", "a", "b"),
        )
    )
    many = [[f"t{number}", "a", "b"] for number in range(MOST_WORKSPACE_TOPICS + 1)]
    assert len(TOPICS.of(own({"topics": many}), "w").topics) == MOST_WORKSPACE_TOPICS


def test_all_topics_together_fit_one_field() -> None:
    """Sixty of fifty characters, a bar between the languages and a line's end included."""
    fits = [[f"t{n}", "x" * 23, "y" * 23] for n in range(60)]
    kept = TOPICS.of(own({"topics": [*fits, ["more", "a", "b"]]}), "w").topics
    assert [row[0] for row in kept] == [f"t{n}" for n in range(60)]

    line = f"{'x' * 23} | {'y' * 23}"
    assert len(f"{line}\n" * 60) == TOPICS_TOGETHER
    assert len(topics_from_text("\n".join([line] * 60), ()).topics) == 60
    with pytest.raises(TopicsError) as error:
        topics_from_text("\n".join([line] * 59 + [f"{line}y"]), ())
    assert (error.value.fault, error.value.part) == (TopicsFault.TOGETHER, "")


def test_the_language_for_people_who_come() -> None:
    settings = SettingsInMemory()
    assert language_for_new(settings, "w") is None
    NEW_PEOPLE.put(settings, "w", NewPeople("en"))
    assert settings.get("w", "language") == {"new": "en"}
    assert language_for_new(settings, "w") == "en"
    assert language_for_new(settings, "other") is None


def test_so_many_words_are_looked_at() -> None:
    before = "x " * 59
    assert heard(f"{before}bill") == ("bills", f"{before}bill")
    assert heard(f"x {before}bill") == (None, f"x {before}bill")


class TestOwnList:
    def test_from_one_to_a_hundred(self) -> None:
        def lines(number: int) -> str:
            return "\n".join(f"tēma {place} | topic {place}" for place in range(number))

        assert topics_from_text("a | b", USUAL) == TopicList((("b", "a", "b"),))
        most = topics_from_text(lines(MOST_WORKSPACE_TOPICS), USUAL)
        assert most.topics[-1] == ("topic-99", "tēma 99", "topic 99")
        for number in (0, MOST_WORKSPACE_TOPICS + 1):
            with pytest.raises(TopicsError) as error:
                topics_from_text(lines(number), USUAL)
            assert (error.value.fault, error.value.part) == (TopicsFault.NUMBER, "")

    def test_a_name_has_a_length_and_something_to_see(self) -> None:
        longest = "x" * LONGEST_TOPIC
        fits = topics_from_text(f"{longest}, a | {longest}", ())
        assert fits == TopicList(((longest[:60], f"{longest}, a", longest),))
        for line in (f"a | b, {longest}x", f"a, {longest}x | b"):
            with pytest.raises(TopicsError) as error:
                topics_from_text(line, ())
            assert (error.value.fault, error.value.part) == (TopicsFault.NAME, f"{longest}x")
        with pytest.raises(TopicsError) as error:
            topics_from_text("a | \u200b", ())
        assert (error.value.fault, error.value.part) == (TopicsFault.LINE, "a | \u200b")

    def test_an_id_is_made_of_what_can_stand_in_one(self) -> None:
        kept = topics_from_text("a | 契約\nb | ...X-ray, y!\nc | 契\nd | 約", ())
        assert kept.topics == (
            ("topic", "a", "契約"),
            ("x-ray", "b", "...X-ray, y!"),
            ("topic-2", "c", "契"),
            ("topic-3", "d", "約"),
        )

    def test_a_second_bar_belongs_to_the_name_behind_the_first(self) -> None:
        assert topics_from_text("a | b | c", ()) == TopicList((("b-c", "a", "b | c"),))

    def test_it_is_read_as_it_is_written(self) -> None:
        text = topics_as_text(USUAL)
        assert topics_of(own(TOPICS.kept(topics_from_text(text, USUAL))), "w") == USUAL

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
