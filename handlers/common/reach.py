"""What somebody hears who is back: whether colleagues reach them from now on."""

from datetime import datetime

from handlers.kit.cards import Line, Moment
from handlers.kit.people import Person
from handlers.kit.ports import Texts


def reached(me: Person, now: datetime, t: Texts) -> Line:
    """Whether colleagues can reach them, or what still keeps them from being asked."""
    if me.on_duty(now):
        return t("Colleagues can reach you again.")
    if me.away_until is not None and now < me.away_until:
        return t("You are still away: nobody is sent to you. When you are back, type /plecs back.")
    if me.quiet_until is not None and me.duty.is_quiet(now):
        return t(
            "Do not disturb is on until {time}: nobody is sent to you before.",
            time=Moment(me.quiet_until),
        )
    return t("These are not your working hours: nobody is sent to you until they begin.")
