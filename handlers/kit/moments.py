"""How long, and until when, as people write it in Latvian and English; whiles in Russian."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

from handlers.kit.hours import DAYS_IN_WORDS
from handlers.kit.text import fold

MORNING = time(6)
"""What a day means that somebody is away until."""

_LONGEST = 60
"""Characters in which anybody says a while or a moment."""

MOST_WORDS = 30
"""Words that anybody does."""


def while_in(text: str) -> timedelta | None:
    """The while that "90 min", "1,5 h", "2h30m", "1 st 30", "pusstunda", "divarpus stundas" or
    "half an hour" is, in whole minutes; None for anything else."""
    asked = _asked(text).rstrip(".")
    if asked in _WHILES:
        return timedelta(minutes=_WHILES[asked])
    if found := _ON_A_STOPWATCH.fullmatch(asked):
        return timedelta(hours=int(found[1]), minutes=int(found[2]))
    match _amounts(asked):
        case [(hours, "h")]:
            minutes = 60 * hours
        case [(minutes, "m")]:
            pass
        case [(hours, "h"), (minutes, "m")]:
            minutes += 60 * hours
        case _:
            return None
    return timedelta(minutes=minutes) if minutes == int(minutes) else None


def end_in(text: str, local: datetime) -> datetime | None:
    """When what somebody asks for ends (aware UTC), whose clock shows `local`: so many minutes on,
    where a number stands alone, after a while, or at a moment. None for anything else."""
    lasts = minutes_alone(text) or while_in(text)
    if lasts is not None:
        return local.astimezone(UTC) + lasts
    moment = moment_in(text, local)
    return None if moment is None else moment.astimezone(UTC)


def minutes_alone(text: str) -> timedelta | None:
    """So many minutes, where a number stands alone."""
    found = _MINUTES.fullmatch(without_please(fold(text[: 4 * _LONGEST]).rstrip(".")))
    return None if found is None else timedelta(minutes=int(found[1]))


def moment_in(text: str, local: datetime) -> datetime | None:
    """The wall time that "14:20", "5 pm", "rīt plkst. 9", "pirmdien", "Friday evening", "3 days",
    "24. decembris", "24/12" or "2026-12-24 14:20" means to somebody whose clock shows `local`; None
    for anything else, and for a day that is in no calendar.

    A day alone is its MORNING; today is all of it. A clock alone is the next time that it shows
    that. A date without a year is the next one, or the last where that was within a month.
    """
    asked, today = _asked(text), local.date()
    is_until = fold(text).startswith(_UNTIL)
    # "10.12" is a time of day, and "10.12." is not.
    clock = None if _DAY_AND_MONTH.fullmatch(asked) else _clock_in(asked, alone=not is_until)
    if clock is not None:
        at = _at(today, clock, local)
        return at if at > local else at + _DAY
    words = _ISO_SIGN.sub(" ", asked).split()
    for place in range(1, len(words)):
        before, behind = " ".join(words[:place]), " ".join(words[place:])
        behind = _BETWEEN_THEM.sub("", behind)
        day, clock = _day_in(before.rstrip(","), today), _clock_in(behind, of_a_day=True)
        if day is None or clock is None:  # "9:00 tomorrow"
            day, clock = _day_in(behind, today), _clock_in(before.rstrip(","), alone=True)
        if day is not None and clock is not None:
            is_evening = not {before, behind}.isdisjoint(_THIS_EVENING) and clock < _DAY / 2
            return _at(day, clock + _DAY / 2 * is_evening, local)
    day = _day_in(asked, today)
    if day is None:
        return None
    at = datetime.combine(day, MORNING, local.tzinfo)
    # Until today, said in the course of the day, is all of today.
    ends_today = day == today and (asked in _TODAY or at <= local)
    return at + _DAY if ends_today else at


def clocks_in(text: str) -> tuple[str, str, str] | None:
    """From when until when, as clocks ("09:00"), in "4.3. 12:00-20:00", "Friday from 9 to 17" or
    "rīt no 9 līdz 17.30"; and first what was typed besides. None where there are no two clocks."""
    typed = fold(text)
    found = _TWO_CLOCKS.search(typed)
    if found is None:
        return None
    first, last = (_clock_in(f"at {found[name].replace('.', ':')}") for name in ("first", "last"))
    if first is None or last is None or first >= _DAY:
        return None
    besides = f"{typed[: found.start()]} {typed[found.end() :]}"
    return " ".join(besides.split()), _on_a_clock(first), _on_a_clock(last)


def _on_a_clock(after_midnight: timedelta) -> str:
    hours, minutes = divmod(after_midnight // timedelta(minutes=1), 60)
    return f"{hours % 24:02}:{minutes:02}"


def _at(day: date, clock: timedelta, local: datetime) -> datetime:
    return datetime.combine(day, time(), local.tzinfo) + clock


def _asked(text: str) -> str:
    """What was typed, folded, without what stands before and after it in a sentence."""
    asked = _PARTS_OF_ONE.sub(_in_figures, text[: 4 * _LONGEST])
    asked = _HYPHEN.sub(" ", fold(asked).replace("⁄", "/")).strip(_AROUND)
    words = _NO_ZERO.sub("0,", asked).split()
    while words and words[0] in _BEFORE:
        words = words[1:]
    asked = without_please(" ".join(words))
    return asked if len(asked) <= _LONGEST else ""


def without_please(asked: str) -> str:
    """What was folded, without a "please" behind it and the signs around it."""
    words = asked.strip(_AROUND).split()
    while words and words[-1] in _PLEASE:
        words = words[:-1]
    return " ".join(words).strip(_AROUND)


_PARTS_OF_ONE = re.compile(r"(?<![0-9/.,])([0-9]{0,3}) ?(½|¼|¾|1/2|1/4|3/4)(?= ?[^\W\d_])")
_IN_HUNDREDTHS = {"½": "5", "1/2": "5", "¼": "25", "1/4": "25", "¾": "75", "3/4": "75"}
_HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z])")
_NO_ZERO = re.compile(r"(?<![^ ])[.,](?=[0-9])")
"""Of ".5 h"."""
_AROUND = " !?,~\"'„“”«»`*_"
"""What stands around what is meant."""


def _in_figures(found: re.Match[str]) -> str:
    """ "1½" is 1,5."""
    return f"{found[1] or 0},{_IN_HUNDREDTHS[found[2]]}"


_DAY, _LATELY = timedelta(days=1), timedelta(days=31)
_PLEASE = ("please", "ludzu", "пожалуиста")
_UNTIL = ("until", "till", "til ", "lidz", "до ")
_BEFORE = frozenset(
    {
        *(*_PLEASE, "until", "till", "til", "lidz", "for", "in", "on", "the", "uz", "pec"),
        *("до", "на"),
        *("about", "around", "approx", "roughly", "ap", "apmeram", "aptuveni", "kadas", "kadam"),
    }
)
_BETWEEN_THEM = re.compile(r"^(?:until|till|til|lidz|in|no rita|morning) ")
"""What may stand between a day and its clock."""

_MINUTES = re.compile(r"(?:(?:for|uz|на) )?([1-9][0-9]{1,3})", re.ASCII)
"""A number that stands alone: behind "until" it is an hour, and "2" may be hours as well."""

_ONES = {
    **dict.fromkeys(("a", "an"), 1),
    **{
        word: number
        for number, word in enumerate(
            ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), start=1
        )
    },
    **{
        stem + end: number
        for number, stem in enumerate(
            ("vien", "div", "tr", "cetr", "piec", "ses", "septin", "aston", "devin"), start=1
        )
        for end in (("is", "im", "ijam") if stem == "tr" else ("as", "a", "u", "us", "am", "ai"))
    },
}
_TENS = {
    word: 10 * number
    for number, words in enumerate(
        (
            *(("ten", "desmit"), ("twenty", "divdesmit"), ("thirty", "trisdesmit")),
            *(("forty", "cetrdesmit"), ("fifty", "piecdesmit"), ("sixty", "sesdesmit")),
        ),
        start=1,
    )
    for word in words
}
_SAID = {
    **_ONES,
    **_TENS,
    **dict.fromkeys(("eleven", "vienpadsmit"), 11),
    **dict.fromkeys(("twelve", "divpadsmit"), 12),
    **dict.fromkeys(("fifteen", "piecpadsmit"), 15),
    **dict.fromkeys(("pusotra", "pusotru", "pusotrai", "pusotras"), 1.5),
    **dict.fromkeys(("divarpus",), 2.5),
    **dict.fromkeys(("trisarpus",), 3.5),
}
"""The numbers that people write out."""

_WHILES = {
    **dict.fromkeys(("half an hour", "half hour", "полчаса"), 30),
    **dict.fromkeys(("pusstunda", "pusstundu", "pusstundai", "pusstundina", "pusstundinu"), 30),
    **dict.fromkeys(("puse stundas", "pusi stundas"), 30),
    **dict.fromkeys(("quarter of an hour", "a quarter of an hour", "a quarter hour"), 15),
    **dict.fromkeys(("ceturtdalstunda", "ceturtdalstundu", "ceturtdalstundai"), 15),
    **dict.fromkeys(("stundas ceturksnis", "stundas ceturksni", "stundas ceturksnim"), 15),
    **dict.fromkeys(("three quarters of an hour", "tris ceturtdalas stundas"), 45),
    **dict.fromkeys(("hour", "stunda", "stundu", "stundai", "stundina", "stundinu", "час"), 60),
    **dict.fromkeys(("an hour and a quarter",), 75),
    **dict.fromkeys(("an hour and a half", "hour and a half", "полтора часа"), 90),
    **dict.fromkeys(("minute", "minuti", "minutei"), 1),
}
"""Minutes of what is said without a number."""

_UNITS = {
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "st"), "h"),
    **dict.fromkeys(("stunda", "stundu", "stundas", "stundam", "stundai"), "h"),
    **dict.fromkeys(("stundinas", "stundinam", "ч", "час", "часа", "часов"), "h"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("minuti", "minutem", "minutu", "minusu", "minutei"), "m"),
    **dict.fromkeys(("minutites", "minutitem", "мин", "минуту", "минуты", "минут"), "m"),
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("diena", "dienu", "dienas", "dienam", "dienai"), "d"),
    **dict.fromkeys(("w", "week", "weeks"), "w"),
    **dict.fromkeys(("nedela", "nedelu", "nedelas", "nedelam", "nedelai"), "w"),
    **dict.fromkeys(("month", "months", "menesis", "menesi", "menesa", "menesim"), "months"),
    **dict.fromkeys(("menesus", "menesiem"), "months"),
}
_WITHOUT_NUMBER = frozenset(unit for unit in _UNITS if len(unit) > len("st"))
"""Units of which one is meant where no number stands before them."""

_PIECE = re.compile(r"[0-9]{1,4}(?:[.,](?:25|75|[0-9])(?![0-9]))?|[a-zа-я]+|[^ ]")
_ON_A_STOPWATCH = re.compile(r"([0-5]):([0-5][0-9]) ?(?:h|hrs?|hours?|st|stundas?|stundu|ч|часа?)")
"""More hours than that may be a time of day."""
_BETWEEN = ("and", "un", "и", ",", ".")
_TODAY = (
    *("today", "end of day", "end of the day", "eod", "cob", "sodien", "sodienai"),
    *("sodienas beigam", "dienas beigam", "darba dienas beigam"),
)
_THIS_EVENING = ("tonight", "this evening", "sovakar")
_AHEAD = {
    **dict.fromkeys(_TODAY, 0),
    **dict.fromkeys(("tomorrow", "rit", "ritdien", "ritdienai", "ritdienas", "ritam"), 1),
    **dict.fromkeys(("day after tomorrow", "parit", "paritdien", "paritdienai"), 2),
    **dict.fromkeys(("aizparit", "aizparitdienai"), 3),
    **dict.fromkeys(("fortnight", "a fortnight"), 14),
    **dict.fromkeys(_THIS_EVENING, 0),
}
"""In how many days that is."""

_NEXT_WEEK = (
    *(
        "next week",
        "end of week",
        "end of the week",
        "eow",
        "nakamnedel",
        "nakamnedelai",
        "nedelas beigam",
    ),
    *("nakamo nedelu", "nakamajai nedelai", "nakamaja nedela"),
)
_WEEKEND = ("weekend", "nedelas nogale", "nedelas nogalei", "brivdienam")
_NEXT_MONTH = (
    *("next month", "end of month", "end of the month", "menesa beigam", "nakammenes"),
    *("nakamo menesi", "nakamajam menesim", "nakamaja menesi", "menesa beigas"),
)
_NEXT_YEAR = (
    *("next year", "end of year", "end of the year", "eoy", "new year"),
    *("gada beigam", "gada beigas", "nakamgad", "nakamajam gadam", "jaunajam gadam"),
)

_DAY_ENDINGS = ("", "a", "u", "ai", "as")
_DAYS_IN_SHORT = (
    *(("mon", "pirmd"), ("tue", "tues", "otrd"), ("wed", "weds", "tresd")),
    *(("thu", "thur", "thurs", "ceturtd"), ("fri", "piektd"), ("sat", "sestd"), ("sun", "svetd")),
)
_THIS = re.compile(r"^(?:this |so |saja |sai |sis |so(?=[a-z]))")
_NEXT = re.compile(r"^(?:next |nakam(?:a|o|as|aja|ajai) |nakam(?=[a-z]))")

_MONTHS = (
    ("january", "janvar"),
    ("february", "februar"),
    ("march", "mart"),
    ("april", "april"),
    ("may", "maij"),
    ("june", "junij"),
    ("july", "julij"),
    ("august", "august"),
    ("september", "septembr"),
    ("october", "oktobr"),
    ("november", "novembr"),
    ("december", "decembr"),
)
"""In English, and Latvian without its ending."""

_MONTH_ENDINGS = ("is", "im", "i", "s", "am", "a", "u")
_DAY_AND_MONTH = re.compile(r"[0-9]{1,2}\. ?[0-9]{1,2}\.")
_DATES = tuple(
    re.compile(one, re.ASCII)
    for one in (
        r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\.?(?: ?(?P<year>\d{4})\.?(?: ?g\.?)?)?",
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}))?",
        r"(?P<day>\d{1,2})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{2}(?:\d{2})?)\.?",
        r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})\.?",
        r"(?:(?P<year>\d{4})\. ?g(?:ada|\.) )?(?P<day>\d{1,2})\.? ?(?P<name>[a-z]{3,12})\.?",
        r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th)? ?(?:of )?(?P<name>[a-z]+)\.?(?:,? (?P<year>\d{4}))?",
        r"(?P<name>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,? (?P<year>\d{4}))?",
    )
)

_CLOCK = re.compile(
    r"(?P<at>at |plkst\.? ?|pulksten )?(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?"
    r"(?:(?P<os>[ -]?(?:os|jos|iem|o'?clock))|(?: ?(?P<half>[ap])\.?m))?\.?"
)
_CALLED = {
    **dict.fromkeys(("midnight", "pusnakts", "pusnaktij"), 0),
    **dict.fromkeys(("morning", "the morning", "no rita", "rita", "ritam", "ritu"), MORNING.hour),
    **dict.fromkeys(("noon", "midday", "pusdienlaiks", "pusdienlaika", "pusdienlaikam"), 12),
    **dict.fromkeys(("afternoon", "the afternoon", "pecpusdiena", "pecpusdienai"), 13),
    **dict.fromkeys(("evening", "the evening", "this evening", "tonight"), 18),
    **dict.fromkeys(("vakars", "vakara", "vakaram", "sovakar"), 18),
}
"""The hour that each part of a day begins with."""

_HALVES = {
    **dict.fromkeys((" no rita", " rita", " in the morning"), "a"),
    **dict.fromkeys((" pecpusdiena", " in the afternoon", " vakara", " in the evening"), "p"),
    " at night": "p",
}
"""What people say of an hour of a clock that has twelve."""

_TWO_CLOCKS = re.compile(
    r"(?:\b(?:from|no) )?(?:\b(?:at|plkst\.?) ?)?"
    r"(?<![0-9.:/-])(?P<first>[0-9]{1,2}(?:[:.][0-9]{2})?)"
    r" ?(?:-|to|till|until|lidz) ?(?:plkst\.? ?)?(?P<last>[0-9]{1,2}(?:[:.][0-9]{2})?)"
    r"(?![0-9:/-]|\.[0-9])"
)

_HOURS_SAID = {
    stem + end: hour
    for hour, stem in enumerate(
        ("ses", "septin", "aston", "devin", "desmit", "vienpadsmit", "divpadsmit"), start=6
    )
    for end in ("os", "iem")
}
_ISO_SIGN = re.compile(r"(?<=[0-9])t(?=[0-9])")
_AFTERNOON = range(13, 24)
"""Hours that are meant as such where nothing says that they are no minutes."""

_OF_A_DAY = range(6, 24)
"""The same, behind a day: earlier ones may be of its morning or its afternoon."""


def _amounts(asked: str) -> list[tuple[float, str]]:
    """Numbers with their units, in their order; nothing where anything else is said. What follows
    hours without a unit is minutes, and an hour is one."""
    pieces = [one for one in _PIECE.findall(asked) if one not in _BETWEEN]
    found: list[tuple[float, str]] = []
    while pieces:
        number, pieces = _number(pieces)
        if number is None and not found and pieces[0] in _WHILES:
            number = 1
        unit, pieces = (_UNITS.get(pieces[0]), pieces[1:]) if pieces else ("", [])
        if unit == "" and found and found[-1][1] == "h" and number is not None and number < 60:
            unit = "m"
        if number is None or not unit:
            return []
        found.append((number, unit))
    return found


def _number(pieces: list[str]) -> tuple[float | None, list[str]]:
    """The number that they begin with, and the pieces behind it."""
    first, *rest = pieces
    if first[0].isdigit():
        return float(first.replace(",", ".")), rest
    number: float | None = _SAID.get(first)
    if first in _TENS and rest and rest[0] in _ONES:
        number, rest = _TENS[first] + _ONES[rest[0]], rest[1:]
    if number is not None and rest[:2] == ["a", "half"]:
        number, rest = number + 0.5, rest[2:]
    return (None, pieces) if number is None else (number, rest)


def _clock_in(asked: str, *, alone: bool = False, of_a_day: bool = False) -> timedelta | None:
    """How long after midnight that is; 24:00 is the day's end. `alone`: nothing stands beside it
    that makes an hour of a number; `of_a_day`: a day does."""
    called = _CALLED.get(asked.removeprefix("at "))
    if called is not None:
        return timedelta(hours=called)
    if of_a_day and asked in _HOURS_SAID:
        return timedelta(hours=_HOURS_SAID[asked])
    words = next((one for one in _HALVES if asked.endswith(one)), "")
    found = _CLOCK.fullmatch(asked.removesuffix(words))
    if found is None:
        return None
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half and not 1 <= hour <= 12:
        return None
    half = half or (_HALVES[words] if words and hour <= 12 else None)
    meant = _OF_A_DAY if of_a_day else () if alone else _AFTERNOON
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif not (found["minute"] or found["at"] or found["os"] or words) and hour not in meant:
        return None
    is_one = minute < 60 and (hour < 24 or (hour == 24 and minute == 0))
    return timedelta(hours=hour, minutes=minute) if is_one else None


def _day_in(asked: str, today: date) -> date | None:
    if asked in _AHEAD:
        return today + _AHEAD[asked] * _DAY
    if asked in _NEXT_WEEK:
        return _next_weekday(0, today)
    if asked in _WEEKEND:
        return _next_weekday(5, today)
    if asked in _NEXT_MONTH:
        return _months_on(today.replace(day=1), 1)
    if asked in _NEXT_YEAR:
        return date(today.year + 1, 1, 1)
    if (weekday := _weekday_in(_THIS.sub("", asked))) is not None:
        return _next_weekday(weekday, today)
    # Of a day that is still to come this week, nobody knows which one the next is.
    weekday = _weekday_in(_NEXT.sub("", asked))
    if weekday is not None and weekday <= today.weekday():
        return _next_weekday(weekday, today)
    match _amounts(f"1 {asked}" if asked in _WITHOUT_NUMBER else asked):
        case [(number, "months")] if 0 < number <= _MONTHS_AHEAD and number == int(number):
            return _months_on(today, int(number))
        case [(number, ("d" | "w") as unit)]:
            days = number * (7 if unit == "w" else 1)
            return today + days * _DAY if days == int(days) > 0 else None
        case _:
            pass
    weekday, asked = _weekday_before(asked)
    named = next((day for form in _DATES if (day := _date_in(form, asked, today))), None)
    return named if named is None or weekday in (None, named.weekday()) else None


_MONTHS_AHEAD = 1200


def _next_weekday(weekday: int, today: date) -> date:
    return today + ((weekday - today.weekday() - 1) % 7 + 1) * _DAY


def _months_on(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _weekday_in(asked: str) -> int | None:
    word = asked.removesuffix(".")
    for weekday, (english, latvian) in enumerate(DAYS_IN_WORDS):
        words = (english, *_DAYS_IN_SHORT[weekday], *(latvian + end for end in _DAY_ENDINGS))
        if word in words:
            return weekday
    return None


def _weekday_before(asked: str) -> tuple[int | None, str]:
    """The day of "Monday, 24 December", and what stands behind it."""
    first, _, behind = asked.partition(" ")
    weekday = _weekday_in(first.rstrip(",")) if behind else None
    return (None, asked) if weekday is None else (weekday, behind)


def _date_in(form: re.Pattern[str], asked: str, today: date) -> date | None:
    """The day that is named in this form. Without a year it is the next one, which may be today; or
    the last, where that was lately: who names it has mistaken the day, and means no year's time."""
    found = form.fullmatch(asked)
    if found is None:
        return None
    said = found.groupdict()
    month = _month_in(said["name"]) if "name" in said else int(said["month"])
    year = said.get("year")
    if year and len(year) == len("26"):
        year = f"{today.year // 100}{year}"
    years = (int(year),) if year else (today.year - 1, today.year, today.year + 1)
    for one in years:
        try:
            named = date(one, month, int(said["day"]))
        except ValueError:  # the 29th of February is a day in some years only
            continue
        if year or named >= today - _LATELY:
            return named
    return None


def _month_in(name: str) -> int:
    """The month's number; 0 for what is none."""
    for number, (english, latvian) in enumerate(_MONTHS, start=1):
        short = (english, english[:3], f"{english[:3]}t", latvian[:3], latvian[:4])
        if name in short or name in {latvian + end for end in _MONTH_ENDINGS}:
            return number
    return 0
