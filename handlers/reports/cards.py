"""The week report as people read it."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Chart,
    Facts,
    Link,
    Moment,
    Note,
    Paragraph,
    Part,
    Style,
)
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.kit.weeks import ByDay, CalendarWeek, InWeek, day_names, figure_rows
from handlers.reports.model import WEEKS_BACK


def report(
    week: CalendarWeek,
    counted: Sequence[InWeek],
    t: Texts,
    *,
    back: int,
    weekly: bool,
    table: str | None,
) -> Card:
    """The week's figures, a picture, and the ways to other weeks. `table`: where they are as a
    file."""
    figures = [figure for share in counted for figure in share.figures]
    pictures = (_chart(share.by_day, t) for share in counted if share.by_day is not None)
    parts: list[Part] = [Facts(figure_rows(figures, t)), *filter(None, pictures)]
    if table is not None:
        parts.append(Paragraph((Link(plain(t("Table (CSV)")), table),)))
    turn = (
        Button(t("No longer by itself"), "report.weekly", {"on": "no"})
        if weekly
        else Button(t("Every Monday at 8:00"), "report.weekly", {"on": "yes"})
    )
    buttons = [Button(t("Week before"), "report", {"back": str(back + 1)})]
    if back >= WEEKS_BACK:
        buttons.clear()
    if back:
        buttons.append(Button(t("Week after"), "report", {"back": str(back - 1)}))
    parts.append(Buttons((*buttons, turn)))
    parts.append(Note(t("Counts of all together. Nobody is named, compared or ranked.")))
    return Card(
        t(
            "Week from {start} to {end}",
            start=Moment(week.start, Style.DATE),
            end=Moment(week.end - timedelta(minutes=1), Style.DATE),
        ),
        tuple(parts),
    )


def weekly(t: Texts, *, on: bool) -> Card:
    """What was set."""
    if on:
        return Card(
            t("Every coordinator gets it on Mondays at 8:00"),
            (Paragraph(t("The report of the week before. Whoever is off duty gets it later.")),),
        )
    return Card(t("No more reports by themselves"))


def _chart(by_day: ByDay, t: Texts) -> Chart | None:
    if not any(by_day.counts):
        return None
    bars = tuple(zip(map(plain, day_names(t)), by_day.counts, strict=True))
    most, _ = max(bars, key=lambda bar: bar[1])
    return Chart(
        t(by_day.title),
        bars,
        t(
            "{what}: {n} in the week, most on {day}",
            what=t(by_day.title),
            n=sum(by_day.counts),
            day=most,
        ),
    )
