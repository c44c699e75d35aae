"""What a workspace decides about offers besides their rules."""

from dataclasses import dataclass

from handlers.kit.money import CURRENCIES
from handlers.kit.ports import mark
from handlers.kit.settings import Section, number, one_of

MOST_FEW = 1_000


@dataclass(frozen=True, slots=True)
class OfferSettings:
    """The `currency` of what is offered, and with how `few` gift codes of an amount left
    coordinators are told."""

    currency: str = "EUR"
    few: int = 10


SETTINGS = Section(
    "offers",
    mark("Offers"),
    OfferSettings(),
    {"currency": one_of(CURRENCIES), "few": number(0, MOST_FEW)},
)
