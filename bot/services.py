"""What handlers may use besides their transaction, put together."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import uuid4

from bot.calendars import NOWHERE
from bot.texts import texts
from handlers import features
from handlers.kit.ports import Links, Statuses
from handlers.work import Services
from scheduling.recurrence import PublicHolidays, RruleRecurrence
from storage.words import WordForms


def services(
    links: Links = NOWHERE, statuses: Mapping[str, Statuses] = MappingProxyType({})
) -> Services:
    """`statuses`: the platforms where people's status can be set."""
    return Services(
        speaking=texts,
        words=WordForms(),
        recurrence=RruleRecurrence(),
        calendar=PublicHolidays(),
        new_id=lambda: uuid4().hex,
        links=links,
        hearers=features.hearers(),
        status_link=lambda who, locale, now: (
            statuses[who.platform].link(who, locale, now) if who.platform in statuses else None
        ),
    )
