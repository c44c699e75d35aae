"""What coordinators ask of the rules, and the versions that come of it."""

from dataclasses import replace

from handlers.kit.cards import Reply
from handlers.kit.commands import Behind, Command, RefusedError, Route
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, Pressed
from handlers.library import model as library
from handlers.library.adopting import adopt_meant
from handlers.library.model import MOST_VERSIONS, Author, Version
from handlers.library.saving import keep_version
from handlers.offers.lookups import currency_of, rules_in_force
from handlers.offers.model import Bounds, KeptRules, OfferRules
from handlers.offers.plain import RULES
from handlers.offers.ruling import cards, forms
from handlers.offers.ruling.forms import AnyRule
from handlers.work import Context

_REFUSAL = mark("Coordinators keep the rules for offers. Tell one what should be different.")


def rules(_command: Command, ctx: Context) -> Reply:
    """Which hold, and which are drafts."""
    return cards.rules(_current(ctx), ctx.t)


def rule(command: Command, ctx: Context) -> Reply:
    """One of them, with what a draft of it changes."""
    version = _current(ctx)
    return _shown(_rule(command, version, ctx), version, ctx)


def rule_form(command: Command, ctx: Context) -> Reply:
    version = _current(ctx)
    return forms.form(_rule(command, version, ctx), version.number, ctx.t)


def rule_save(command: Command, ctx: Context) -> Reply:
    """Keeps what a coordinator wrote as a new version, a draft; or says at each field what is
    wrong."""
    kept, workspace = ctx.work.of(KeptRules), ctx.me.workspace
    kept.settle(workspace, ctx.now)
    version = _current(ctx)
    before = _rule(command, version, ctx)
    base = Pressed(command, ctx.t).number("base", MOST_VERSIONS)
    asked = Filled(forms.form(before, base, ctx.t), command, ctx)
    after = forms.filled(before, asked, ctx.t)
    if asked.errors:
        return asked.again()
    content = _with(version.content, after, version.number + 1)
    if content == version.content:
        return _shown(before, version, ctx)
    by = Author(ctx.me.id)
    if before.version > base or not keep_version(RULES, kept, version, content, by=by, on=ctx):
        raise RefusedError(
            ctx.t("Somebody changed this rule meanwhile. Nothing was saved: look at it again.")
        )
    now_kept = _current(ctx)
    return _shown(_rule(command, now_kept, ctx), now_kept, ctx)


def adopted(command: Command, ctx: Context) -> Reply:
    """One rule, or all that are drafts, holds from now on, in the caller's name."""
    version = adopt_meant(RULES, KeptRules, command, ctx, cards.changed_meanwhile(ctx.t))
    return cards.rules(version, ctx.t, just=True)


ROUTES: tuple[Route, ...] = (
    Route(
        "offer.rules",
        rules,
        reads=True,
        role=Role.COORDINATOR,
        refusal=_REFUSAL,
        behind=Behind(
            "offer",
            {"en": "rules", "lv": "noteikumi"},
            also=("adopt", "apstiprināt"),
            help=mark("What may be offered, and how much"),
        ),
    ),
    Route("offer.rule", rule, reads=True, role=Role.COORDINATOR, refusal=_REFUSAL),
    Route("offer.rule.form", rule_form, reads=True, role=Role.COORDINATOR, refusal=_REFUSAL),
    Route("offer.rule.save", rule_save, role=Role.COORDINATOR, refusal=_REFUSAL),
    Route("offer.rules.adopted", adopted, role=Role.COORDINATOR, refusal=_REFUSAL),
)


def _current(ctx: Context) -> Version[OfferRules]:
    return ctx.work.of(KeptRules).current(ctx.me.workspace, ctx.now)


def _rule(command: Command, version: Version[OfferRules], ctx: Context) -> AnyRule:
    found = _of(version.content, command.one("entry"))
    if found is None:
        raise RefusedError(ctx.t("That rule is no longer there. Nothing was saved."))
    return found


def _of(rules: OfferRules, entry: str) -> AnyRule | None:
    return rules.bounds if entry == rules.bounds.id else rules.occasion(entry)


def _with(content: OfferRules, rule: AnyRule, number: int) -> OfferRules:
    """The rules with this one in place of the one of the same id."""
    if isinstance(rule, Bounds):
        (bounds,) = library.amend((content.bounds,), (rule,), number)
        return replace(content, bounds=bounds)
    return replace(content, occasions=library.amend(content.occasions, (rule,), number))


def _shown(rule: AnyRule, version: Version[OfferRules], ctx: Context) -> Reply:
    in_force = rules_in_force(ctx)
    before = _of(in_force, rule.id) if in_force is not None else None
    currency = currency_of(ctx.work, ctx.me.workspace)
    return cards.rule(rule, before, version, currency, ctx.t)
