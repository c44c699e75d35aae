"""The dashboard as a picture of a real run: `python -m tests.bench.dashboard docs/dashboard.png`.

Plecs serves the strict fake of Slack for two and a half minutes, a hand goes up every three
seconds, and for twenty of them Slack says that a scope is missing. A real Prometheus
(PLECS_PROMETHEUS, else the one that is installed) asks Plecs once a second and answers what
docs/dashboard.json asks. Grafana is not there: its panels are drawn here, where the file puts them.
"""

import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import async_playwright

from tests.chaos.floor import ChaosFloor, floor
from tests.conftest import CHROMIUM_NAMES
from tests.patience import LIMIT
from tests.ports import free_port

SECONDS = int(os.environ.get("PLECS_DASHBOARD_SECONDS", "150"))
EVERY = 3.0
"""Seconds between two hands."""

REFUSED = (60.0, 80.0)
"""From when until when Slack takes no new message."""

_COLUMN, _ROW = 60, 30
"""Pixels of the file's grid."""

_COLOURS = ("#7eb26d", "#eab839", "#6ed0e0", "#ef843c", "#e24d42", "#1f78c1")

_STYLE = """
body { margin: 0; background: #f4f5f5; font: 13px sans-serif; color: #24292e; position: relative }
div { position: absolute; box-sizing: border-box; background: white; border: 1px solid #ddd }
h2 { font-size: 13px; margin: 8px 10px 0 } p { margin: 2px 10px } b { font-size: 40px }
"""


@dataclass(frozen=True, slots=True)
class Series:
    """A line of a panel: what it is called, and its points, seconds from the beginning."""

    name: str
    points: Sequence[tuple[float, float]]


async def main(panels: Sequence[dict[str, Any]], picture: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="plecs-dashboard-") as name:
        folder, hands = Path(name), int(SECONDS / EVERY)
        async with (
            floor(f"sqlite:///{folder}/plecs.db", 1, folder, hands) as made,
            prometheus(folder, made.replicas[0].port) as address,
        ):
            began = time.time()
            await busy(made)
            page = await drawn(panels, address, began, time.time())
    await photographed(page, picture)


async def busy(made: ChaosFloor) -> None:
    """Hands go up, and for a while nothing gets through."""

    async def refused() -> None:
        await asyncio.sleep(REFUSED[0])
        made.slack.fail_next("chat.postMessage", "missing_scope", 10_000)
        await asyncio.sleep(REFUSED[1] - REFUSED[0])
        made.slack.troubles.clear()

    async def raised(after: float) -> None:
        await asyncio.sleep(after)
        await made.hand(made.next_team())

    hands = (raised(number * EVERY) for number in range(len(made.teams)))
    await asyncio.gather(refused(), *hands)


@asynccontextmanager
async def prometheus(folder: Path, port: int) -> AsyncIterator[str]:
    """One that asks the process at the port once a second; yields its address."""
    binary = os.environ.get("PLECS_PROMETHEUS") or shutil.which("prometheus")
    assert binary, "no prometheus here: install it, or say in PLECS_PROMETHEUS where it is"
    asks = {"job_name": "plecs", "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}
    asked = {"global": {"scrape_interval": "1s"}, "scrape_configs": [asks]}
    (folder / "prometheus.yml").write_text(json.dumps(asked))  # JSON is YAML
    here = f"127.0.0.1:{free_port()}"
    process = await asyncio.create_subprocess_exec(
        binary,
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address={here}",
        "--log.level=error",
    )
    try:
        async with aiohttp.ClientSession() as session, asyncio.timeout(LIMIT):
            while not await _is_ready(session, here):
                await asyncio.sleep(0.1)
        yield f"http://{here}"
    finally:
        process.terminate()
        await process.wait()


async def _is_ready(session: aiohttp.ClientSession, here: str) -> bool:
    with suppress(aiohttp.ClientError):
        async with session.get(f"http://{here}/-/ready") as answer:
            return answer.status == 200
    return False


async def drawn(panels: Sequence[dict[str, Any]], address: str, began: float, ended: float) -> str:
    """The page with every panel, as the queries were answered."""
    async with aiohttp.ClientSession() as session:
        parts = [
            _panel(
                one,
                [
                    series
                    for target in one["targets"]
                    for series in await _answered(session, address, target, began, ended)
                ],
            )
            for one in panels
        ]
    rows = max(one["gridPos"]["y"] + one["gridPos"]["h"] for one in panels)
    size = f"<style>{_STYLE} body {{ width: {24 * _COLUMN}px; height: {rows * _ROW}px }}</style>"
    return f"<!doctype html><meta charset=utf-8>{size}{''.join(parts)}"


async def _answered(
    session: aiohttp.ClientSession, address: str, target: dict[str, Any], began: float, ended: float
) -> list[Series]:
    asked = {"query": target["expr"], "start": str(began), "end": str(ended), "step": "1"}
    async with session.get(f"{address}/api/v1/query_range", params=asked) as answer:
        told = await answer.json()
    assert told["status"] == "success", told
    return [
        Series(
            ", ".join(one["metric"].values()) or str(target.get("legendFormat", "")),
            [(float(at) - began, float(value)) for at, value in one["values"] if value != "NaN"],
        )
        for one in told["data"]["result"]
    ]


def _panel(panel: dict[str, Any], series: Sequence[Series]) -> str:
    at = panel["gridPos"]
    left, top = at["x"] * _COLUMN, at["y"] * _ROW
    wide, high = at["w"] * _COLUMN - 8, at["h"] * _ROW - 8
    place = f"left: {left}px; top: {top}px; width: {wide}px; height: {high}px"
    inside = _most(series) if panel["type"] == "stat" else _lines(series, wide, high)
    return f'<div style="{place}"><h2>{escape(panel["title"])}</h2>{inside}</div>'


def _most(series: Sequence[Series]) -> str:
    """The most that each of them was: where it is over by now, too."""
    most = {one.name: max((value for _, value in one.points), default=0.0) for one in series}
    there = "".join(
        f"<p>{escape(name)}: <b>{value:.0f}</b> at most</p>"
        for name, value in most.items()
        if value
    )
    return there or "<p><b>0</b></p>"


def _lines(series: Sequence[Series], wide: int, high: int) -> str:
    shown = [one for one in series if one.points]
    most = max((value for one in shown for _, value in one.points), default=0.0) or 1.0
    left, top, width, height = 48, 10, wide - 66, high - 84
    lasts = max((at for one in shown for at, _ in one.points), default=1.0)

    def point(at: float, value: float) -> str:
        return f"{left + at / lasts * width:.1f},{top + (1 - value / most) * height:.1f}"

    parts = []
    for share in (0.0, 0.5, 1.0):
        y = top + (1 - share) * height
        parts.append(f'<line x1="{left}" x2="{left + width}" y1="{y}" y2="{y}" stroke="#e5e5e5"/>')
        value = f"{most * share:.3g}"
        parts.append(f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{value}</text>')
    for second in range(0, int(lasts) + 1, 30):
        x = left + second / lasts * width
        parts.append(f'<text x="{x}" y="{top + height + 16}" text-anchor="middle">{second}</text>')
    for number, one in enumerate(shown):
        colour, line = _COLOURS[number % len(_COLOURS)], " ".join(point(*at) for at in one.points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        x, y = left + number % 3 * width / 3, top + height + 34 + number // 3 * 14
        if one.name:
            parts.append(f'<text x="{x}" y="{y}" fill="{colour}">{escape(one.name)}</text>')
    return f'<svg width="{wide - 2}" height="{high - 30}" font-size="11">{"".join(parts)}</svg>'


async def photographed(page: str, picture: Path) -> None:
    chromium = next(filter(None, map(shutil.which, CHROMIUM_NAMES)))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        shown = await browser.new_page(viewport={"width": 24 * _COLUMN, "height": 100})
        await shown.set_content(page)
        await shown.screenshot(path=picture, full_page=True)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(
        main(json.loads(Path("docs/dashboard.json").read_text())["panels"], Path(sys.argv[1]))
    )
