"""What was granted in a call, as it is said to the customer."""

from datetime import datetime

from sqlalchemy import select

from handlers.common.granted_offers import GrantedOffers
from handlers.offers.model import KeptRules, OfferRemedy, OfferRules, OfferState
from handlers.offers.phrases import sentence
from storage.offers.offers import offers
from storage.work import SqlWork, repository

_MOST = 5


class SqlGrantedOffers:
    """`handlers.common.granted_offers.GrantedOffers` over a transaction."""

    def __init__(self, work: SqlWork) -> None:
        self._work = work

    def said(self, person: str, since: datetime, language: str) -> tuple[str, ...]:
        granted = (OfferState.PENDING, OfferState.POSTED)
        rows = self._work.connection.execute(
            select(offers)
            .where(offers.c.agent == person, offers.c.state.in_(granted), offers.c.held_at >= since)
            .limit(_MOST)
        ).all()
        found = []
        for row in rows:
            rules = self._rules(row.workspace, row.version)
            limits = self._rules(row.workspace, row.limits_version)
            occasion = rules.occasion(row.occasion) if rules is not None else None
            if occasion is not None and limits is not None:
                remedy = OfferRemedy(row.kind, row.cents)
                found.append(sentence(occasion, remedy, limits.bounds, row.currency, language))
        return tuple(found)

    def _rules(self, workspace: str, number: int) -> OfferRules | None:
        version = self._work.of(KeptRules).version(workspace, number)
        return version.content if version is not None else None


@repository(GrantedOffers)
def granted_offers_of(work: SqlWork) -> SqlGrantedOffers:
    return SqlGrantedOffers(work)
