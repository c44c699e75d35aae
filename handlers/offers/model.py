"""What may be offered to a customer, within which limits, and what becomes of one offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from handlers.library.model import Kept, Saying

MINE, SIGN, FEW, TAKEN_BACK = "offer.mine", "offer.sign", "offer.few", "offer.taken_back"
"""The agent's card of an offer, what a second one is asked, that gift codes run out, and that
something was taken back."""

ANSWER_WITHIN = timedelta(minutes=15)
"""How long an offer holds for the customer's answer."""

SIGN_WITHIN = timedelta(minutes=10)
"""How long a second signature is waited for. What the agent hears comes then, whoever said no."""

MORE_ASKED_AFTER = timedelta(minutes=1)
"""When others are asked for it as well."""

DRAFT_KEPT = timedelta(hours=1)
"""How long an offer that was begun waits for a choice."""

CUSTOMER_KEPT = timedelta(days=365)
"""For so long an offer counts towards its customer's limit."""

SIGNERS_ASKED = (3, 5)
"""How many are asked for a signature at first, and how many besides."""

ALTERNATIVES = 2
"""Besides the usual one: more would be haggling."""

OCCASIONS_LIMIT, REASONS_LIMIT = 15, 12
NAME_LIMIT, TEXT_LIMIT = 60, 300
CASE_LIMIT = 40
"""Characters of a case's reference."""

CODE_SHOWN = timedelta(minutes=15)
"""How long a gift code that was shown can be looked at again, if nobody said that the customer has
it. Then it is nowhere here any more."""

FROM = 5
"""People who offered on an occasion in a month before its spread is shown."""

USUAL = "usual"
"""What the ledger has as the reason of the usual choice."""

LIMITS = "limits"
"""By which the limits are one of the rules, adopted like an occasion."""

AMOUNT = "{amount}"
"""Where a sentence has the amount."""


class RemedyKind(StrEnum):
    """What is given: something off the next bill, or a gift card's code."""

    CREDIT = "credit"
    GIFT_CARD = "gift_card"


class KnownBy(StrEnum):
    """How the customer is told from others: by the number they call from or gave, by a case's
    reference, or not at all."""

    NUMBER = "number"
    CASE = "case"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class OfferRemedy:
    """One thing that can be offered."""

    kind: RemedyKind
    cents: int


@dataclass(frozen=True, slots=True)
class OccasionRule:
    """Something for which a customer is offered something: the same for everybody, by `usual`; with
    a reason one of the `others`. `say` owns up to what happened, `most` cents a month are there for
    all of the company: with none nothing is offered for it any more."""

    id: str
    names: Saying
    when: Saying
    say: Saying
    usual: OfferRemedy
    others: tuple[OfferRemedy, ...]
    most: int
    owner: Saying
    review: date
    version: int = 1

    @property
    def remedies(self) -> tuple[OfferRemedy, ...]:
        """The usual one first."""
        return (self.usual, *self.others)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something else than the usual was offered."""

    id: str
    names: Saying = field(hash=False)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Cents: `budget` a month for the whole workspace, `alone` for one offer that nobody else
    signs, `agent` a month for each agent's own, `signer` a month for what somebody signs,
    `customer` for one customer within twelve months. `say` offers each kind, with AMOUNT in it; and
    the `reasons` there are for something else than the usual."""

    budget: int
    alone: int
    agent: int
    signer: int
    customer: int
    say: Mapping[RemedyKind, Saying]
    reasons: tuple[Reason, ...]
    names: Saying
    owner: Saying
    review: date
    version: int = 1
    id: str = LIMITS

    def reason(self, reason: str) -> Reason | None:
        return next((one for one in self.reasons if one.id == reason), None)


@dataclass(frozen=True, slots=True)
class OfferRules:
    """What may be offered, whole."""

    bounds: Bounds
    occasions: tuple[OccasionRule, ...]

    def occasion(self, occasion: str) -> OccasionRule | None:
        return next((one for one in self.occasions if one.id == occasion), None)


class KeptRules(Kept[OfferRules], Protocol):
    """The rules in their versions. A change is a draft: until it is adopted, what was adopted
    before holds."""

    def in_force(self, workspace: str, now: datetime) -> OfferRules | None:
        """Each limit and occasion as somebody adopted it last. Those that nobody ever did are left
        out; None where the limits are among them."""
        ...


class OfferState(StrEnum):
    """DRAFT: begun, nothing chosen. ASKED: a second signature is waited for. PENDING: held for the
    customer's answer. POSTED: accepted. UNSIGNED: nobody signed in time. The others are the
    ledger's."""

    DRAFT = "draft"
    ASKED = "asked"
    PENDING = "pending"
    POSTED = "posted"
    EXPIRED = "expired"
    VOIDED = "voided"
    UNSIGNED = "unsigned"
    REVERSED = "reversed"


OPEN_STATES = (OfferState.DRAFT, OfferState.ASKED, OfferState.PENDING)
"""An agent has one offer in these at a time."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer, from the first look to a year after it. The ledger is the book; this is what cards
    are made of. `customer` is a mark that stands for the customer, empty where they are not known;
    `remedy` which of the occasion's, the usual one is 0; `version` that of its rule; `reason` why
    another. The ledger calls
    the two `agent_party` and `signer_party`. `ring` is how many times people were asked to sign.
    `step_at`: when the next thing happens by itself."""

    id: str
    workspace: str
    agent: str
    began_at: datetime
    step_at: datetime | None
    state: OfferState = OfferState.DRAFT
    known_by: KnownBy = KnownBy.NOTHING
    customer: str = ""
    occasion: str = ""
    remedy: int = 0
    kind: RemedyKind = RemedyKind.CREDIT
    cents: int = 0
    currency: str = "EUR"
    version: int = 0
    limits_version: int = 0
    reason: str = ""
    agent_party: str = ""
    signer: str | None = None
    signer_party: str = ""
    ring: int = 0
    asked_at: datetime | None = None
    code: str = ""
    held_at: datetime | None = None
    posted_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class Bound(StrEnum):
    """What a limit is of, in the one order in which they are taken and let go."""

    BUDGET = "budget"
    OCCASION = "occasion"
    CUSTOMER = "customer"
    AGENT = "agent"
    SIGNER = "signer"


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit: of what, whose, and in which month ("2026-11"; empty for a customer's)."""

    bound: Bound
    subject: str
    month: str
    currency: str


class SpendingLimits(Protocol):
    """How much of each limit is taken. A row says it, which can't hold more than its limit."""

    def take(self, workspace: str, limit: Limit, most: int, cents: int, now: datetime) -> bool:
        """Takes so much of it, if that much of `most` is left: one conditional update, whose count
        of rows decides."""
        ...

    def release(self, workspace: str, limit: Limit, cents: int) -> None:
        """Gives it back. What is no longer kept needs nothing."""
        ...

    def taken(self, workspace: str, limit: Limit) -> int: ...


class SignerAnswer(StrEnum):
    """What somebody who was asked to sign said. Nobody else is told."""

    NOTHING = "nothing"
    NOT_NOW = "not_now"


@dataclass(frozen=True, slots=True)
class Spread:
    """How an occasion was met in a month by all together: nobody is named. `usual` of the `offers`
    were the usual one; the least, the middle and the most that was given."""

    occasion: str
    offers: int
    people: int
    usual: int
    least: int
    middle: int
    most: int
    currency: str


class Offers(Protocol):
    """Offers under way and those of the last twelve months."""

    def begin(self, offer: Offer) -> None:
        """Keeps a new draft, in place of the agent's earlier one."""
        ...

    def get(self, offer: str) -> Offer | None:
        """The offer, held against other writers until the transaction ends."""
        ...

    def save(self, offer: Offer) -> None: ...

    def remove(self, offer: str) -> None: ...

    def sign(self, offer: str, signer: str) -> bool:
        """Whether this signer is the first, and not the agent: one update decides."""
        ...

    def open_of(self, agent: str) -> Offer | None: ...

    def asks_of(self, person: str) -> tuple[Offer, ...]:
        """Those that the person is asked to sign and did not answer yet."""
        ...

    def case_mark(self, workspace: str, reference: str) -> str:
        """What stands for a case's reference where customers stand."""
        ...

    def due(self, now: datetime, limit: int) -> tuple[Offer, ...]: ...

    def of_customer(self, workspace: str, customer: str, limit: int) -> tuple[Offer, ...]:
        """What the customer accepted, the newest first."""
        ...

    def of_agent(self, agent: str, limit: int) -> tuple[Offer, ...]:
        """What the agent's customers accepted, the newest first."""
        ...

    def posted(self, workspace: str, skip: int, limit: int) -> tuple[Offer, ...]:
        """What customers accepted and nobody took back, the newest first."""
        ...

    def ask(self, offer: str, people: Sequence[str]) -> None:
        """They are asked to sign."""
        ...

    def answer(self, offer: str, person: str, answer: SignerAnswer) -> None: ...

    def asked(self, offer: str) -> Mapping[str, SignerAnswer]:
        """Who was asked, and what they said."""
        ...

    def spread(self, workspace: str, start: datetime, end: datetime) -> tuple[Spread, ...]:
        """By occasion, of what was accepted in that time and not taken back, where at least `FROM`
        people offered it."""
        ...


@dataclass(frozen=True, slots=True)
class Stock:
    """Gift codes of one amount: `free` ones, and of how many."""

    cents: int
    currency: str
    free: int
    all: int


@dataclass(frozen=True, slots=True)
class GiftCode:
    """A gift card's code as it is brought in. `until`: the last day on which it is good."""

    code: str = field(repr=False)
    cents: int
    currency: str
    until: date | None


@dataclass(frozen=True, slots=True)
class CodeState:
    """What became of a code, for whoever audits: its own number, the offer it stands with, and
    whether it was shown."""

    id: str
    cents: int
    currency: str
    offer: str
    shown: bool


class GiftCodes(Protocol):
    """Gift cards' codes, sealed."""

    def bring_in(self, workspace: str, codes: Sequence[GiftCode], now: datetime) -> int:
        """Keeps those that are not there; answers how many were new."""
        ...

    def reserve(self, workspace: str, offer: str, cents: int, currency: str, day: date) -> str:
        """Sets a free code of that amount, which is good on the day, aside for the offer: one
        update. Answers the code's own number, empty where none is left."""
        ...

    def show(self, code: str, now: datetime) -> str | None:
        """The code itself, and that it was shown; None where it is no longer here."""
        ...

    def handed_over(self, code: str) -> None:
        """The customer has it: it is kept here no longer."""
        ...

    def give_back(self, code: str) -> bool:
        """Frees it, unless somebody saw it; whether it is free."""
        ...

    def stock(self, workspace: str, day: date) -> tuple[Stock, ...]:
        """By amount, those good on the day."""
        ...

    def states(self, workspace: str) -> tuple[CodeState, ...]:
        """All that stand with an offer, or were shown."""
        ...


def month_of(at: datetime) -> str:
    """The month of an instant in UTC: one for all, whatever their zone, so that a limit is one."""
    return f"{at.year:04}-{at.month:02}"
