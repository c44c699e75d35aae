"""Many people who offer at once, at random, and what has to hold of the ledger afterwards.

`python -m tests.spending 10000` on both databases (PostgreSQL by TEST_POSTGRES_URL, or its own).
"""

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, func, select
from sqlalchemy.exc import OperationalError

from bot.services import services
from handlers.kit.people import Address, Person, Profile
from handlers.offers import booking
from handlers.offers.booking import FullError
from handlers.offers.ledger.model import (
    BUDGET,
    HELD,
    Head,
    Ledger,
    LedgerEntry,
    What,
    faults,
)
from handlers.offers.model import (
    Bound,
    Bounds,
    GiftCode,
    GiftCodes,
    KnownBy,
    OccasionRule,
    Offer,
    OfferRemedy,
    OfferRules,
    Offers,
    OfferState,
    RemedyKind,
)
from handlers.work import Occasion
from storage.database import Database
from storage.migrate import migrate
from storage.offers.codes import offer_codes
from storage.offers.ledger import offer_legs
from storage.offers.limits import offer_limits
from storage.sealed import Seal
from storage.work import SqlWork
from tests.conftest import fresh_postgres, running_postgres

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PLACE = "paper-T1"
DAY = date(2027, 3, 2)
SAYING = {"lv": "{amount}", "en": "{amount}", "ru": "{amount}"}
AGENTS, SIGNERS, CUSTOMERS = 24, 3, 40
MOST = {
    Bound.BUDGET: (24_000, 110),
    Bound.OCCASION: (15_000, 60),
    Bound.CUSTOMER: (2_000, 3),
    Bound.AGENT: (2_000, 4),
    Bound.SIGNER: (5_000, 9),
}
"""Cents of each limit, and for each step there is: so few that all of them are met."""


def rules(times: int) -> OfferRules:
    """Two occasions, under limits that so many offers meet."""
    most = {bound: max(least, cents * times) for bound, (least, cents) in MOST.items()}
    bounds = Bounds(
        most[Bound.BUDGET], 2_000, most[Bound.AGENT], most[Bound.SIGNER], most[Bound.CUSTOMER],
        {}, (), SAYING, SAYING, DAY,
    )  # fmt: skip
    usual = OfferRemedy(RemedyKind.CREDIT, 1_000)
    occasions = tuple(
        OccasionRule(name, SAYING, SAYING, SAYING, usual, (), most[Bound.OCCASION], SAYING, DAY)
        for name in ("outage", "visit")
    )
    return OfferRules(bounds, occasions)


async def spend(database: Database, times: int, seed: int, at_once: int = 16) -> Counter[str]:
    """So many random steps, so many of them at once; answers what came of them."""
    chance, came = random.Random(seed), Counter[str]()  # noqa: S311 - the same steps each time
    agents = [somebody(database, f"Agent {n}") for n in range(AGENTS)]
    signers = [somebody(database, f"Signer {n}") for n in range(SIGNERS)]
    cards = [GiftCode(f"CODE-{n}", 500, "EUR", DAY) for n in range(times // 40 + 1)]
    await database.run(lambda work: work.of(GiftCodes).bring_in(PLACE, cards, NOW))
    the_rules, with_services, open_offers = rules(times), services(), list[str]()

    def step(work: SqlWork, turn: random.Random, moment: datetime) -> str:
        on = Occasion(work, moment, with_services)
        agent = turn.choice(agents).id
        under_way = work.of(Offers).open_of(agent)
        if under_way is not None or (open_offers and turn.random() < 0.4):
            one = turn.choice(open_offers) if under_way is None else under_way.id
            return _further(work.of(Offers).get(one), turn, on, turn.choice(signers).id)
        kind = RemedyKind.GIFT_CARD if turn.random() < 0.1 else RemedyKind.CREDIT
        offer = Offer(
            id=uuid4().hex,
            workspace=PLACE,
            agent=agent,
            began_at=moment,
            step_at=None,
            known_by=KnownBy.NUMBER,
            customer=f"mark {turn.randrange(CUSTOMERS)}" if turn.random() < 0.9 else "",
            occasion=turn.choice(("outage", "visit")),
            kind=kind,
            cents=500 if kind is RemedyKind.GIFT_CARD else turn.randrange(1, 2_500),
            version=1,
        )
        work.of(Offers).begin(offer)
        try:
            signer = turn.choice(signers).id if turn.random() < 0.3 else None
            held = booking.hold(offer, the_rules, on, signer)
        except FullError as full:
            work.of(Offers).remove(offer.id)
            return f"full: {full.bound}"
        return f"held {held.id}"

    gate = asyncio.Semaphore(at_once)

    async def one(number: int) -> None:
        turn = random.Random(chance.random())  # noqa: S311 - no secret hangs on it
        moment = NOW + timedelta(milliseconds=number)
        async with gate:
            try:
                said = await database.run(lambda work: step(work, turn, moment))
            except OperationalError:  # a busy machine: it took longer than a statement may
                said = "given up"
        if said.startswith("held "):
            open_offers.append(said.removeprefix("held "))
        came[said.split(" ")[0] if said.startswith("held ") else said] += 1

    await asyncio.gather(*(one(number) for number in range(times)))
    return came


def _further(offer: Offer | None, turn: random.Random, on: Occasion, other: str) -> str:
    if offer is None:
        return "gone"
    if offer.state is OfferState.PENDING:
        what = turn.choice((What.POSTED, What.POSTED, What.VOIDED, What.EXPIRED))
        if what is What.POSTED:
            booking.post(offer, on)
        else:
            booking.let_go(offer, what, on)
        return str(what)
    if offer.state is OfferState.POSTED:
        booking.reverse(offer, other, "mistake", on)
        return str(What.REVERSED)
    return "over already"


def what_is_wrong(database: Database) -> list[str]:
    """What does not hold of the ledger, the limits and the codes together."""
    return database.run_now(_looked_up)()


def _looked_up(work: SqlWork) -> Callable[[], list[str]]:
    """What tells it: it is looked through once the transaction is over."""
    entries, head = list(work.of(Ledger).entries(PLACE)), work.of(Ledger).head(PLACE)
    total = work.connection.scalar(select(func.coalesce(func.sum(offer_legs.c.cents), 0)))
    limits = work.connection.execute(select(offer_limits)).all()
    reserved = set(
        work.connection.scalars(select(offer_codes.c.id).where(offer_codes.c.offer != ""))
    )
    return lambda: _faults_of(entries, head, total, limits, reserved)


def _faults_of(
    entries: Sequence[LedgerEntry],
    head: Head,
    total: int | None,
    limits: Sequence[Row[Any]],
    reserved: set[str],
) -> list[str]:
    wrong = [f"{n}: {fault}" for n, fault in faults(entries, head)]
    if total:
        wrong.append(f"all legs together are {total}")
    outstanding = Counter[tuple[str, str]]()
    accounts = Counter[str]()
    held, given, codes = dict[str, int](), 0, set[str]()
    for entry in entries:
        one, cents = entry.booking, entry.booking.cents
        for leg in entry.legs:
            accounts[leg.account] += leg.cents
        sign = {What.HELD: 1, What.POSTED: 0}.get(one.what, -1)
        outstanding[Bound.BUDGET, ""] += sign * cents
        outstanding[Bound.OCCASION, one.occasion] += sign * cents
        whose = (Bound.SIGNER, one.signer) if one.signer else (Bound.AGENT, one.agent)
        outstanding[whose] += sign * cents
        if one.what is What.HELD:
            held[one.offer] = cents
        else:
            held.pop(one.offer, None)
        given += {What.POSTED: cents, What.REVERSED: -cents}.get(one.what, 0)
        if one.code:
            (codes.add if sign >= 0 else codes.discard)(one.code)
    if accounts[HELD] != sum(held.values()):
        wrong.append("what is held is not what the offers under way come to")
    if -accounts[BUDGET] != sum(held.values()) + given:
        wrong.append("what left the budget is not what is held and given")
    for row in limits:
        if not 0 <= row.taken <= row.most:
            wrong.append(f"{row.bound} {row.subject}: {row.taken} of {row.most}")
        there = outstanding[row.bound, row.subject]
        if row.bound != Bound.CUSTOMER and row.taken != there:
            wrong.append(f"{row.bound} {row.subject}: {row.taken} taken, {there} outstanding")
    if reserved != codes:
        wrong.append("the codes that are set aside are not those of the offers")
    return wrong


def somebody(database: Database, name: str) -> Person:
    profile = Profile(Address("paper", "T1", name), name, "lv", "Europe/Riga")
    return database.run_now(
        lambda work: work.people.add(work.workspaces.of(profile.address), profile, frozenset())
    )


@contextmanager
def _databases() -> Iterator[list[str]]:
    with (
        tempfile.TemporaryDirectory(prefix="plecs-spending-") as folder,
        running_postgres() as server,
        fresh_postgres(server) as postgres,
    ):
        yield [f"sqlite:///{Path(folder) / 'plecs.db'}", postgres]


def main(times: int) -> None:
    with _databases() as urls:
        for url in urls:
            migrate(url)
            database = Database(url, Seal("the secret of these offers"))
            began = time.perf_counter()
            came = asyncio.run(spend(database, times, seed=1))
            took = time.perf_counter() - began
            wrong = what_is_wrong(database)
            database.close()
            print(f"{url.partition(':')[0]}: {times} steps in {took:.1f} s")  # noqa: T201
            print(f"  {dict(came.most_common())}")  # noqa: T201
            print(f"  wrong: {wrong or 'nothing'}")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
