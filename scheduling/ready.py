"""What claims say at this moment: each one's card, made anew, and which of them wait."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic

import structlog

from handlers.kit.cards import Buttons, Card, Row, together
from handlers.kit.delivery import Reader, fingerprint_of
from handlers.kit.notices import DIGEST, Claim, Notice, Priority, Wait
from handlers.kit.people import Person, by_language
from scheduling.clock import Clock
from scheduling.transactions import WorkT

_GATHERED_AT_MOST = 10
"""Messages in one digest: what a person reads on a phone, and every platform shows."""

_NOBODY = Reader("en", "UTC")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PreparedClaim:
    """A claim with everything that sending it takes. No `card`: there is nothing to say.

    `wait`: not now. Of what waited for a digest's reader it `gathers` some in its card, and
    `lets_go` the rest to be sent each by itself; it `tells` of those whose own card is in it.
    """

    claim: Claim
    reader: Reader
    card: Card | None
    wait: Wait | None = None
    gathers: tuple[int, ...] = ()
    tells: tuple[Notice, ...] = ()
    lets_go: tuple[int, ...] = ()

    @property
    def fingerprint(self) -> str:
        assert self.card is not None
        return fingerprint_of(self.card, self.reader)

    @property
    def looks_the_same(self) -> bool:
        """Whether what is there is so already."""
        return self.claim.ref is not None and self.fingerprint == self.claim.fingerprint

    @property
    def keeps_its_last_use(self) -> bool:
        """Whether it would change an answer for the last time, and is not its end: somebody can
        press something on it."""
        assert self.card is not None
        may_change = any(isinstance(part, Buttons | Row) for part in self.card.parts)
        return self.claim.answers_left == 1 and may_change


class Preparing(Generic[WorkT]):
    """Makes them ready to be sent. `card_of` answers what a notice says to somebody, None where it
    has nothing to say any more; `digest_of` makes one card of several; and `waits_of` names those
    that are not for now, by their keys."""

    def __init__(
        self,
        clock: Clock,
        card_of: Callable[[Notice, WorkT, Person, datetime], Card | None],
        digest_of: Callable[[Sequence[Card], Person], Card],
        waits_of: Callable[[Sequence[Notice], WorkT, datetime], Mapping[str, Wait]],
    ) -> None:
        self._clock = clock
        self._card_of = card_of
        self._digest_of = digest_of
        self._waits_of = waits_of

    def of(self, claims: Sequence[Claim], work: WorkT) -> list[PreparedClaim]:
        """The claims, each with what it says now, or when it is looked at again."""
        # Urgent is never held up, and a change of what is there already interrupts nobody.
        may_wait = [
            claim.notice
            for claim in claims
            if claim.ref is None and claim.notice.priority is not Priority.URGENT
        ]
        waits = self._waits_of(may_wait, work, self._clock()) if may_wait else {}
        people = work.people.many(sorted({who for claim in claims for who in claim.notice.to}))
        return [
            PreparedClaim(claim, _NOBODY, None, waits[claim.notice.key])
            if claim.notice.key in waits
            else self._prepare(claim, work, people)
            for claim in claims
        ]

    def _prepare(self, claim: Claim, work: WorkT, people: Mapping[str, Person]) -> PreparedClaim:
        readers = [people[person] for person in claim.notice.to if person in people]
        if len(readers) < len(claim.notice.to):  # somebody was erased: there is nobody to tell
            return PreparedClaim(claim, _NOBODY, None)
        first, *others = by_language(readers)
        made = PreparedClaim(claim, Reader(first.locale, first.zone), None)
        if claim.notice.kind == DIGEST:
            return self._gather(made, work, first)
        now = self._clock()
        cards = [self._card_of(claim.notice, work, one, now) for one in (first, *others)]
        there = [card for card in cards if card is not None]
        return replace(made, card=together(there) if there else None)

    def _gather(self, digest: PreparedClaim, work: WorkT, reader: Person) -> PreparedClaim:
        """The digest with the cards that are still true. Fewer than two need none, and what is
        for several people, or can't be made, is left to be sent by itself."""
        cards: list[Card] = []
        tells: list[Notice] = []
        gathers: list[int] = []
        lets_go: list[int] = []
        for number, notice in work.digests.waiting(reader.id, _GATHERED_AT_MOST):
            try:
                card = self._card_of(notice, work, reader, self._clock())
            except Exception:
                log.exception("card_failed", kind=notice.kind, notice=number)
                lets_go.append(number)
                continue
            (gathers if len(notice.to) == 1 else lets_go).append(number)
            if card is not None and len(notice.to) == 1:
                cards.append(card)
                tells.append(notice)
        if len(cards) < 2:
            return replace(digest, lets_go=(*lets_go, *gathers))
        card = self._digest_of(cards, reader)
        return replace(
            digest, card=card, gathers=tuple(gathers), tells=tuple(tells), lets_go=tuple(lets_go)
        )
