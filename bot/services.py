"""What handlers may use besides their transaction, put together."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import uuid4

from bot.calendars import NOWHERE
from bot.texts import texts
from handlers import features
from handlers.kit.callers import Pseudonyms, nobody
from handlers.kit.language_models import ModelPlace
from handlers.kit.ports import Links, Statuses
from handlers.work import Services
from scheduling.recurrence import PublicHolidays, RruleRecurrence
from storage.words import WordForms


def services(
    links: Links = NOWHERE,
    statuses: Mapping[str, Statuses] = MappingProxyType({}),
    caller: Pseudonyms = nobody,
    model: ModelPlace | None = None,
    *,
    tells_learning: bool = False,
) -> Services:
    """`statuses`: the platforms where people's status can be set. `model`: where drafts are
    written. `tells_learning`: a learning record store is told of it."""
    return Services(
        speaking=texts,
        words=WordForms(),
        recurrence=RruleRecurrence(),
        calendar=PublicHolidays(),
        new_id=lambda: uuid4().hex,
        links=links,
        hearers=features.hearers(),
        in_week=features.IN_WEEK,
        trials=features.TRIALS,
        caller=caller,
        model=model,
        tells_learning=tells_learning,
        status_link=lambda who, locale, now: (
            statuses[who.platform].link(who, locale, now) if who.platform in statuses else None
        ),
    )
