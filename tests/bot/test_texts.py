from datetime import UTC, datetime

import pytest
from babel.messages.catalog import Catalog

from bot.rendering import bare
from bot.texts import BabelTexts, texts, written
from handlers.kit.cards import Link, Mention, Moment, Strong, Style
from handlers.kit.delivery import Reader


@pytest.fixture
def latvian() -> BabelTexts:
    catalog = Catalog(locale="lv")
    catalog.add("Hello, {name}", "Sveiki, {name}")
    catalog.add("{who} comes at {when}", "{when} nāks {who}")
    catalog.add(
        ("{n} hand is up", "{n} hands are up"),
        ("{n} roka ir pacelta", "{n} rokas ir paceltas", "{n} roku ir paceltas"),
    )
    return BabelTexts("lv", catalog)


@pytest.mark.parametrize(
    ("n", "line"),
    [
        (0, "0 roku ir paceltas"),
        (1, "1 roka ir pacelta"),
        (2, "2 rokas ir paceltas"),
        (10, "10 rokas ir paceltas"),
        (11, "11 rokas ir paceltas"),
        (21, "21 roka ir pacelta"),
    ],
)
def test_latvian_counts_in_three_forms(latvian: BabelTexts, n: int, line: str) -> None:
    assert latvian.many("{n} hand is up", "{n} hands are up", n) == (line,)


def test_english_counts_in_two_forms() -> None:
    t = texts("en")
    assert t.many("{n} hand is up", "{n} hands are up", 1) == ("1 hand is up",)
    assert t.many("{n} hand is up", "{n} hands are up", 21) == ("21 hands are up",)


def test_a_translation_puts_the_values_where_its_language_wants_them(latvian: BabelTexts) -> None:
    janis, at = Mention("Jānis"), Moment(datetime(2025, 11, 2, 14, 5, tzinfo=UTC))
    assert latvian("{who} comes at {when}", who=janis, when=at) == (at, " nāks ", janis)


@pytest.mark.parametrize(
    ("before", "date"),
    [
        ("Jāpārskata līdz", "2027. gada 10. martam"),
        ("Kopš", "2027. gada 10. marta"),
        ("Tas ilga no", "2027. gada 10. marta"),
        ("Pārceļas uz", "2027. gada 10. martu"),
        ("Būs", "2027. gada 10. marts"),
        ("", "2027. gada 10. marts"),
    ],
)
def test_latvian_declines_a_month_by_the_word_before_it(before: str, date: str) -> None:
    catalog = Catalog(locale="lv")
    catalog.add("When {when}", before + " {when}")
    at = Moment(datetime(2027, 3, 10, 12, 0, tzinfo=UTC), Style.DATE)
    line = BabelTexts("lv", catalog)("When {when}", when=at)
    assert bare(line, Reader("lv", "Europe/Riga")) == f"{before} {date}"


def test_a_date_that_ends_in_a_full_stop_has_no_second_one_at_the_end_of_a_sentence() -> None:
    catalog = Catalog(locale="lv")
    catalog.add("Until {day}. Or {day} at noon.", "Līdz {day}. Vai {day} pusdienlaikā.")
    at = Moment(datetime(2027, 11, 28, 12, 0, tzinfo=UTC), Style.DATE)
    line = BabelTexts("lv", catalog)("Until {day}. Or {day} at noon.", day=at)
    november = "2027. gada 28. nov."
    assert (
        bare(line, Reader("lv", "Europe/Riga")) == f"Līdz {november} Vai {november} pusdienlaikā."
    )


def test_lines_are_spliced_in_and_plain_text_is_one_piece() -> None:
    line = (Strong("Rude"), " or ", Link("insulting", "tel:112"))
    assert texts("en")("About {n}: {what}.", n=3, what=line) == (
        "About 3: ",
        Strong("Rude"),
        " or ",
        Link("insulting", "tel:112"),
        ".",
    )


def test_what_people_write_is_never_a_placeholder_nor_a_message(latvian: BabelTexts) -> None:
    assert latvian("Hello, {name}", name="{name} Hello, {name} %s") == (
        "Sveiki, {name} Hello, {name} %s",
    )


def test_a_forgotten_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="name"):
        texts("en")("Hello, {name}")


def test_the_empty_message_says_nothing(latvian: BabelTexts) -> None:
    assert latvian("") == ()


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("lv", "lv"), ("lv-LV", "lv"), ("lv_LV", "lv"), ("en-US", "en"), ("ru", "en"), ("", "en")],
)
def test_a_reader_gets_their_language_or_english(asked: str, spoken: str) -> None:
    assert texts(asked).locale == spoken


@pytest.mark.parametrize(
    ("locale", "style", "words"),
    [
        ("lv", Style.TIME, "02:30"),
        ("lv", Style.DATE, "2025. gada 3. nov."),
        ("lv", Style.DATETIME, "2025. gada 3. nov. 02:30"),
        ("en", Style.TIME, "02:30"),
        ("en", Style.DATE, "3 Nov 2025"),
        ("en", Style.DATETIME, "3 Nov 2025, 02:30"),
    ],
)
def test_moments_are_written_in_the_readers_zone_and_language(
    locale: str, style: Style, words: str
) -> None:
    late_in_utc = Moment(datetime(2025, 11, 3, 0, 30, tzinfo=UTC), style)
    assert written(late_in_utc, Reader(locale, "Europe/Riga")) == words
