"""Each form that tells who somebody is: the last that is one, and the first that isn't."""

import pytest

from handlers.kit.deidentify import Identifying, spots

PHONE, CODE, NUMBER, NAME = (
    Identifying.PHONE,
    Identifying.CODE,
    Identifying.NUMBER,
    Identifying.NAME,
)


def seen(text: str) -> list[tuple[str, Identifying]]:
    return [(text[spot.start : spot.end], spot.kind) for spot in spots(text)]


@pytest.mark.parametrize(
    ("digits", "kind"),
    [
        ("26123456", PHONE),
        ("67123456", PHONE),
        ("80123456", PHONE),
        ("90123456", PHONE),
        ("2612-3456", PHONE),
        ("37126123456", PHONE),
        ("371 26123456", PHONE),
        ("+49 30 1234567", PHONE),
        ("0049 30 1234567", PHONE),
        ("12345678", NUMBER),
        ("37123456", NUMBER),
        ("1234567", NUMBER),
        ("1234-5678", None),
        ("261-2345", None),
        ("3712 6123", None),
        ("010190-12345", CODE),
        ("31129012345", CODE),
        ("320000-12345", CODE),
        ("39000012345", CODE),
        ("120199 12345", CODE),
        ("000190-12345", PHONE),
        ("010090-12345", None),
        ("011390-12345", None),
        ("400190-12345", None),
        ("40011912345", NUMBER),
    ],
)
def test_digits_are_a_telephone_a_personal_code_another_number_or_nothing(
    digits: str, kind: Identifying | None
) -> None:
    assert seen(f"zvana {digits} vakar") == ([] if kind is None else [(digits, kind)])


@pytest.mark.parametrize(
    "text",
    [
        "1234567 kWh",
        "1234567 €",
        "1234567 eiro",
        "1234567 reizes",
        "1234567,50",
        "1 000 000",
        "1.000.000",
    ],
)
def test_what_is_measured_or_round_is_a_sum_and_nobody_s(text: str) -> None:
    assert seen(f"patērēja {text} vakar") == []
    assert seen("kWh: 1234567 vakar") == [("1234567", NUMBER)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("mr Anna Maria Zoe Lee rang", ["Anna Maria Zoe"]),
        ("mr van der Berg rang", ["van der Berg"]),
        ("mr van", []),
        ("mr J. Smith. Later", ["J. Smith"]),
        ("mr Li. Smith rang", ["Li. Smith"]),
        ("mr Ann. Smith rang", ["Ann"]),
        ("mr Ann, Smith rang", ["Ann"]),
        ("mr. Smith rang", ["Smith"]),
        ("Kalna kungs", ["Kalna"]),
        ("teica Jāņa Kalna kungs", ["Jāņa Kalna"]),
        ("teica J. Kalna kungs", ["J. Kalna"]),
        ("teica J.Kalna kungs", ["J.Kalna"]),
        ("teica Kalna, kungs", []),
        ("Vecais kungs", []),
        ("Vecā kundze", []),
        ("Vecajam kungam", []),
        ("Vecajai kundzei", []),
        ("Vecais Kalna kungs", ["Kalna"]),
    ],
)
def test_a_name_is_what_stands_beside_a_title(text: str, names: list[str]) -> None:
    assert seen(text) == [(name, NAME) for name in names]
