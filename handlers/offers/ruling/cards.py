"""What coordinators see of the rules: which hold, which are drafts, and what a draft changes."""

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Facts,
    Line,
    Look,
    Moment,
    Note,
    Paragraph,
    Part,
    Row,
    Style,
    Tone,
    listed,
    on_day,
)
from handlers.kit.ports import Texts
from handlers.library.model import Version
from handlers.offers.model import Bounds, OccasionRule, OfferRules
from handlers.offers.phrases import amount, remedy_line, sentences
from handlers.offers.plain import RULES
from handlers.offers.ruling.forms import AnyRule


def rules(version: Version[OfferRules], t: Texts, *, just: bool = False) -> Card:
    """All of them; `just`: some were adopted a moment ago."""
    entries = RULES.entries(version.content)
    drafts = [one for one in entries if version.adopted(one) is None]
    parts: list[Part] = []
    if drafts:
        parts.append(
            Paragraph(
                t(
                    "A draft holds for nobody: agents go by what was adopted before, and on what "
                    "was never adopted nothing can be offered. Read it, change it, adopt it."
                )
            )
        )
    parts += [_row(one, version, t) for one in entries]
    if len(drafts) > 1:
        everything = Button(
            t("Adopt all drafts"),
            "offer.rules.adopted",
            {"version": str(version.number)},
            Look.PRIMARY,
            confirm=in_your_name(t),
        )
        parts.append(Buttons((everything,)))
    parts.append(
        Note(
            t(
                "Version {n}. New occasions come from a file: plecs offers rules import. Every "
                "entry in the ledger keeps the version by which it was made.",
                n=version.number,
            )
        )
    )
    if not drafts:
        return Card(t("Every rule for offers is adopted"), tuple(parts), Tone.GOOD)
    title = t.many("{n} rule for offers is a draft", "{n} rules for offers are drafts", len(drafts))
    return Card(title, tuple(parts), Tone.GOOD if just else Tone.CALM)


def rule(
    one: AnyRule,
    before: AnyRule | None,
    version: Version[OfferRules],
    currency: str,
    t: Texts,
) -> Card:
    """One rule as agents will meet it; `before` is what holds now, where that differs."""
    adopted = version.adopted(one)
    parts: list[Part] = []
    if adopted is None:
        parts.append(Note(t("A draft: it holds for nobody until it is adopted.")))
    parts += _shown(one, before, version, currency, t)
    values = {"entry": one.id, "version": str(version.number)}
    buttons = [Button(t("Change"), "offer.rule.form", {"entry": one.id})]
    if adopted is None:
        adopt = Button(
            t("Adopt"), "offer.rules.adopted", values, Look.PRIMARY, confirm=in_your_name(t)
        )
        buttons.insert(0, adopt)
    buttons.append(Button(t("All rules"), "offer.rules"))
    parts.append(Buttons(tuple(buttons)))
    if adopted is not None:
        parts.append(Note(_adopted(adopted.by.name, Moment(adopted.at, Style.DATE), t)))
    return Card((one.names[t.locale],), tuple(parts))


def in_your_name(t: Texts) -> Line:
    return t(
        "You say, with your name and today’s date, that from now on this may be offered, and that "
        "the company pays for it."
    )


def changed_meanwhile(t: Texts) -> Line:
    return t("The rules were changed meanwhile. Read them again before you adopt them.")


def _row(one: AnyRule, version: Version[OfferRules], t: Texts) -> Row:
    adopted, name = version.adopted(one), one.names[t.locale]
    line = (
        t("{rule}: draft", rule=name)
        if adopted is None
        else t("{rule}: adopted, {when}", rule=name, when=Moment(adopted.at, Style.DATE))
    )
    return Row(line, Button(t("Look"), "offer.rule", {"entry": one.id}))


def _adopted(by: str, when: Moment, t: Texts) -> Line:
    if by:
        return t("Adopted by {by}, {when}.", by=by, when=when)
    return t("Adopted, {when}.", when=when)


def _shown(
    one: AnyRule, before: AnyRule | None, version: Version[OfferRules], currency: str, t: Texts
) -> list[Part]:
    rows = _rows(one, currency, t)
    was = dict(_rows(before, currency, t)) if before is not None else {}
    shown = [
        (label, t("{now} (was {before})", now=now, before=was[label]))
        if label in was and was[label] != now
        else (label, now)
        for label, now in rows
    ]
    parts: list[Part] = [Facts(tuple(shown))]
    if isinstance(one, OccasionRule):
        parts.insert(0, Paragraph((one.when[t.locale],)))
        parts += sentences(one, one.usual, version.content.bounds, currency, t)
    return parts


def _rows(one: AnyRule, currency: str, t: Texts) -> tuple[tuple[Line, Line], ...]:
    def much(cents: int) -> Line:
        return (amount(cents, currency, t),)

    if isinstance(one, Bounds):
        return (
            (t("At most in a month, all together"), much(one.budget)),
            (t("One offer, without a second signature"), much(one.alone)),
            (t("In a month, each agent"), much(one.agent)),
            (t("In a month, each who signs"), much(one.signer)),
            (t("Within twelve months, one customer"), much(one.customer)),
            (
                t("Reasons for something else"),
                listed((each.names[t.locale],) for each in one.reasons),
            ),
            (t("Who answers for it"), (one.owner[t.locale],)),
            (t("To be looked at again by"), (on_day(one.review),)),
        )
    usual = remedy_line(one.usual.kind, one.usual.cents, currency, t)
    others = listed(remedy_line(each.kind, each.cents, currency, t) for each in one.others)
    return (
        (t("The usual"), usual),
        *(((t("Or, with a reason"), others),) if one.others else ()),
        (t("At most in a month, all together"), much(one.most)),
        (t("Who answers for it"), (one.owner[t.locale],)),
        (t("To be looked at again by"), (on_day(one.review),)),
    )
