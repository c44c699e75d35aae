"""The forms by which a rule is changed, and the rule that a filled one makes."""

from collections.abc import Mapping
from dataclasses import replace

from handlers.kit.cards import ChoiceField, Field, Form, Line, Option, TextField
from handlers.kit.money import in_books, read_cents
from handlers.kit.ports import Texts, mark
from handlers.kit.reading import Filled
from handlers.kit.text import lines_of
from handlers.library.attributes import Day
from handlers.library.model import READ_IN, SPOKEN, Saying
from handlers.offers.model import (
    ALTERNATIVES,
    AMOUNT,
    NAME_LIMIT,
    REASONS_LIMIT,
    TEXT_LIMIT,
    Bounds,
    OccasionRule,
    OfferRemedy,
    Reason,
    RemedyKind,
)

_AMOUNT_LIMIT = 12
_REASONS_TEXT = 800
_REVIEW = Day("review", mark("To be looked at again by"))
_NONE = "none"
AnyRule = Bounds | OccasionRule


def form(rule: AnyRule, base: int, t: Texts) -> Form:
    """Of a rule as it is in the version `base` of all of them."""
    fields = _of_limits(rule, t) if isinstance(rule, Bounds) else _of_occasion(rule, t)
    return Form(
        t("Change the rule"),
        "offer.rule.save",
        t("Save as a draft"),
        (
            *fields,
            *_said("owner", t("Who answers for it"), rule.owner, READ_IN),
            *_REVIEW.fields(rule.review, t),
        ),
        values={"entry": rule.id, "base": str(base)},
    )


def filled(rule: AnyRule, asked: Filled, t: Texts) -> AnyRule:
    """The rule as the form has it; look at `asked.errors` before it is used."""
    review = _REVIEW.filled(asked)
    owner = _read(asked, "owner", READ_IN)
    if isinstance(rule, Bounds):
        return replace(_limits(rule, asked, t), owner=owner, review=review)
    return replace(_occasion(rule, asked, t), owner=owner, review=review)


def _of_occasion(rule: OccasionRule, t: Texts) -> tuple[Field, ...]:
    places = (rule.usual, *rule.others, *(None,) * (ALTERNATIVES - len(rule.others)))
    labels = (t("The usual"), *(t("Or, with a reason"),) * ALTERNATIVES)
    remedies = (
        one
        for number, (remedy, label) in enumerate(zip(places, labels, strict=True))
        for one in _remedy(number, remedy, label, t)
    )
    return (
        *_said("names", t("What went wrong"), rule.names, READ_IN),
        *_said("when", t("When it holds"), rule.when, READ_IN, TEXT_LIMIT),
        *_said("say", t("What to say first"), rule.say, SPOKEN, TEXT_LIMIT),
        *remedies,
        _amount("most", t("At most in a month, all together"), rule.most, t("0: offered no more.")),
    )


def _of_limits(rule: Bounds, t: Texts) -> tuple[Field, ...]:
    return (
        _amount("budget", t("At most in a month, all together"), rule.budget),
        _amount("alone", t("One offer, without a second signature"), rule.alone),
        _amount("agent", t("In a month, each agent"), rule.agent),
        _amount("signer", t("In a month, each who signs"), rule.signer),
        _amount("customer", t("Within twelve months, one customer"), rule.customer),
        *_said(
            "credit",
            t("How something off the bill is offered"),
            rule.say[RemedyKind.CREDIT],
            SPOKEN,
            TEXT_LIMIT,
        ),
        *_said(
            "gift_card",
            t("How a gift card is offered"),
            rule.say[RemedyKind.GIFT_CARD],
            SPOKEN,
            TEXT_LIMIT,
        ),
        *(
            TextField(
                f"reasons_{locale}",
                _in(t("Reasons for something else, one a line"), locale),
                "\n".join(one.names[locale] for one in rule.reasons),
                _REASONS_TEXT,
                multiline=True,
            )
            for locale in READ_IN
        ),
    )


def _occasion(rule: OccasionRule, asked: Filled, t: Texts) -> OccasionRule:
    usual = _read_remedy(asked, 0, t)
    others = [_read_remedy(asked, number, t) for number in range(1, ALTERNATIVES + 1)]
    there = [one for one in others if one is not None]
    if usual is None:
        asked.errors.setdefault("kind_0", t("Please choose."))
    for number, one in enumerate(others, 1):
        if one is not None and [usual, *there].count(one) > 1:
            asked.errors.setdefault(f"amount_{number}", t("This stands here twice."))
    return replace(
        rule,
        names=_read(asked, "names", READ_IN),
        when=_read(asked, "when", READ_IN),
        say=_read(asked, "say", SPOKEN),
        usual=usual or rule.usual,
        others=tuple(there),
        most=_read_amount(asked, "most", t, least=0),
    )


def _limits(rule: Bounds, asked: Filled, t: Texts) -> Bounds:
    said = {kind: _read(asked, str(kind), SPOKEN) for kind in RemedyKind}
    for kind, saying in said.items():
        for locale, text in saying.items():
            if text.count(AMOUNT) != 1:
                asked.errors.setdefault(
                    f"{kind}_{locale}",
                    t("Write {amount} where the amount belongs, once.", amount=AMOUNT),
                )
    lines = {locale: lines_of(asked.text(f"reasons_{locale}")) for locale in READ_IN}
    first, *rest = READ_IN
    most = len(lines[first])
    for locale in READ_IN:
        if not 1 <= len(lines[locale]) <= REASONS_LIMIT:
            asked.errors.setdefault(f"reasons_{locale}", t("One to {n} lines.", n=REASONS_LIMIT))
        elif any(len(line) > NAME_LIMIT for line in lines[locale]):
            asked.errors.setdefault(
                f"reasons_{locale}", t("At most {n} characters a line.", n=NAME_LIMIT)
            )
    for locale in rest:
        if len(lines[locale]) != most:
            asked.errors.setdefault(
                f"reasons_{locale}", t("As many lines as in the other language, please.")
            )
    ids = [one.id for one in rule.reasons]
    names = zip(*(lines[locale][:REASONS_LIMIT] for locale in READ_IN), strict=False)
    reasons = tuple(
        Reason(_id(ids, number), dict(zip(READ_IN, each, strict=True)))
        for number, each in enumerate(names)
    )
    return replace(
        rule,
        budget=_read_amount(asked, "budget", t),
        alone=_read_amount(asked, "alone", t),
        agent=_read_amount(asked, "agent", t),
        signer=_read_amount(asked, "signer", t),
        customer=_read_amount(asked, "customer", t),
        say=said,
        reasons=reasons,
    )


def _id(ids: list[str], number: int) -> str:
    """The reason that stands in this place keeps its id; a new one has one of its own."""
    if number < len(ids):
        return ids[number]
    letters = (f"reason_{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
    return [letter for letter in letters if letter not in ids][number - len(ids)]


def _said(
    name: str,
    label: Line,
    saying: Saying,
    locales: tuple[str, ...],
    limit: int = NAME_LIMIT,
) -> tuple[TextField, ...]:
    return tuple(
        TextField(
            f"{name}_{locale}",
            _in(label, locale),
            saying.get(locale, ""),
            limit,
            multiline=limit > NAME_LIMIT,
        )
        for locale in locales
    )


def _in(label: Line, locale: str) -> Line:
    return (*label, f" ({locale})")


def _amount(name: str, label: Line, cents: int, hint: Line | None = None) -> TextField:
    return TextField(name, label, in_books(cents), _AMOUNT_LIMIT, hint=hint)


def _remedy(number: int, remedy: OfferRemedy | None, label: Line, t: Texts) -> tuple[Field, ...]:
    kinds = [
        Option(RemedyKind.CREDIT, t("off the next bill")),
        Option(RemedyKind.GIFT_CARD, t("a gift card")),
    ]
    if number:
        kinds.append(Option(_NONE, t("nothing more")))
    return (
        ChoiceField(
            f"kind_{number}", label, tuple(kinds), (_NONE if remedy is None else remedy.kind,)
        ),
        TextField(
            f"amount_{number}",
            t("How much"),
            "" if remedy is None else in_books(remedy.cents),
            _AMOUNT_LIMIT,
            required=not number,
        ),
    )


def _read(asked: Filled, name: str, locales: tuple[str, ...]) -> Mapping[str, str]:
    return {locale: " ".join(asked.text(f"{name}_{locale}").split()) for locale in locales}


def _read_remedy(asked: Filled, number: int, t: Texts) -> OfferRemedy | None:
    kind = asked.chosen(f"kind_{number}")
    if kind == _NONE:
        asked.text(f"amount_{number}")
        return None
    return OfferRemedy(RemedyKind(kind), _read_amount(asked, f"amount_{number}", t))


def _read_amount(asked: Filled, name: str, t: Texts, least: int = 1) -> int:
    cents = read_cents(asked.text(name))
    if cents is None or cents < least:
        asked.errors.setdefault(name, t("An amount, please: 10 or 12.50."))
        return least
    return cents
