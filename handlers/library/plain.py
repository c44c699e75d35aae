"""A library's entries as plain data: read with every fault named where it stands."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast

from handlers.library.model import (
    LINES_TOGETHER,
    READ_IN,
    TEXT_LIMIT,
    InvalidLibraryError,
    Saying,
    Sayings,
)

_ID = re.compile(r"[a-z][a-z_]{0,39}")
_MONTHS = re.compile(r"in (\d{1,2}) months")

MISSING = object()
"""Stands for what isn't there and was named as missing already."""


@dataclass(slots=True)
class PlainReader:
    """Reads plain data, gathering what is wrong instead of stopping at the first fault."""

    today: date
    problems: list[str] = field(default_factory=list)

    def stop_if_wrong(self) -> None:
        """Raises InvalidLibraryError if anything was."""
        if self.problems:
            raise InvalidLibraryError(self.problems)

    def saying(
        self,
        path: str,
        data: object,
        locales: tuple[str, ...],
        limit: int = TEXT_LIMIT,
        *,
        also: tuple[str, ...] = (),
        long: bool = False,
    ) -> Saying:
        """The same in each of the languages, and in those it may be said in `also`. `long`: it
        keeps its lines."""
        given = (
            {}
            if data is MISSING
            else self.mapping(path, data, required=set(locales), optional=also)
        )
        return {
            locale: self.text(f"{path}.{locale}", given[locale], limit, long=long)
            for locale in (*locales, *also)
            if locale in given
        }

    def lines(self, path: str, data: object, most: int, optional: tuple[str, ...] = ()) -> Sayings:
        given = (
            {}
            if data is MISSING
            else self.mapping(path, data, required=set(READ_IN), optional=optional)
        )
        read = {}
        for locale in (*READ_IN, *optional):
            if locale in given:
                entries = self.list(f"{path}.{locale}", given[locale])
                if not 1 <= len(entries) <= most:
                    self.problems.append(
                        f"{path}.{locale}: {len(entries)} lines, should be 1 to {most}"
                    )
                if sum(len(str(entry)) + 1 for entry in entries) > LINES_TOGETHER:
                    self.problems.append(
                        f"{path}.{locale}: more than {LINES_TOGETHER} characters together"
                    )
                read[locale] = tuple(
                    self.text(f"{path}.{locale}[{number}]", entry, TEXT_LIMIT)
                    for number, entry in enumerate(entries, 1)
                )
        return read

    def text(self, path: str, data: object, limit: int, *, long: bool = False) -> str:
        if not isinstance(data, str) or not data.strip():
            self.problems.append(f"{path}: should be words; in quotes, if there is a colon in them")
            return ""
        lines = [" ".join(line.split()) for line in data.strip().splitlines()]
        text = "\n".join(lines) if long else " ".join(data.split())
        if len(text) > limit:
            self.problems.append(f"{path}: {len(text)} characters, at most {limit}")
        return text

    def whole_number(self, path: str, data: object, least: int, most: int) -> int:
        if isinstance(data, int) and not isinstance(data, bool) and least <= data <= most:
            return data
        if data is not MISSING:
            self.problems.append(f"{path}: should be a whole number from {least} to {most}")
        return least

    def choice(self, path: str, data: object, options: Sequence[str]) -> str:
        if isinstance(data, str) and data in options:
            return data
        if data is not MISSING:
            self.problems.append(f"{path}: should be one of: {', '.join(options)}")
        return options[0]

    def day(self, path: str, data: object) -> date:
        if isinstance(data, date) and not isinstance(data, datetime):
            return data
        if isinstance(data, str):
            if found := _MONTHS.fullmatch(data.strip()):
                return _months_after(self.today, int(found[1]))
            try:
                return date.fromisoformat(data.strip())
            except ValueError:
                pass
        if data is not MISSING:
            self.problems.append(f'{path}: {data!r} is no date; write 2027-06-30 or "in 12 months"')
        return self.today

    def mapping(
        self,
        path: str,
        data: object,
        required: set[str],
        optional: Iterable[str] = (),
    ) -> Mapping[str, object]:
        given = self.entries(path, data)
        known = required | set(optional)
        at = f"{path}." if path else ""
        if isinstance(data, Mapping):
            self.problems += [f"{at}{key}: missing" for key in sorted(required - set(given))]
            self.problems += [
                f"{at}{key}: not known here; possible: {', '.join(sorted(known))}"
                for key in given
                if key not in known
            ]
        return given

    def entries(self, path: str, data: object) -> Mapping[str, object]:
        if isinstance(data, Mapping):
            return cast("Mapping[str, object]", data)
        self.problems.append(f"{path or 'the file'}: should be names with values")
        return {}

    def entry_id(self, path: str, key: str) -> str:
        if not _ID.fullmatch(key):
            self.problems.append(f"{path}: an id is small letters a-z and _, at most 40")
        return key

    def list(self, path: str, data: object) -> Sequence[object]:
        if isinstance(data, Sequence) and not isinstance(data, str):
            return data
        self.problems.append(f"{path}: should be a list")
        return ()


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    # The 28th exists in every month; a review date need not be more exact.
    return date(day.year + years, month + 1, min(day.day, 28))
