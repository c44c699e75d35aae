"""A caller is known again by pseudonyms, one for each purpose, and by nothing else."""

from datetime import UTC, datetime

import pytest

from bot.callers import KeyedPseudonyms, in_e164
from handlers.kit.callers import Purpose

AUTUMN = datetime(2026, 11, 28, tzinfo=UTC)
WINTER = datetime(2027, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("+37120000000", "+37120000000"),
        ("20 000 000", "+37120000000"),
        ("0037167000000", "+37167000000"),
        ("tel:+371-2000-0000", "+37120000000"),
        ("+44 20 7946 0958", "+442079460958"),
        ("anonymous", None),
        ("", None),
        ("Restricted", None),
        ("12", None),
        ("+371 1", None),
        ("2" * 41, None),
    ],
)
def test_only_a_valid_number_is_one_and_latvia_is_where_it_is_from(
    written: str, e164: str | None
) -> None:
    assert in_e164(written) == e164


def test_a_number_is_found_under_this_quarters_pseudonym_and_the_last_ones() -> None:
    known = KeyedPseudonyms("a secret")
    before, now = known("20000000", AUTUMN), known("+371 2000 0000", WINTER)
    assert before is not None
    assert now is not None
    assert now.remembering[1] == before.remembering[0] != now.remembering[0]
    assert now.offers == before.offers
    assert now.objections == before.objections
    every = [one for purpose in Purpose for one in now.of(purpose)]
    assert len(set(every)) == len(every) == 4
    assert all(len(one) == 64 and "2000" * 2 not in one for one in every)


def test_what_a_former_secret_made_is_found_and_the_newest_makes_what_is_kept() -> None:
    former, both = (
        KeyedPseudonyms("old")("20000000", AUTUMN),
        KeyedPseudonyms("new", "old")("20000000", AUTUMN),
    )
    assert former is not None
    assert both is not None
    assert (
        both.offers == (KeyedPseudonyms("new")("20000000", AUTUMN) or former).offers + former.offers
    )
    assert set(former.remembering) < set(both.remembering)


def test_whatever_may_be_kept_is_found_to_be_erased() -> None:
    made = [datetime(2025, month, 5, tzinfo=UTC) for month in (2, 5, 8, 11)]
    kept = [
        one.remembering[0] for at in made if (one := KeyedPseudonyms("a secret")("20000000", at))
    ]
    ever = KeyedPseudonyms("a secret").ever("20000000", AUTUMN)
    assert ever is not None
    assert set(kept) <= set(ever.remembering)
