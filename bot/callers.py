"""Callers' pseudonyms, made of their numbers: the only place that has a number before it.

A number becomes E.164, then a keyed hash under a key of its purpose. The keys are made of
SECRET_KEY, which is in no backup of the database, and for what is remembered of callers with the
quarter of the year too: two quarters on, nothing tells that two pseudonyms are one number's.
"""

import hmac
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

import phonenumbers

from handlers.kit.callers import Caller, Purpose
from storage.sealed import derived_key

COUNTRY = "LV"
"""Whose numbers are written without a country's code."""

LONGEST_NUMBER = 40
"""Characters of a number as people and telephone systems write it."""

_ERASED_BACK = 8
"""Quarters back under whose keys anything may still be kept: a promise that nobody kept."""


class KeyedPseudonyms:
    """`handlers.kit.callers.Pseudonyms`. The first of the secrets makes what is kept; what the
    others made is found."""

    def __init__(self, *secrets: str) -> None:
        self._secrets = secrets

    def __call__(self, number: str, now: datetime) -> Caller | None:
        return self._of(number, now, 1)

    def ever(self, number: str, now: datetime) -> Caller | None:
        """The same with every pseudonym under which anything may be kept."""
        return self._of(number, now, _ERASED_BACK)

    def _of(self, number: str, now: datetime, back: int) -> Caller | None:
        e164 = in_e164(number)
        if e164 is None:
            return None
        quarters = [f"{Purpose.REMEMBERING} {quarter}" for quarter in _quarters(now, back)]
        return Caller(
            tuple(self._pseudonyms(e164, *quarters)),
            tuple(self._pseudonyms(e164, Purpose.OFFERS)),
            tuple(self._pseudonyms(e164, Purpose.OBJECTIONS)),
        )

    def _pseudonyms(self, e164: str, *purposes: str) -> Iterator[str]:
        for secret in self._secrets:
            for purpose in purposes:
                yield hmac.digest(_key(secret, purpose), e164.encode(), "sha256").hex()


def in_e164(number: str) -> str | None:
    """The number as +37120000000; None for what is no valid one. Without a country's code it is
    Latvia's."""
    if len(number) > LONGEST_NUMBER or not any(sign.isdigit() for sign in number):
        return None
    try:
        parsed = phonenumbers.parse(number, COUNTRY)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _quarters(now: datetime, back: int) -> Iterator[str]:
    """This quarter of the year, and so many before it."""
    first = now.year * 4 + (now.month - 1) // 3
    for number in range(first, first - back - 1, -1):
        year, quarter = divmod(number, 4)
        yield f"{year}Q{quarter + 1}"


@lru_cache(maxsize=1000)
def _key(secret: str, purpose: str) -> bytes:
    return derived_key(secret, purpose)
