"""Money as whole cents: written as each language writes it, and read as people type it."""

import re

CURRENCIES = ("EUR", "GBP", "USD", "SEK", "NOK", "DKK", "PLN", "CZK", "CHF")
"""Those with a hundred cents that may be chosen, by ISO 4217 code."""

MOST_CENTS = 10_000_000
"""A hundred thousand: no limit of a customer service is larger."""

_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}
_SPOKEN = {
    "lv": {"EUR": "eiro"},
    "en": {"EUR": "euros"},
    "ru": {"EUR": "евро"},
}
"""What one says instead of a sign; what has no word here is called by its code."""

_TYPED = re.compile(r"(\d{1,9})(?:[.,](\d{1,2}))?", re.ASCII)
_UNBROKEN = "\N{NO-BREAK SPACE}"


def written(cents: int, currency: str, locale: str) -> str:
    """The amount as it stands on a card: €12.50 in English, 12,50 € in Latvian; whole ones without
    cents."""
    sign = _SIGNS.get(currency, currency)
    minus = "\N{MINUS SIGN}" if cents < 0 else ""
    if locale == "en":
        between = "" if currency in _SIGNS else _UNBROKEN
        return f"{minus}{sign}{between}{_number(abs(cents), locale)}"
    return f"{minus}{_number(abs(cents), locale)}{_UNBROKEN}{sign}"


def spoken(cents: int, currency: str, locale: str) -> str:
    """The amount as one says it to a customer: 10 euros, 10 eiro."""
    word = _SPOKEN.get(locale, {}).get(currency, currency)
    if (cents, word) == (100, "euros"):
        word = "euro"
    return f"{_number(cents, locale)} {word}"


def in_books(cents: int) -> str:
    """The amount as accounting programs read it, whatever the language: 12.50, -3.00."""
    minus = "-" if cents < 0 else ""
    return f"{minus}{abs(cents) // 100}.{abs(cents) % 100:02}"


def read_cents(typed: str) -> int | None:
    """The cents of an amount as people type it: 12, 12.50, 12,5, €12. None for what is none, is
    negative, or has parts of a cent."""
    bare = "".join(typed.split()).strip("€£$").removesuffix("EUR").removesuffix("eiro")
    found = _TYPED.fullmatch(bare)
    if found is None:
        return None
    cents = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0") or 0)
    return cents if cents <= MOST_CENTS else None


def _number(cents: int, locale: str) -> str:
    whole, rest = divmod(cents, 100)
    grouped = f"{whole:,}" if locale == "en" else f"{whole:,}".replace(",", _UNBROKEN)
    point = "." if locale == "en" else ","
    return f"{grouped}{point}{rest:02}" if rest else grouped
