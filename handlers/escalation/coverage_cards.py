"""What coordinators and supervisors see of hours in which nobody will be on duty."""

from collections.abc import Sequence
from datetime import datetime, time

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Facts,
    Line,
    Note,
    Paragraph,
    Part,
    Tone,
    ToType,
)
from handlers.kit.people import Topic
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.kit.weeks import day_names

_MOST_ROWS = 12
_MOST_STRETCHES = 6
"""Of one row: the first few tell where to look."""

WallSpan = tuple[datetime, datetime]
"""From when until when, as wall times."""


def coming(
    week: tuple[datetime, bool, bool],
    *,
    supervisors: Sequence[WallSpan],
    topics: Sequence[tuple[Topic, Sequence[WallSpan]]],
    t: Texts,
    may_change: bool,
) -> Card:
    """Who is missing when. `week`: its Monday, whether anybody has working hours, and whether this
    comes every week."""
    monday, has_hours, is_weekly = week
    title = t("Nobody on duty in the week of {day}", day=f"{monday.day}.{monday.month}.")
    rows: list[tuple[Line, Line]] = []
    if supervisors:
        rows.append((t("Supervisors"), (_when(supervisors, t),)))
    rows += [((topic.name(t.locale),), (_when(spans, t),)) for topic, spans in topics]
    parts: list[Part] = []
    if not has_hours:
        parts.append(Paragraph(t("Nobody has working hours set, so I can't tell.")))
    elif not rows:
        parts.append(
            Paragraph(t("Whenever somebody works, a supervisor and every topic's people do, too."))
        )
    else:
        parts.append(
            Paragraph(t("Somebody works then, and would find nobody who is on duty for this:"))
        )
        parts.append(Facts(tuple(rows[:_MOST_ROWS])))
        if len(rows) > _MOST_ROWS:
            more = len(rows) - _MOST_ROWS
            parts.append(Note(t.many("{n} topic more", "{n} topics more", more)))
    if may_change:
        label = t("No longer every week") if is_weekly else t("Tell me every week")
        button = Button(label, "hand.coverage.weekly", {"on": "no" if is_weekly else "yes"})
        parts.append(Buttons((button,)))
    return Card(title, tuple(parts), Tone.CAREFUL if rows else Tone.CALM)


def weekly(gaps: ToType, t: Texts, *, on: bool) -> Card:
    """What was set. `gaps`: how one asks for it."""
    if on:
        return Card(t("Coordinators hear of it on Fridays, where hours are without anybody."))
    return Card(t("No more messages about it. {typed} shows it.", typed=gaps))


def _when(spans: Sequence[WallSpan], t: Texts) -> str:
    """The stretches, days that follow each other and are alike as one."""
    names = [plain(day) for day in day_names(t)]
    groups: list[tuple[int, int, str]] = []
    for start, end in spans:
        times = f"{_clock(start)}–{_clock(end, ends=True)}"
        day = start.weekday()
        if groups and groups[-1][1:] == (day - 1, times):
            groups[-1] = (groups[-1][0], day, times)
        else:
            groups.append((day, day, times))
    said = [
        f"{names[first]} {times}" if first == last else f"{names[first]}–{names[last]} {times}"
        for first, last, times in groups[:_MOST_STRETCHES]
    ]
    return ", ".join(said) + (", …" if len(groups) > _MOST_STRETCHES else "")


def _clock(at: datetime, *, ends: bool = False) -> str:
    return "24:00" if ends and at.time() == time() else f"{at:%H:%M}"
