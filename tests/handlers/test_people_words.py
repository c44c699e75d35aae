"""Who people are to each other, and what is done with written text."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.cards import Card, Divider, Mention, Note, Paragraph, Strong, Tone, together
from handlers.kit.people import Address, Kind, Person, Profile, Role, Topic, by_language
from handlers.kit.text import fold, plain, shortened

ANNA = Person(
    "anna",
    "w",
    "Anna Kalniņa",
    (Address("slack", "T1", "U1"), Address("teams", "M1", "29:1")),
)
LIGA = replace(ANNA, id="liga", name="Līga", addresses=(Address("teams", "M1", "29:2"),))
IVO = replace(ANNA, id="ivo", name="Ivo", addresses=(Address("slack", "T2", "U1"),))


def test_where_somebody_is() -> None:
    assert ANNA.addresses[0].place == ("slack", "T1")
    assert ANNA.is_at(("slack", "T1"))
    assert ANNA.is_at(("teams", "M1"))
    assert not ANNA.is_at(("slack", "T2"))


def test_two_have_a_place_in_common_or_none() -> None:
    assert ANNA.shares_a_place_with(LIGA)
    assert LIGA.shares_a_place_with(ANNA)
    assert not ANNA.shares_a_place_with(IVO)
    assert not replace(ANNA, addresses=()).shares_a_place_with(ANNA)


@pytest.mark.parametrize(
    ("has", "may_what"),
    [
        (set(), {Role.AGENT}),
        ({Role.SUPERVISOR}, {Role.AGENT, Role.SUPERVISOR}),
        ({Role.COORDINATOR}, {Role.AGENT, Role.COORDINATOR}),
        ({Role.ADMIN}, {Role.AGENT, Role.COORDINATOR, Role.ADMIN}),
    ],
)
def test_what_each_role_may(has: set[Role], may_what: set[Role]) -> None:
    person = replace(ANNA, roles=frozenset(has))
    assert {role for role in Role if person.is_a(role)} == may_what


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Bērziņa, Ilze", "Ilze"),
        ("Bērziņa , Ilze Anna", "Ilze"),
        ("Bērziņa,", "Bērziņa"),
        (", Ilze", "Ilze"),
        (",", ","),
        ("Ilze Bērziņa, PhD", "Ilze"),
        ("Dr. Ilze Bērziņa", "Ilze"),
        ("Bērziņa, Dr. Ilze", "Ilze"),
        ("van der Berg, Jan", "Jan"),
        ("von Trapp, Maria Augusta", "Maria"),
        ("I. Bērziņa", "Bērziņa"),
        ("...", "..."),
        ("Dr.", "Dr."),
        ("Dr Ilze Bērziņa", "Ilze"),
        ("Mr John Smith", "John"),
        ("Prof. Dr. Ilze Bērziņa", "Ilze"),
        ("Ilze, PhD", "Ilze"),
        ("Smith, Jr., John", "John"),
        ("Smith Jr., John", "John"),
        ("Bērziņa, Ilze (IT)", "Ilze"),
        ("Bērziņa, Ilze, Dr.", "Ilze"),
        ("(IT) Ilze Bērziņa", "Ilze"),
        ("[EXT] Bērziņa, Ilze", "Ilze"),
        ("🙂 Ilze Bērziņa", "Ilze"),
        ("- Ilze -", "Ilze"),
        ("„Ilze” Bērziņa", "Ilze"),
        ("De La Cruz, María José", "María"),
        ("Berg, van der, Jan", "Jan"),
        ("Ilze Bērziņa, Klientu centrs", "Ilze"),
        ("SIA Pasts, klientu serviss", "SIA"),
        ("Conor O’Brien", "Conor"),
        ("🙂", "🙂"),
        ("(IT)", "(IT)"),
        ("Dr.,Mg.", "Dr."),
        ("محمد علي", "محمد"),
    ],
)
def test_a_directorys_surname_is_not_the_first_name(name: str, first: str) -> None:
    assert replace(ANNA, name=name).first_name == first


def test_names_and_languages() -> None:
    assert [one.first_name for one in (ANNA, replace(ANNA, name="  "))] == ["Anna", "  "]
    assert [
        replace(ANNA, platform_locale="lv", chosen_locale=chosen).locale for chosen in (None, "en")
    ] == ["lv", "en"]


def test_a_topic_is_called_by_its_first_name_in_the_language_or_in_any() -> None:
    bills = Topic("bills", "w", {"lv": ("rēķini", "rēķins"), "en": ("bills", "invoice")})
    assert [bills.name(locale) for locale in ("lv", "en", "ru")] == ["rēķini", "bills", "rēķini"]


def test_only_members_are_members() -> None:
    profile = Profile(Address("slack", "T1", "U1"), "Anna")
    assert [
        replace(profile, is_bot=bot, is_outsider=outsider).kind
        for bot, outsider in ((False, False), (False, True), (True, False), (True, True))
    ] == [Kind.MEMBER, Kind.OUTSIDER, Kind.BOT, Kind.BOT]


def test_only_members_whose_account_is_open_belong() -> None:
    assert [
        (replace(ANNA, active=active, kind=kind).belongs, replace(ANNA, active=active, kind=kind)
            .on_duty(datetime(2026, 3, 2, tzinfo=UTC)))
        for active in (True, False) for kind in Kind
    ] == [(True, True), *[(False, False)] * 5]  # fmt: skip
    profile = Profile(Address("slack", "T1", "U1"), "Anna")
    assert [
        one.belongs
        for one in (
            profile,
            replace(profile, active=False),
            replace(profile, is_bot=True),
            replace(profile, is_outsider=True),
        )
    ] == [True, False, False, False]


def test_what_several_read_is_made_once_for_each_of_their_languages() -> None:
    english = replace(LIGA, chosen_locale="en")
    assert by_language([ANNA, LIGA]) == (ANNA,)
    assert by_language([english, english]) == (english,)
    assert by_language([english, ANNA]) == by_language([ANNA, english]) == (ANNA, english)


def test_a_card_in_two_languages_has_a_block_for_each() -> None:
    latvian = Card(("Sveiki",), (Note(("viens",)),), Tone.GOOD, apart=Card(("Atsevišķi",)))
    english = Card(("Hello",), (Note(("one",)),), Tone.GOOD, apart=Card(("Apart",)))
    both = together([latvian, english])
    assert both == Card(
        ("Sveiki",),
        (Note(("viens",)), Divider(), Paragraph((Strong("Hello"),)), Note(("one",))),
        Tone.GOOD,
        apart=Card(("Atsevišķi",), (Divider(), Paragraph((Strong("Apart"),)))),
    )
    assert together([english]) == english


@pytest.mark.parametrize(
    ("text", "folded"),
    [("  ĀBOLS ", "abols"), ("Ķīnā", "kina"), ("Straße", "strasse"), ("ﬁn", "fin"), ("", "")],
)
def test_names_are_compared_without_case_and_diacritics(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("", ""),
        ("four", "four"),
        ("fives", "fives"),
        ("sixsix", "sixs…"),
        ("six six", "six…"),
        ("  six", "  six"),
        ("  sixsix", "  si…"),
    ],
)
def test_a_text_is_cut_where_it_would_be_too_long(text: str, short: str) -> None:
    assert shortened(text, 5) == short


@given(st.text(), st.integers(1, 20))
def test_it_is_never_longer(text: str, limit: int) -> None:
    assert len(shortened(text, limit)) <= limit


def test_the_words_of_a_line_are_what_is_left_where_only_text_is_known() -> None:
    assert plain(("Hello, ", "Anna")) == "Hello, Anna"
    assert plain(("See ", Mention("Anna"), Strong("now"), ".")) == "See ."
    assert plain(()) == ""
