"""How occasions were met, by all together: whole months alone, and from five people."""

from datetime import datetime

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Line,
    Moment,
    Note,
    Paragraph,
    Part,
    Reply,
    Style,
)
from handlers.kit.commands import Behind, Command, RefusedError, Route
from handlers.kit.people import Role
from handlers.kit.ports import Texts, mark
from handlers.kit.reading import Pressed
from handlers.offers.model import FROM, KeptRules, OccasionRule, Offers, Spread
from handlers.offers.phrases import amount
from handlers.work import Context

_MONTHS_BACK = 11
"""What is counted is kept twelve months."""


def spread(command: Command, ctx: Context) -> Reply:
    """The last month that is over, or one before it."""
    if not (ctx.me.is_a(Role.SUPERVISOR) or ctx.me.is_a(Role.COORDINATOR)):
        raise RefusedError(ctx.t("Supervisors and coordinators see how offers are spread."))
    back = max(Pressed(command, ctx.t).number("back", _MONTHS_BACK), 1)
    start, end = _month(ctx.now, back), _month(ctx.now, back - 1)
    found = ctx.work.of(Offers).spread(ctx.me.workspace, start, end)
    rules = ctx.work.of(KeptRules).current(ctx.me.workspace, ctx.now).content
    t = ctx.t
    parts: list[Part] = [Paragraph(_line(one, rules.occasion(one.occasion), t)) for one in found]
    if not parts:
        parts.append(
            Paragraph(t("For no occasion did {n} people offer something in that month.", n=FROM))
        )
    buttons = []
    if back > 1:
        buttons.append(Button(t("Later"), "offer.spread", {"back": str(back - 1)}))
    if back < _MONTHS_BACK:
        buttons.append(Button(t("Earlier"), "offer.spread", {"back": str(back + 1)}))
    parts.append(Buttons(tuple(buttons)))
    parts.append(
        Note(
            t(
                "Nobody by name: an occasion is shown once {n} people offered for it, and a month "
                "once it is over.",
                n=FROM,
            )
        )
    )
    return Card(
        t("How offers were spread, month from {start}", start=Moment(start, Style.DATE)),
        tuple(parts),
    )


ROUTES: tuple[Route, ...] = (
    Route(
        "offer.spread",
        spread,
        reads=True,
        behind=Behind(
            "offer",
            {"en": "spread", "lv": "sadalījums"},
            help=mark("Whether the same is given for the same"),
            roles=(Role.SUPERVISOR, Role.COORDINATOR),
        ),
    ),
)


def _line(one: Spread, rule: OccasionRule | None, t: Texts) -> Line:
    values = {
        "occasion": rule.names[t.locale] if rule is not None else one.occasion,
        "share": str(100 * one.usual // one.offers),
        "least": amount(one.least, one.currency, t),
        "middle": amount(one.middle, one.currency, t),
        "most": amount(one.most, one.currency, t),
    }
    return t.many(
        "{occasion}: {n} offer, {share} % the usual; {least} to {most}, half of them up to "
        "{middle}",
        "{occasion}: {n} offers, {share} % the usual; {least} to {most}, half of them up to "
        "{middle}",
        one.offers,
        **values,
    )


def _month(now: datetime, back: int) -> datetime:
    """The first instant of the month that was so many before this one, in UTC."""
    year, month = divmod(now.year * 12 + now.month - 1 - back, 12)
    return now.replace(year=year, month=month + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
