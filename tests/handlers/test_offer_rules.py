"""What follows from an offer: who signs, which limits, what an auditor would find."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.money import in_books, read_cents, spoken, written
from handlers.library.model import READ_IN, SPOKEN, InvalidLibraryError
from handlers.offers.auditing import Audited, Evidence, audited
from handlers.offers.ledger.model import BEGINNING, Booking, Head, LedgerEntry, What
from handlers.offers.model import (
    Bound,
    CodeState,
    KnownBy,
    Limit,
    Offer,
    OfferRules,
    OfferState,
    RemedyKind,
)
from handlers.offers.plain import RULES
from handlers.offers.rules import WhySigned, booking, limits_of, most_of, why_signed
from storage.library_yaml import shipped

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def rules() -> OfferRules:
    return shipped(RULES, TODAY)


# --- money ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cents", "currency", "latvian", "english", "said"),
    [
        (1_000, "EUR", "10\u00a0€", "€10", "10 euros"),
        (1_250, "EUR", "12,50\u00a0€", "€12.50", "12.50 euros"),
        (100, "EUR", "1\u00a0€", "€1", "1 euro"),
        (125_005, "EUR", "1\u00a0250,05\u00a0€", "€1,250.05", "1,250.05 euros"),
        (-700, "EUR", "\u22127\u00a0€", "\u2212€7", "-7 euros"),
        (2_500, "SEK", "25\u00a0SEK", "SEK\u00a025", "25 SEK"),
    ],
)
def test_amounts_are_written_as_each_language_writes_them(
    cents: int, currency: str, latvian: str, english: str, said: str
) -> None:
    assert written(cents, currency, "lv") == latvian
    assert written(cents, currency, "en") == english
    if cents > 0:
        assert spoken(cents, currency, "en") == said
    assert spoken(1_250, "EUR", "lv") == "12,50 eiro"
    assert spoken(1_250, "EUR", "ru") == "12,50 евро"


@given(st.integers(min_value=0, max_value=10_000_000))
def test_what_is_written_in_books_is_read_back(cents: int) -> None:
    assert read_cents(in_books(cents)) == cents
    assert read_cents(in_books(cents).replace(".", ",")) == cents


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        *(("10", 1_000), ("12.5", 1_250), ("12,50 €", 1_250), ("€ 7", 700), ("1 000", 100_000)),
        *(("", None), ("-3", None), ("1.005", None), ("1e3", None), ("٣", None), ("x", None)),
        *(("100000.01", None), ("100000", 10_000_000), ("9" * 400, None)),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, cents: int | None) -> None:
    assert read_cents(typed) == cents


# --- who signs, and which limits --------------------------------------------------------------


@pytest.mark.parametrize(
    ("cents", "left", "known_by", "why"),
    [
        (2_000, 2_000, KnownBy.NUMBER, None),
        (2_000, 2_000, KnownBy.CASE, None),
        (2_001, 9_000, KnownBy.NUMBER, WhySigned.ALONE),
        (2_000, 1_999, KnownBy.NUMBER, WhySigned.MONTH),
        (1, 9_000, KnownBy.NOTHING, WhySigned.UNKNOWN),
    ],
)
def test_somebody_signs_what_is_beyond_ones_power(
    cents: int, left: int, known_by: KnownBy, why: WhySigned | None
) -> None:
    assert why_signed(cents, rules().bounds, left, known_by) is why


def test_limits_are_taken_in_one_order_and_the_signers_instead_of_the_agents() -> None:
    offer = Offer("o", "w", "anna", NOW, None, occasion="outage", agent_party="a", held_at=NOW)
    known = replace(offer, customer="mark")
    signed = replace(known, signer_party="s")
    order = list(Bound)
    for one in (offer, known, signed):
        bounds = [limit.bound for limit in limits_of(one)]
        assert bounds == sorted(bounds, key=order.index)
    assert [limit.bound for limit in limits_of(offer)] == [
        Bound.BUDGET,
        Bound.OCCASION,
        Bound.AGENT,
    ]
    assert [(one.bound, one.subject, one.month) for one in limits_of(signed)] == [
        (Bound.BUDGET, "", "2026-03"),
        (Bound.OCCASION, "outage", "2026-03"),
        (Bound.CUSTOMER, "mark", ""),
        (Bound.SIGNER, "s", "2026-03"),
    ]


def test_each_limit_is_of_one_subject_in_one_month_and_in_the_offer_s_currency() -> None:
    offer = Offer(
        *("o", "w", "anna", NOW, None),
        occasion="outage",
        customer="mark",
        currency="SEK",
        agent_party="a",
        held_at=datetime(2026, 11, 30, 23, 59, tzinfo=UTC),
    )
    before = (
        Limit(Bound.BUDGET, "", "2026-11", "SEK"),
        Limit(Bound.OCCASION, "outage", "2026-11", "SEK"),
        Limit(Bound.CUSTOMER, "mark", "", "SEK"),
    )
    assert limits_of(offer) == (*before, Limit(Bound.AGENT, "a", "2026-11", "SEK"))
    signed = replace(offer, signer_party="s")
    assert limits_of(signed) == (*before, Limit(Bound.SIGNER, "s", "2026-11", "SEK"))


def test_how_much_there_is_of_a_limit_stands_in_the_rules() -> None:
    bounds = replace(rules().bounds, budget=1, alone=2, agent=3, signer=4, customer=5)
    occasion = replace(rules().occasions[0], most=6)
    most = {bound: most_of(Limit(bound, "", "", "EUR"), bounds, occasion) for bound in Bound}
    assert most == {
        Bound.BUDGET: 1,
        Bound.OCCASION: 6,
        Bound.CUSTOMER: 5,
        Bound.AGENT: 3,
        Bound.SIGNER: 4,
    }


def test_a_step_of_an_offer_as_the_ledger_has_it() -> None:
    offer = Offer(
        *("o", "w", "anna", NOW, None),
        known_by=KnownBy.CASE,
        customer="mark",
        occasion="outage",
        remedy=1,
        kind=RemedyKind.GIFT_CARD,
        cents=1_500,
        currency="SEK",
        version=3,
        limits_version=4,
        reason="long_wait",
        agent_party="a",
        signer="liga",
        signer_party="s",
        code="17",
        held_at=NOW,
    )
    assert booking(offer, What.VOIDED, "b", "not the same customer") == Booking(
        what=What.VOIDED,
        offer="o",
        occasion="outage",
        kind="gift_card",
        cents=1_500,
        currency="SEK",
        by="b",
        agent="a",
        signer="s",
        version=3,
        limits_version=4,
        choice="long_wait",
        customer="case",
        code="17",
        reason="not the same customer",
    )
    usual = booking(replace(offer, reason=""), What.EXPIRED, "")
    assert (usual.choice, usual.by, usual.reason) == ("usual", "", "")


def test_an_occasion_and_a_reason_are_found_by_their_ids() -> None:
    whole = rules()
    second, reason = whole.occasions[1], whole.bounds.reasons[1]
    assert whole.occasion(second.id) == second
    assert whole.occasion("x") is None
    assert whole.bounds.reason(reason.id) == reason
    assert whole.bounds.reason("x") is None


# --- the rules as a file ----------------------------------------------------------------------


def test_what_ships_says_everything_in_every_language() -> None:
    """So that a sentence can be said to whoever calls, and somebody answers for each rule."""
    content = rules()
    assert len(content.occasions) == 10
    for occasion in content.occasions:
        assert set(occasion.say) == set(SPOKEN), occasion.id
        for said in (occasion.names, occasion.when, occasion.owner):
            assert set(said) == set(READ_IN), occasion.id
        assert occasion.review > TODAY
        assert occasion.most >= max(one.cents for one in occasion.remedies), occasion.id
    assert all(set(said) == set(SPOKEN) for said in content.bounds.say.values())
    assert RULES.read(RULES.plain(content), TODAY) == content


BAD = """
limits: {budget: 10, alone: -1, agent: x, signer: 1.005, customer: 0, names: {lv: A}, owner: 1,
  say: {credit: {lv: a, en: "{amount}{amount}", ru: "{amount}"}}, reasons: {}, review: soon}
occasions:
  Visit: {names: {lv: A, en: A}, when: {lv: A, en: A}, say: {lv: A, en: A, ru: A}, most: 0,
    usual: {credit: 1, gift_card: 2}, others: [{credit: 3}, {credit: 3}, {cash: 1}],
    owner: {lv: A, en: A}, review: in 2 months}
"""


def test_a_file_is_refused_with_every_fault_where_it_stands() -> None:
    with pytest.raises(InvalidLibraryError) as refused:
        RULES.read(yaml.safe_load(BAD), TODAY)
    told = "\n".join(refused.value.problems)
    for place in (
        *("limits.alone", "limits.agent", "limits.signer", "limits.customer", "limits.names.en"),
        *("limits.say.credit.lv", "limits.say.credit.en", "limits.say.gift_card: missing"),
        *("limits.reasons", "limits.owner", "limits.review", "occasions.Visit: an id"),
        *("occasions.Visit.usual", "occasions.Visit.others[3]", "twice", "at most 2"),
    ):
        assert place in told, place
    assert "most" not in told.replace("at most", "")


def test_a_change_is_stamped_and_everything_else_stays() -> None:
    before = rules()
    changed = RULES.plain(before)
    occasions = changed["occasions"]
    assert isinstance(occasions, dict)
    brought = {"occasions": {"outage": {**occasions["outage"], "most": "12.50"}}}
    after = RULES.amended(before, brought, 2, TODAY)
    assert {one.id: one.version for one in RULES.entries(after) if one.version != 1} == {
        "outage": 2
    }
    assert [change.parts for change in RULES.changes(before, after)] == [("most",)]


# --- what an auditor finds --------------------------------------------------------------------


def chain(*bookings: Booking) -> list[LedgerEntry]:
    entries: list[LedgerEntry] = []
    for number, one in enumerate(bookings, 1):
        before = entries[-1].hash if entries else BEGINNING
        entries.append(LedgerEntry("w", number, NOW, one, one.legs, before).sealed())
    return entries


def step(what: What, offer: str = "one", **also: object) -> Booking:
    usual = Booking(
        what, offer, "outage", "credit", 1_000, "EUR", "a", "a", "", 1, 1, "usual", "case"
    )
    return replace(usual, **also)  # type: ignore[arg-type] # fields by name, as each test has them


NAMES = {"a": "Anna", "b": "Anna", "s": "Līga"}


def found(
    entries: list[LedgerEntry], codes: tuple[CodeState, ...] = (), offers: tuple[Offer, ...] = ()
) -> Audited:
    head = Head(len(entries), entries[-1].hash) if entries else Head()
    return audited(
        Evidence(entries, head, NAMES, codes, offers), 2_000, NOW + timedelta(minutes=61)
    )


def told(audit: Audited) -> dict[str, tuple[str, ...]]:
    return {about: lines for about, lines in audit.findings.items() if lines}


def test_books_in_order_leave_nothing_to_look_at() -> None:
    gift = {"kind": "gift_card", "code": "c1"}
    audit = found(
        chain(
            step(What.HELD, signer="s"),
            step(What.POSTED, signer="s"),
            step(What.REVERSED, signer="s", by="s"),
            step(What.HELD, "two", **gift),
            step(What.EXPIRED, "two", by="", **gift),
            step(What.HELD, "three", **gift),
            step(What.POSTED, "three", **gift),
        ),
        codes=(CodeState("c1", 1_000, "EUR", "three", shown=True),),
    )
    assert told(audit) == {}
    assert audit.holds
    assert audit.did == (
        "Anna: given 2 (20.00 EUR); by version of occasion/limits 1/1: 2",
        "Līga: signed 1 (10.00 EUR); took back 1 (10.00 EUR)",
    )


def test_what_does_not_follow_is_named() -> None:
    audit = found(
        chain(
            step(What.POSTED),
            step(What.HELD, "two"),
            step(What.POSTED, "two", cents=999),
            step(What.HELD, "three"),
        )
    )
    assert told(audit) == {
        "held and never ended": ("entry 4: held since 2026-03-02 08:00 UTC",),
        "more than was held": (
            "entry 1: posted after nothing",
            "entry 3: another amount than entry 2",
        ),
    }


def test_who_signed_or_took_back_their_own_is_named_under_another_years_name_too() -> None:
    audit = found(
        chain(
            step(What.HELD, signer="b"),
            step(What.POSTED, signer="b"),
            step(What.REVERSED, signer="b", by="b"),
        )
    )
    assert told(audit)["signed by the one who offered"] == (
        "entry 1: Anna signed what they offered",
        "entry 3: Anna took back what they gave",
    )


def test_offers_that_are_together_beyond_ones_power_are_named_once() -> None:
    def offer(number: int, days: float, cents: int, signer: str = "") -> Offer:
        return Offer(
            str(number),
            "w",
            "anna",
            NOW,
            None,
            OfferState.POSTED,
            KnownBy.NUMBER,
            "mark",
            cents=cents,
            agent_party="a",
            signer_party=signer,
            posted_at=NOW + timedelta(days=days),
        )

    split = (offer(1, 0, 1_500), offer(2, 30, 1_500), offer(3, 31, 400))
    (line,) = told(found([], offers=split))["splits under the limit"]
    assert line.endswith(
        "2 offers unsigned within 30 days from 2026-03-02, together 30.00 EUR: Anna"
    )
    assert told(found([], offers=(offer(1, 0, 1_500), offer(2, 30.01, 1_500)))) == {}
    assert told(found([], offers=(offer(1, 0, 1_000), offer(2, 1, 1_000)))) == {}
    assert told(found([], offers=(offer(1, 0, 1_500), offer(2, 1, 1_500, "s")))) == {}


def test_codes_are_held_against_the_bookings() -> None:
    gift = {"kind": "gift_card"}
    audit = found(
        chain(
            step(What.HELD, "one", **gift),
            step(What.HELD, "two", code="c2", **gift),
            step(What.HELD, "three", code="c2", **gift),
            step(What.HELD, "four", code="c4", **gift),
            step(What.VOIDED, "four", code="c4", **gift),
            step(What.HELD, "five", code="c5", **gift),
        ),
        codes=(
            CodeState("c2", 1_000, "EUR", "three", shown=False),
            CodeState("c4", 1_000, "EUR", "four", shown=True),
            CodeState("c5", 2_000, "EUR", "five", shown=False),
            CodeState("c6", 1_000, "EUR", "six", shown=False),
        ),
    )
    assert told(audit)["codes against bookings"] == (
        "entry 1: a gift card without a code",
        "entry 3: its code stands with entry 2 too",
        "entry 5: voided, but its code was shown",
        "entry 6: its code is of another amount",
        "code c6: set aside for an offer that is not booked",
    )
