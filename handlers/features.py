"""Every feature, in the order in which people see them: the only place that names them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from importlib import import_module

from handlers.kit.facts import Fact
from handlers.kit.feature import AsksModel, Feature, NoticeKind, Timer, Trial
from handlers.kit.notices import DIGEST, HOME
from handlers.kit.weeks import CountsWeek
from handlers.work import Hearer

_IN_ORDER = (
    "escalation",
    "boundaries",
    "calm",
    "draft",
    "known",
    "offers",
    "vents",
    "breaks",
    "calls",
    "callers",
    "plans",
    "shifts",
    "supervision",
    "learning",
    "thanks",
    "voice",
    "practice",
    "statuses",
    "watch",
    "drill",
    "people",
    "reports",
    "audit",
)
"""Packages of handlers. Each gives its own FEATURE."""


def _feature(name: str) -> Feature:
    feature: Feature = import_module(f"handlers.{name}").FEATURE
    return feature


FEATURES: tuple[Feature, ...] = tuple(map(_feature, _IN_ORDER))

NOTICES: Mapping[str, NoticeKind] = {
    kind.name: kind for feature in FEATURES for kind in feature.notices
}
TIMERS: Sequence[Timer] = tuple(timer for feature in FEATURES for timer in feature.timers)
LOOKS: Sequence[Timer] = tuple(look for feature in FEATURES for look in feature.looks)

IN_WEEK: Sequence[CountsWeek] = tuple(
    feature.in_week for feature in FEATURES if feature.in_week is not None
)

TRIALS: Sequence[Trial] = tuple(feature.trial for feature in FEATURES if feature.trial is not None)

ASKS: Mapping[str, AsksModel] = {one.kind: one for feature in FEATURES for one in feature.asks}

PRIVATE = "private"
"""The common name under which private routes and notices are counted."""


def hearers() -> Mapping[type[Fact], Sequence[Hearer]]:
    """Who hears which fact, in the features' order."""
    found: dict[type[Fact], list[Hearer]] = defaultdict(list)
    for feature in FEATURES:
        for one in feature.hears:
            found[one.fact].append(one.does)
    return found


def label_of(kind: str) -> str:
    """Under which name notices of the kind are counted."""
    if kind in (DIGEST, HOME):
        return kind
    found = NOTICES.get(kind)
    return "other" if found is None else PRIVATE if found.private else kind
