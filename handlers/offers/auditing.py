"""What an auditor asks of the ledger, worked out of what is kept: nothing is decided here."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.kit.money import in_books
from handlers.kit.text import sort_key
from handlers.offers.ledger.model import Head, LedgerEntry, What, faults
from handlers.offers.model import CodeState, Offer, RemedyKind

SPLIT_WITHIN = timedelta(days=30)
"""Several offers to one customer within so long, each in one person's own power and together
beyond it, may be one that was split."""

STILL_OPEN = timedelta(hours=1)
"""What was held so long ago should have ended: it holds a quarter of an hour."""

NOBODY = "somebody no longer here"


@dataclass
class PersonTotals:
    """What somebody did: cents by currency, and how often."""

    given: Counter[str] = field(default_factory=Counter)
    signed: Counter[str] = field(default_factory=Counter)
    reversed: Counter[str] = field(default_factory=Counter)
    times: Counter[str] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is looked at. `names`: who is meant by a name of the ledger's, as far as that is kept;
    `offers` are those of the last twelve months that were accepted and not taken back."""

    entries: Sequence[LedgerEntry]
    head: Head
    names: Mapping[str, str]
    codes: Sequence[CodeState]
    offers: Sequence[Offer]


@dataclass(frozen=True, slots=True)
class Audited:
    """What was found. `did` are lines by person, in the order of their names; everything in
    `findings` has to be looked at, by what it is about."""

    entries: int
    head: Head
    did: tuple[str, ...]
    findings: Mapping[str, tuple[str, ...]]

    @property
    def holds(self) -> bool:
        return not any(self.findings.values())


def audited(evidence: Evidence, alone: int, now: datetime) -> Audited:
    """What the evidence tells. `alone`: what one may offer without a second signature."""
    entries, head, names = evidence.entries, evidence.head, evidence.names
    findings = {
        "the chain": tuple(f"entry {number}: {fault}" for number, fault in faults(entries, head)),
        "held and never ended": tuple(_never_ended(entries, now)),
        "more than was held": tuple(_out_of_step(entries)),
        "signed by the one who offered": tuple(_self_approved(entries, names)),
        "splits under the limit": tuple(_split(evidence.offers, names, alone)),
        "codes against bookings": tuple(_codes(entries, evidence.codes)),
    }
    return Audited(len(entries), head, tuple(_did(entries, names)), findings)


def _did(entries: Iterable[LedgerEntry], names: Mapping[str, str]) -> Iterator[str]:
    tallies: dict[str, PersonTotals] = defaultdict(PersonTotals)
    for entry in entries:
        one, cents = entry.booking, entry.booking.cents
        agent = tallies[names.get(one.agent, NOBODY)]
        if one.what is What.POSTED:
            agent.given[one.currency] += cents
            agent.times["given"] += 1
            agent.versions[f"{one.version}/{one.limits_version}"] += 1
            if one.signer:
                signer = tallies[names.get(one.signer, NOBODY)]
                signer.signed[one.currency] += cents
                signer.times["signed"] += 1
        if one.what is What.REVERSED:
            by = tallies[names.get(one.by, NOBODY)]
            by.reversed[one.currency] += cents
            by.times["took back"] += 1
    for name in sorted(tallies, key=sort_key):
        tally = tallies[name]
        said = [
            f"{what} {tally.times[what]} ({_amounts(amounts)})"
            for what, amounts in (
                ("given", tally.given),
                ("signed", tally.signed),
                ("took back", tally.reversed),
            )
            if tally.times[what]
        ]
        if tally.versions:
            versions = ", ".join(f"{one}: {n}" for one, n in sorted(tally.versions.items()))
            said.append(f"by version of occasion/limits {versions}")
        if said:
            yield f"{name}: {'; '.join(said)}"


def _amounts(amounts: Mapping[str, int]) -> str:
    return ", ".join(f"{in_books(cents)} {currency}" for currency, cents in sorted(amounts.items()))


_ENDS = (What.POSTED, What.EXPIRED, What.VOIDED)


def _never_ended(entries: Iterable[LedgerEntry], now: datetime) -> Iterator[str]:
    held: dict[str, LedgerEntry] = {}
    for entry in entries:
        if entry.booking.what is What.HELD:
            held[entry.booking.offer] = entry
        elif entry.booking.what in _ENDS:
            held.pop(entry.booking.offer, None)
    for entry in held.values():
        if entry.at < now - STILL_OPEN:
            yield f"entry {entry.number}: held since {entry.at:%Y-%m-%d %H:%M} UTC"


def _out_of_step(entries: Iterable[LedgerEntry]) -> Iterator[str]:
    """Steps that don't follow from the one before, or have another amount."""
    follows = {
        What.HELD: None,
        What.POSTED: What.HELD,
        What.EXPIRED: What.HELD,
        What.VOIDED: What.HELD,
        What.REVERSED: What.POSTED,
    }
    last: dict[str, LedgerEntry] = {}
    for entry in entries:
        one, before = entry.booking, last.get(entry.booking.offer)
        after = before.booking.what if before else None
        if after is not follows[one.what]:
            yield f"entry {entry.number}: {one.what} after {after or 'nothing'}"
        elif before is not None and before.booking.cents != one.cents:
            yield f"entry {entry.number}: another amount than entry {before.number}"
        last[one.offer] = entry


def _self_approved(entries: Iterable[LedgerEntry], names: Mapping[str, str]) -> Iterator[str]:
    for entry in entries:
        one = entry.booking
        agent = names.get(one.agent, one.agent)
        if one.what is What.HELD and one.signer and names.get(one.signer, one.signer) == agent:
            yield f"entry {entry.number}: {agent} signed what they offered"
        if one.what is What.REVERSED and names.get(one.by, one.by) == agent:
            yield f"entry {entry.number}: {agent} took back what they gave"


def _split(offers: Iterable[Offer], names: Mapping[str, str], alone: int) -> Iterator[str]:
    by_customer: dict[tuple[str, str], list[Offer]] = defaultdict(list)
    for offer in offers:
        if offer.customer and not offer.signer_party and offer.posted_at is not None:
            by_customer[offer.customer, offer.currency].append(offer)
    for given in by_customer.values():
        given.sort(key=lambda one: (one.posted_at, one.id))
        for first, offer in enumerate(given):
            assert offer.posted_at is not None, "only what was posted is looked at"
            until = offer.posted_at + SPLIT_WITHIN
            near = [one for one in given[first:] if one.posted_at and one.posted_at <= until]
            total = sum(one.cents for one in near)
            if len(near) > 1 and total > alone:
                who = ", ".join(
                    sorted({names.get(one.agent_party, NOBODY) for one in near}, key=sort_key)
                )
                yield (
                    f"one customer, {len(near)} offers unsigned within {SPLIT_WITHIN.days} days "
                    f"from {offer.posted_at:%Y-%m-%d}, together {in_books(total)} "
                    f"{offer.currency}: {who}"
                )
                break


def _codes(entries: Iterable[LedgerEntry], codes: Sequence[CodeState]) -> Iterator[str]:
    there, standing = {code.id: code for code in codes}, dict[str, LedgerEntry]()
    yield from _codes_by_entry(entries, there, standing)
    for number, entry in standing.items():
        code = there.get(number)
        if code is None or code.offer != entry.booking.offer:
            yield f"entry {entry.number}: its code does not stand with it"
        elif (code.cents, code.currency) != (entry.booking.cents, entry.booking.currency):
            yield f"entry {entry.number}: its code is of another amount"
    for code in codes:
        if code.id not in standing and code.offer and not code.shown:
            yield f"code {code.id}: set aside for an offer that is not booked"


def _codes_by_entry(
    entries: Iterable[LedgerEntry], there: Mapping[str, CodeState], standing: dict[str, LedgerEntry]
) -> Iterator[str]:
    """What is odd on the way; which codes stand with an offer at the end is put into `standing`."""
    for entry in entries:
        one = entry.booking
        if one.kind != RemedyKind.GIFT_CARD:
            continue
        if not one.code:
            yield f"entry {entry.number}: a gift card without a code"
        elif one.what in (What.HELD, What.POSTED):
            other = standing.get(one.code)
            if other is not None and other.booking.offer != one.offer:
                yield f"entry {entry.number}: its code stands with entry {other.number} too"
            standing[one.code] = entry
        elif standing.get(one.code, entry).booking.offer == one.offer:
            standing.pop(one.code, None)
            code = there.get(one.code)
            if code is not None and code.shown and code.offer == one.offer:
                yield f"entry {entry.number}: {one.what}, but its code was shown"
