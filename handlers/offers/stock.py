"""That gift codes run out is told to coordinators while there still are some."""

from handlers.kit.about import pack
from handlers.kit.notices import Notice
from handlers.kit.people import Role
from handlers.offers.model import FEW, GiftCodes, Offer, RemedyKind, Stock
from handlers.offers.settings import SETTINGS
from handlers.work import Occasion


def tell_if_few(offer: Offer, on: Occasion) -> None:
    """Tells the coordinators once for each time that codes were brought in."""
    if offer.kind is not RemedyKind.GIFT_CARD:
        return
    stock = stock_of(offer.workspace, offer.cents, offer.currency, on)
    few = SETTINGS.of(on.work.settings, offer.workspace).few
    if stock is None or stock.free > few:
        return
    about = pack(offer.currency, offer.cents, stock.all)
    coordinators = on.work.people.with_role(offer.workspace, Role.COORDINATOR)
    told = (Notice(FEW, about, (person.id,), on.now) for person in coordinators)
    on.work.outbox.add(offer.workspace, *told)


def stock_of(workspace: str, cents: int, currency: str, on: Occasion) -> Stock | None:
    found = on.work.of(GiftCodes).stock(workspace, on.now.date())
    return next((one for one in found if (one.cents, one.currency) == (cents, currency)), None)
