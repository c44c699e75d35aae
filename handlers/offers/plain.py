"""The rules of offers as plain data: read with every fault named, and written so that they are read
back. Amounts are in whole units with cents behind a point: 10, "12.50"."""

from collections.abc import Mapping
from datetime import date

from handlers.kit.money import in_books, read_cents
from handlers.kit.ports import mark
from handlers.library import model as library
from handlers.library.model import READ_IN, SPOKEN, Change, InvalidLibraryError, Library, Saying
from handlers.library.plain import MISSING, PlainReader
from handlers.offers.model import (
    ALTERNATIVES,
    AMOUNT,
    LIMITS,
    NAME_LIMIT,
    OCCASIONS_LIMIT,
    REASONS_LIMIT,
    TEXT_LIMIT,
    Bounds,
    OccasionRule,
    OfferRemedy,
    OfferRules,
    Reason,
    RemedyKind,
)

_AMOUNTS = ("budget", "alone", "agent", "signer", "customer")
_BOUNDS = {*_AMOUNTS, "names", "say", "reasons", "owner", "review"}
_OCCASION = {"names", "when", "say", "usual", "others", "most", "owner", "review"}


def to_plain(rules: OfferRules) -> dict[str, object]:
    """The rules as plain data that is read back; without the versions."""
    return {
        LIMITS: bounds_to_plain(rules.bounds),
        "occasions": {one.id: occasion_to_plain(one) for one in rules.occasions},
    }


def bounds_to_plain(bounds: Bounds) -> dict[str, object]:
    amounts = {name: in_books(getattr(bounds, name)) for name in _AMOUNTS}
    return {
        "names": dict(bounds.names),
        **amounts,
        "say": {str(kind): dict(saying) for kind, saying in bounds.say.items()},
        "reasons": {one.id: dict(one.names) for one in bounds.reasons},
        "owner": dict(bounds.owner),
        "review": bounds.review.isoformat(),
    }


def occasion_to_plain(occasion: OccasionRule) -> dict[str, object]:
    return {
        "names": dict(occasion.names),
        "when": dict(occasion.when),
        "say": dict(occasion.say),
        "usual": _remedy_to_plain(occasion.usual),
        "others": [_remedy_to_plain(one) for one in occasion.others],
        "most": in_books(occasion.most),
        "owner": dict(occasion.owner),
        "review": occasion.review.isoformat(),
    }


class _OfferLibrary(Library[OfferRules]):
    """Occasions, and the limits with them."""

    name = "offer"
    title = mark("the rules for offers")
    package = "handlers.offers"
    command = "offer"
    word = "offers rules"
    section = "occasions"
    besides = LIMITS
    unknown = "no such occasion"

    def read(self, data: object, today: date) -> OfferRules:
        bounds, occasions = _read(data, today)
        if bounds is None or not occasions:
            missing = (
                f"{name}: missing"
                for name, there in ((LIMITS, bounds), ("occasions", occasions))
                if not there
            )
            raise InvalidLibraryError(list(missing))
        return OfferRules(bounds, occasions)

    def amended(self, content: OfferRules, data: object, number: int, today: date) -> OfferRules:
        bounds, occasions = _read(data, today)
        (amended_bounds,) = library.amend((content.bounds,), (bounds or content.bounds,), number)
        return OfferRules(amended_bounds, library.amend(content.occasions, occasions, number))

    def plain(self, content: OfferRules) -> dict[str, object]:
        return to_plain(content)

    def entries(self, content: OfferRules) -> tuple[Bounds | OccasionRule, ...]:
        return (content.bounds, *content.occasions)

    def stamped(self, content: OfferRules, versions: Mapping[str, int]) -> OfferRules:
        (bounds,) = library.stamp((content.bounds,), versions)
        return OfferRules(bounds, library.stamp(content.occasions, versions))

    def changes(self, old: OfferRules, new: OfferRules) -> tuple[Change, ...]:
        parts = library.parts_differing(old.bounds, new.bounds)
        limits = (Change(None, parts),) if parts else ()
        return (*limits, *library.changes(old.occasions, new.occasions))

    def differing(
        self, old: OfferRules, new: OfferRules
    ) -> tuple[dict[str, object], dict[str, object]]:
        return library.plain_differing(_by_id(old), _by_id(new))


RULES = _OfferLibrary()


def _by_id(rules: OfferRules) -> dict[str, dict[str, object]]:
    occasions = {one.id: occasion_to_plain(one) for one in rules.occasions}
    return {LIMITS: bounds_to_plain(rules.bounds), **occasions}


def _remedy_to_plain(remedy: OfferRemedy) -> dict[str, str]:
    return {str(remedy.kind): in_books(remedy.cents)}


def _read(data: object, today: date) -> tuple[Bounds | None, tuple[OccasionRule, ...]]:
    """What a file brings. Raises InvalidLibraryError with every fault at once."""
    reader = _OffersReader(today)
    top = reader.mapping("", data, required=set(), optional={LIMITS, "occasions"})
    given = reader.entries("occasions", top.get("occasions", {}))
    occasions = tuple(reader.occasion(str(key), value) for key, value in given.items())
    bounds = reader.bounds(top[LIMITS]) if LIMITS in top else None
    if not given and bounds is None and not reader.problems:
        reader.problems.append("nothing to read: give occasions, limits, or both")
    if len(given) > OCCASIONS_LIMIT:
        reader.problems.append(f"occasions: {len(given)}, at most {OCCASIONS_LIMIT}")
    reader.stop_if_wrong()
    return bounds, occasions


class _OffersReader(PlainReader):
    """Reads limits and occasions."""

    def occasion(self, key: str, data: object) -> OccasionRule:
        path = f"occasions.{key}"
        given = self.mapping(path, data, required=_OCCASION)
        if key == LIMITS:
            self.problems.append(f"{path}: an occasion can't be called so")
        others = self.list(f"{path}.others", given.get("others", []))
        if len(others) > ALTERNATIVES:
            self.problems.append(f"{path}.others: {len(others)}, at most {ALTERNATIVES}")
        read = [
            self.remedy(f"{path}.others[{number}]", one) for number, one in enumerate(others, 1)
        ]
        usual = self.remedy(f"{path}.usual", given.get("usual", MISSING))
        if len({usual, *read}) <= len(read):
            self.problems.append(f"{path}.others: the same thing stands there twice")
        return OccasionRule(
            id=self.entry_id(path, key),
            names=self.saying(f"{path}.names", given.get("names", MISSING), READ_IN, NAME_LIMIT),
            when=self.saying(f"{path}.when", given.get("when", MISSING), READ_IN, TEXT_LIMIT),
            say=self.saying(f"{path}.say", given.get("say", MISSING), SPOKEN, TEXT_LIMIT),
            usual=usual,
            others=tuple(read),
            most=self.amount(f"{path}.most", given.get("most", MISSING), least=0),
            owner=self.saying(f"{path}.owner", given.get("owner", MISSING), READ_IN, NAME_LIMIT),
            review=self.day(f"{path}.review", given.get("review", MISSING)),
        )

    def bounds(self, data: object) -> Bounds:
        given = self.mapping(LIMITS, data, required=_BOUNDS)

        def much(name: str) -> int:
            return self.amount(f"{LIMITS}.{name}", given.get(name, MISSING))

        say = self.mapping(
            f"{LIMITS}.say", given.get("say", {}), required=set(map(str, RemedyKind))
        )
        reasons = self.entries(f"{LIMITS}.reasons", given.get("reasons", {}))
        if not 1 <= len(reasons) <= REASONS_LIMIT:
            self.problems.append(
                f"{LIMITS}.reasons: {len(reasons)}, should be 1 to {REASONS_LIMIT}"
            )
        return Bounds(
            budget=much("budget"),
            alone=much("alone"),
            agent=much("agent"),
            signer=much("signer"),
            customer=much("customer"),
            say={kind: self.offering(f"{LIMITS}.say.{kind}", say.get(kind)) for kind in RemedyKind},
            reasons=tuple(self.reason(str(key), value) for key, value in reasons.items()),
            names=self.saying(f"{LIMITS}.names", given.get("names", MISSING), READ_IN, NAME_LIMIT),
            owner=self.saying(f"{LIMITS}.owner", given.get("owner", MISSING), READ_IN, NAME_LIMIT),
            review=self.day(f"{LIMITS}.review", given.get("review", MISSING)),
        )

    def offering(self, path: str, data: object) -> Saying:
        said = self.saying(path, MISSING if data is None else data, SPOKEN, TEXT_LIMIT)
        for locale, text in said.items():
            if text.count(AMOUNT) != 1:
                self.problems.append(f"{path}.{locale}: should have {AMOUNT} in it, once")
        return said

    def reason(self, key: str, data: object) -> Reason:
        path = f"{LIMITS}.reasons.{key}"
        return Reason(self.entry_id(path, key), self.saying(path, data, READ_IN, NAME_LIMIT))

    def remedy(self, path: str, data: object) -> OfferRemedy:
        given = {} if data is MISSING else self.entries(path, data)
        kinds = [kind for kind in RemedyKind if kind in given]
        if data is not MISSING and (len(given) != 1 or not kinds):
            self.problems.append(
                f"{path}: should be one of {', '.join(RemedyKind)}, with an amount"
            )
        if len(given) != 1 or not kinds:
            return OfferRemedy(RemedyKind.CREDIT, 1)
        return OfferRemedy(kinds[0], self.amount(f"{path}.{kinds[0]}", given[kinds[0]]))

    def amount(self, path: str, data: object, least: int = 1) -> int:
        """Cents, so many at least."""
        is_number = isinstance(data, int | float | str) and not isinstance(data, bool)
        cents = read_cents(str(data)) if is_number else None
        if (cents is None or cents < least) and data is not MISSING:
            self.problems.append(f"{path}: {data!r} is no amount; write 10 or 12.50")
        return least if cents is None else cents
