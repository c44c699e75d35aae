"""The rules of a boundary: which sentence is next, when a call may be ended, what is kept of it.

A workspace's policies are one value, read from plain data with every fault named, and kept in
numbered versions. A receipt holds its own copy of the boundary that it stands on.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Protocol, cast

from handlers.common.crisis import CrisisNumber, CrisisNumbers
from handlers.kit.notices import Notice

ENDED = "policy.ended"

READ_IN = ("lv", "en")
"""The languages that colleagues read a boundary in."""

SPOKEN = ("lv", "en", "ru")
"""The languages that callers speak, and so the sentences have."""

RECEIPT_KEPT = timedelta(days=730)
"""How long a receipt is there to point to: two years, within which complaints come."""

NAME_LIMIT = 28
"""Characters of a behaviour's name: it stands on a button."""

TEXT_LIMIT = 400
"""Characters of one sentence or line: what can be said in a breath and read at a glance."""

FORM_TEXT_LIMIT = 2000
"""Characters of all lines of a list together: what one field of a form can hold everywhere."""

LINES_LIMIT = 10
EXAMPLES_LIMIT = 120
WARNINGS_LIMIT = 4
BEHAVIOURS_LIMIT = 15
NUMBERS_LIMIT = 6

MOST_VERSIONS = 10**8 - 1
"""Versions of one set: more than anybody saves."""

Saying = Mapping[str, str]
"""The same thing in several languages, by locale."""

Lines = Mapping[str, tuple[str, ...]]
"""The same lines in several languages, by locale."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One thing that callers do, and what an agent may do about it.

    `warnings` are the sentences before an ending, in their order; none: the call may be ended at
    once. `emergency` are the steps for a threat to life, empty where there is none. `examples`
    are what colleagues say when they describe it, in a caller's language too where somebody wrote
    that down; the search reads them. `version` is that of
    the policies in which this boundary was changed last, `review` the last day on which it holds
    without asking its owner.
    """

    id: str
    names: Saying
    meaning: Saying
    allowed: Lines
    warnings: tuple[Saying, ...]
    ending: Saying
    backing: Saying
    owner: Saying
    review: date
    examples: Lines
    emergency: Lines = field(default_factory=dict)
    version: int = 1


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Everything a workspace decided about abusive calls, the mildest behaviour first."""

    behaviours: tuple[Behaviour, ...]
    crisis: CrisisNumbers

    def get(self, behaviour: str) -> Behaviour | None:
        return next((each for each in self.behaviours if each.id == behaviour), None)

    @property
    def emergency(self) -> Behaviour | None:
        """The one for a danger to life: the gravest that says what to do then."""
        return next((each for each in reversed(self.behaviours) if each.emergency), None)


@dataclass(frozen=True, slots=True)
class Author:
    """Who saved a version: a person by id, or whoever ran a command, by `name`. Neither: it
    came with Plecs."""

    person: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """A workspace's policies as they were from `saved_at` until the next version."""

    workspace: str
    number: int
    saved_at: datetime
    by: Author
    policies: PolicySet


@dataclass(frozen=True, slots=True)
class Receipt:
    """A call was ended within policy. No customer data: what the caller did, not who called.

    `card` is the id of the card on which the ending was pressed: one card, one receipt.
    `boundary` is a copy, so that no later edit reaches it.
    """

    id: str
    workspace: str
    agent: str
    card: str
    ended_at: datetime
    warned: int
    boundary: Behaviour


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought: behaviours' ids, the likeliest first. `sure`: the first is meant."""

    likeliest: tuple[str, ...] = ()
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What a new version does to one behaviour. `parts` are the names of what differs; None:
    the behaviour is new. The crisis numbers have no behaviour."""

    behaviour: Behaviour | None
    parts: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """What a file brings: some behaviours, and crisis numbers if it has any."""

    behaviours: tuple[Behaviour, ...]
    crisis: CrisisNumbers | None


class PolicyError(Exception):
    """The data can't be policies; `problems` says where and why, one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


# --- during a call ----------------------------------------------------------------------------


def may_end(boundary: Behaviour, warned: int) -> bool:
    """Whether the call may be ended after this many warnings."""
    return warned >= len(boundary.warnings)


def still_to_say(boundary: Behaviour, warned: int) -> tuple[Saying, ...]:
    """The sentences left, the next one first; the last is always the ending."""
    return (*boundary.warnings[warned:], boundary.ending)


def notices_of(receipt: Receipt, supervisors: Iterable[str]) -> tuple[Notice, ...]:
    """Tells each supervisor but the agent that the ending was within policy."""
    return tuple(
        Notice(ENDED, receipt.id, (supervisor,), receipt.ended_at)
        for supervisor in supervisors
        if supervisor != receipt.agent
    )


# --- changing the policies --------------------------------------------------------------------


def amend(policies: PolicySet, file: PolicyFile, number: int) -> PolicySet:
    """The policies with the file's behaviours in place of those of the same id, and new ones at
    the end. What really differs is stamped with the version's `number`."""
    brought = {each.id: each for each in file.behaviours}
    behaviours = []
    for old in policies.behaviours:
        new = replace(brought.pop(old.id, old), version=old.version)
        behaviours.append(new if new == old else replace(new, version=number))
    behaviours += [replace(new, version=number) for new in brought.values()]
    return PolicySet(tuple(behaviours), file.crisis or policies.crisis)


def changes(old: PolicySet, new: PolicySet) -> tuple[Change, ...]:
    """What differs, behaviour by behaviour, then the crisis numbers."""
    found = []
    for behaviour in new.behaviours:
        before = old.get(behaviour.id)
        parts = None if before is None else _differing(before, behaviour)
        if parts is None or parts:
            found.append(Change(behaviour, parts))
    if old.crisis != new.crisis:
        found.append(Change(None, _differing(old.crisis, new.crisis)))
    return tuple(found)


def _differing(one: Behaviour | CrisisNumbers, other: Behaviour | CrisisNumbers) -> tuple[str, ...]:
    return tuple(
        name
        for name in type(one).__dataclass_fields__
        if name != "version" and getattr(one, name) != getattr(other, name)
    )


# --- plain data -------------------------------------------------------------------------------

_ID = re.compile(r"[a-z][a-z_]{0,39}")
DIGITS = re.compile(r"\+?[0-9][0-9 ]{1,14}")
_MONTHS = re.compile(r"in (\d{1,2}) months")
_MISSING = object()
"""Stands for what isn't there and was named as missing already."""

_KEYS = {
    "names", "meaning", "allowed", "warnings", "ending", "backing", "owner", "review", "examples",
}  # fmt: skip


def read_file(data: object, today: date) -> PolicyFile:
    """Policies from plain data (mappings, lists, strings), as YAML and JSON give them.

    A review date is a date, "2027-06-30", or "in 12 months" counted from `today`.
    Raises PolicyError with every fault at once.
    """
    reader = _Reader(today)
    top = reader.mapping("", data, required=set(), optional={"behaviours", "crisis"})
    given = reader.entries("behaviours", top.get("behaviours", {}))
    behaviours = tuple(reader.behaviour(str(key), value) for key, value in given.items())
    crisis = reader.crisis(top["crisis"]) if "crisis" in top else None
    if not given and crisis is None and not reader.problems:
        reader.problems.append("nothing to read: give behaviours, crisis, or both")
    if len(given) > BEHAVIOURS_LIMIT:
        reader.problems.append(f"behaviours: {len(given)}, at most {BEHAVIOURS_LIMIT}")
    if reader.problems:
        raise PolicyError(reader.problems)
    return PolicyFile(behaviours, crisis)


def read_policies(data: object, today: date) -> PolicySet:
    """A complete set: as `read_file`, and nothing may be missing."""
    file = read_file(data, today)
    missing = [
        f"{name}: missing"
        for name, given in (("behaviours", file.behaviours), ("crisis", file.crisis))
        if not given
    ]
    if missing or file.crisis is None:
        raise PolicyError(missing)
    return PolicySet(file.behaviours, file.crisis)


def to_plain(policies: PolicySet) -> dict[str, object]:
    """The set as plain data that `read_policies` reads back; without the versions."""
    return {
        "behaviours": {each.id: behaviour_to_plain(each) for each in policies.behaviours},
        "crisis": {
            "numbers": [
                {"number": number.digits, "what": dict(number.what)}
                for number in policies.crisis.numbers
            ],
            "owner": dict(policies.crisis.owner),
            "review": policies.crisis.review.isoformat(),
        },
    }


def behaviour_to_plain(behaviour: Behaviour) -> dict[str, object]:
    """One behaviour as plain data; without its id and version."""
    plain: dict[str, object] = {
        "names": dict(behaviour.names),
        "meaning": dict(behaviour.meaning),
        "allowed": {locale: list(lines) for locale, lines in behaviour.allowed.items()},
        "warnings": [dict(warning) for warning in behaviour.warnings],
        "ending": dict(behaviour.ending),
        "backing": dict(behaviour.backing),
        "owner": dict(behaviour.owner),
        "review": behaviour.review.isoformat(),
        "examples": {locale: list(lines) for locale, lines in behaviour.examples.items()},
    }
    if behaviour.emergency:
        plain["emergency"] = {locale: list(lines) for locale, lines in behaviour.emergency.items()}
    return plain


@dataclass(slots=True)
class _Reader:
    """Reads plain data, gathering what is wrong instead of stopping at the first fault."""

    today: date
    problems: list[str] = field(default_factory=list)

    def behaviour(self, key: str, data: object) -> Behaviour:
        path = f"behaviours.{key}"
        if not _ID.fullmatch(key):
            self.problems.append(f"{path}: an id is small letters a-z and _, at most 40")
        given = self.mapping(path, data, required=_KEYS, optional={"emergency"})
        warnings = self.list(f"{path}.warnings", given.get("warnings", []))
        if len(warnings) > WARNINGS_LIMIT:
            self.problems.append(f"{path}.warnings: {len(warnings)}, at most {WARNINGS_LIMIT}")
        return Behaviour(
            id=key,
            names=self.saying(f"{path}.names", given.get("names", _MISSING), READ_IN, NAME_LIMIT),
            meaning=self.saying(f"{path}.meaning", given.get("meaning", _MISSING), READ_IN),
            allowed=self.lines(f"{path}.allowed", given.get("allowed", _MISSING), LINES_LIMIT),
            warnings=tuple(
                self.saying(f"{path}.warnings[{number}]", warning, SPOKEN)
                for number, warning in enumerate(warnings, 1)
            ),
            ending=self.saying(f"{path}.ending", given.get("ending", _MISSING), SPOKEN),
            backing=self.saying(f"{path}.backing", given.get("backing", _MISSING), READ_IN),
            owner=self.saying(f"{path}.owner", given.get("owner", _MISSING), READ_IN),
            review=self.day(f"{path}.review", given.get("review", _MISSING)),
            examples=self.lines(
                f"{path}.examples",
                given.get("examples", _MISSING),
                EXAMPLES_LIMIT,
                optional=tuple(set(SPOKEN) - set(READ_IN)),
            ),
            emergency=(
                self.lines(f"{path}.emergency", given["emergency"], LINES_LIMIT)
                if "emergency" in given
                else {}
            ),
        )

    def crisis(self, data: object) -> CrisisNumbers:
        given = self.mapping("crisis", data, required={"numbers", "owner", "review"})
        entries = self.list("crisis.numbers", given.get("numbers", []))
        if not 1 <= len(entries) <= NUMBERS_LIMIT:
            self.problems.append(f"crisis.numbers: {len(entries)}, should be 1 to {NUMBERS_LIMIT}")
        return CrisisNumbers(
            numbers=tuple(
                self.number(f"crisis.numbers[{index}]", entry)
                for index, entry in enumerate(entries, 1)
            ),
            owner=self.saying("crisis.owner", given.get("owner", _MISSING), READ_IN),
            review=self.day("crisis.review", given.get("review", _MISSING)),
        )

    def number(self, path: str, data: object) -> CrisisNumber:
        given = self.mapping(path, data, required={"number", "what"})
        digits = str(given.get("number", "")).strip()
        if "number" in given and not DIGITS.fullmatch(digits):
            self.problems.append(f"{path}.number: {digits!r} is no telephone number")
        return CrisisNumber(
            digits, self.saying(f"{path}.what", given.get("what", _MISSING), READ_IN)
        )

    def saying(
        self, path: str, data: object, locales: tuple[str, ...], limit: int = TEXT_LIMIT
    ) -> Saying:
        given = {} if data is _MISSING else self.mapping(path, data, required=set(locales))
        return {
            locale: self.text(f"{path}.{locale}", given[locale], limit)
            for locale in locales
            if locale in given
        }

    def lines(self, path: str, data: object, most: int, optional: tuple[str, ...] = ()) -> Lines:
        given = (
            {}
            if data is _MISSING
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
                if sum(len(str(entry)) + 1 for entry in entries) > FORM_TEXT_LIMIT:
                    self.problems.append(
                        f"{path}.{locale}: more than {FORM_TEXT_LIMIT} characters together"
                    )
                read[locale] = tuple(
                    self.text(f"{path}.{locale}[{number}]", entry, TEXT_LIMIT)
                    for number, entry in enumerate(entries, 1)
                )
        return read

    def text(self, path: str, data: object, limit: int) -> str:
        if not isinstance(data, str) or not data.strip():
            self.problems.append(f"{path}: should be words; in quotes, if there is a colon in them")
            return ""
        text = " ".join(data.split())
        if len(text) > limit:
            self.problems.append(f"{path}: {len(text)} characters, at most {limit}")
        return text

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
        if data is not _MISSING:
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

    def list(self, path: str, data: object) -> Sequence[object]:
        if isinstance(data, Sequence) and not isinstance(data, str):
            return data
        self.problems.append(f"{path}: should be a list")
        return ()


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    # The 28th exists in every month; a review date need not be more exact.
    return date(day.year + years, month + 1, min(day.day, 28))


class Policies(Protocol):
    """Boundaries in their versions, and the receipts that stand on them."""

    def current(self, workspace: str, now: datetime) -> Version:
        """The newest version. A workspace that has none yet has what ships with Plecs, as
        version 1."""
        ...

    def version(self, workspace: str, number: int) -> Version | None: ...

    def history(self, workspace: str, limit: int) -> tuple[Version, ...]:
        """The kept versions, newest first."""
        ...

    def settle(self, workspace: str, now: datetime) -> None:
        """Keeps what ships with Plecs as the workspace's version 1, when it has none: an update
        of Plecs must not change what somebody was allowed."""
        ...

    def save(self, version: Version) -> bool:
        """Keeps a new version; false when its number is taken: somebody was faster."""
        ...

    def search(self, workspace: str, text: str, now: datetime) -> tuple[Version, Found]:
        """The current version, and those of its behaviours that the words describe: in any
        language that colleagues read in, with endings, without diacritics, with a typo."""
        ...

    def keep(self, receipt: Receipt) -> bool:
        """Keeps a new receipt; false when the agent has one of this card already."""
        ...

    def receipt(self, receipt: str) -> Receipt | None: ...

    def receipt_of(self, agent: str, card: str) -> Receipt | None: ...

    def receipts(self, agent: str, limit: int) -> tuple[Receipt, ...]:
        """The agent's own, newest first."""
        ...
