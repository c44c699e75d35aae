"""The rules and the dashboard in docs ask for metrics that there are, by labels that they have."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics
from handlers.kit.notices import Lane, Notice, Priority, Sent
from handlers.watch.model import Trouble
from storage.outbox.state import OutboxState
from tests.world import World

DOCS = Path(__file__).parents[2] / "docs"
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)

_METRIC = re.compile(r"\b(plecs_\w+)(\{[^}]*\})?")
_MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')
_BY = re.compile(r"\bby \(([^)]*)\)")

OF_PROMETHEUS = {"instance", "job"}


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load((DOCS / "alerts.yaml").read_text())["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DOCS / "dashboard.json").read_text())["panels"]
    return found


EXPRESSIONS = [
    *(rule["expr"] for rule in rules()),
    *(target["expr"] for panel in panels() for target in panel["targets"]),
]


def page() -> dict[str, list[dict[str, str]]]:
    """Each series by its name, with its labels: a page on which everything has been counted."""
    metrics = Metrics()
    metrics.sent("slack", Notice("hand.ping", "c.1", ("p",), NOW), Sent("1"), timedelta())
    metrics.asked("hand", 0.1)
    metrics.committed(1, [3.0], adopted=1, repeated=1)
    metrics.clock_set(timedelta(hours=-1))
    metrics.database_refused("53100")
    metrics.ticked()
    metrics.connections(1, 16)
    metrics.found(dict.fromkeys(map(str, Trouble), 0))
    state = OutboxState(dict.fromkeys(Priority, 0), timedelta(), 0, {}, {("slack", Lane.NEW): 1})
    metrics.outbox(state, ["slack"])
    found: dict[str, list[dict[str, str]]] = {}
    for family in text_string_to_metric_families(metrics.page().decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample.labels)
    return found


SERIES = page()


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_what_is_asked_for_is_there(expression: str) -> None:
    asked = _METRIC.findall(expression)
    assert asked
    labels = set(OF_PROMETHEUS)
    for name, matchers in asked:
        assert name in SERIES, f"no metric is called {name}"
        labels |= {label for series in SERIES[name] for label in series}
        for label, how, value in _MATCHER.findall(matchers):
            there = {series.get(label) for series in SERIES[name]}
            assert there != {None}, f"{name} has no label {label}"
            if how in {"=", "=~"}:
                assert set(value.split("|")) <= there, f"{name} is never {label}={value}"
    for group in _BY.findall(expression):
        assert {one.strip() for one in group.split(",")} <= labels


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule["alert"]))
def test_each_alert_says_what_follows_and_what_helps(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"page", "warn"}
    assert set(rule["annotations"]) == {"summary", "remedy"}
    named = set(re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values())))
    (name, *_), *_ = _METRIC.findall(rule["expr"])
    assert named <= {label for series in SERIES[name] for label in series}


def test_every_trouble_alerts() -> None:
    asked = " ".join(rule["expr"] for rule in rules())
    by_itself = {Trouble.LANE_REFUSED}  # by platform and lane
    assert {one for one in Trouble if one not in asked} == by_itself


def test_the_dashboard_shows_all_there_is() -> None:
    ending = re.compile(r"_(bucket|count|sum|total)$")
    shown = {
        ending.sub("", name)
        for panel in panels()
        for target in panel["targets"]
        for name, _ in _METRIC.findall(target["expr"])
    }
    there = {ending.sub("", name) for name in SERIES if not name.endswith("_created")}
    assert there - shown == {"plecs_troubles_found"}, "the same as plecs_troubles, over time"


async def test_every_panel_shows_something_of_a_real_run(world: World) -> None:
    """The dashboard is read from what a whole Plecs tells after a hand was raised and solved."""
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.says("Anna", "/hand contracts he shouts")
    await world.presses("Jānis", "I'm coming")
    await world.forward(seconds=3)
    await world.presses("Anna", "Solved")
    await world.engine.timers.look()
    told = (await world.engine.figures()).decode()
    series = {
        sample.name: sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
    }
    assert (series["plecs_hands_total"], series["plecs_seconds_to_human_count"]) == (1, 1)
    assert (series["plecs_oldest_urgent_seconds"], series["plecs_stale_messages"]) == (0, 0)
    empty = [
        panel["title"]
        for panel in panels()
        if not any(f"\n{name}" in told for name, _ in _METRIC.findall(json.dumps(panel["targets"])))
    ]
    assert empty == ["Refused by the database, a minute"], "nothing is, when all is well"
