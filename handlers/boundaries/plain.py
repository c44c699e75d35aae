"""Boundaries as plain data: read with every fault named, and written so that they are read back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from handlers.boundaries import model
from handlers.boundaries.model import (
    BEHAVIOURS_LIMIT,
    DIGITS,
    EXAMPLES_LIMIT,
    LINES_LIMIT,
    NAME_LIMIT,
    NUMBERS_LIMIT,
    WARNINGS_LIMIT,
    Behaviour,
    PolicyFile,
    PolicySet,
)
from handlers.common.crisis import CrisisNumber, CrisisNumbers
from handlers.kit.ports import mark
from handlers.library.model import (
    READ_IN,
    SPOKEN,
    Change,
    InvalidLibraryError,
    Library,
    plain_differing,
    stamp,
)
from handlers.library.plain import MISSING, PlainReader

_KEYS = {
    "names", "meaning", "allowed", "warnings", "ending", "backing", "owner", "review", "examples",
}  # fmt: skip


def read_file(data: object, today: date) -> PolicyFile:
    """Policies from plain data (mappings, lists, strings), as YAML and JSON give them.

    A review date is a date, "2027-06-30", or "in 12 months" counted from `today`.
    Raises InvalidLibraryError with every fault at once.
    """
    reader = _BoundariesReader(today)
    top = reader.mapping("", data, required=set(), optional={"behaviours", "crisis"})
    given = reader.entries("behaviours", top.get("behaviours", {}))
    behaviours = tuple(reader.behaviour(str(key), value) for key, value in given.items())
    crisis = reader.crisis(top["crisis"]) if "crisis" in top else None
    if not given and crisis is None and not reader.problems:
        reader.problems.append("nothing to read: give behaviours, crisis, or both")
    if len(given) > BEHAVIOURS_LIMIT:
        reader.problems.append(f"behaviours: {len(given)}, at most {BEHAVIOURS_LIMIT}")
    reader.stop_if_wrong()
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
        raise InvalidLibraryError(missing)
    return PolicySet(file.behaviours, file.crisis)


def to_plain(policies: PolicySet) -> dict[str, object]:
    """The set as plain data that `read_policies` reads back; without the versions."""
    return {
        "behaviours": {each.id: behaviour_to_plain(each) for each in policies.behaviours},
        "crisis": _crisis_to_plain(policies.crisis),
    }


def _crisis_to_plain(crisis: CrisisNumbers) -> dict[str, object]:
    return {
        "numbers": [
            {"number": number.digits, "what": dict(number.what)} for number in crisis.numbers
        ],
        "owner": dict(crisis.owner),
        "review": crisis.review.isoformat(),
    }


def _by_id(policies: PolicySet) -> dict[str, dict[str, object]]:
    """The crisis numbers stand under a key of their own."""
    behaviours = {each.id: behaviour_to_plain(each) for each in policies.behaviours}
    return {**behaviours, "crisis numbers": _crisis_to_plain(policies.crisis)}


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


class _PolicyLibrary(Library[PolicySet]):
    """Boundaries, and the crisis numbers with them."""

    name = "policy"
    title = mark("the boundaries")
    package = "handlers.boundaries"
    command = word = "policy"
    section = "behaviours"
    besides = "crisis"
    unknown = "no such behaviour"

    def read(self, data: object, today: date) -> PolicySet:
        return read_policies(data, today)

    def amended(self, content: PolicySet, data: object, number: int, today: date) -> PolicySet:
        return model.amend(content, read_file(data, today), number)

    def plain(self, content: PolicySet) -> dict[str, object]:
        return to_plain(content)

    def entries(self, content: PolicySet) -> tuple[Behaviour, ...]:
        return content.behaviours

    def stamped(self, content: PolicySet, versions: Mapping[str, int]) -> PolicySet:
        return replace(content, behaviours=stamp(content.behaviours, versions))

    def changes(self, old: PolicySet, new: PolicySet) -> tuple[Change, ...]:
        return model.changes(old, new)

    def differing(
        self, old: PolicySet, new: PolicySet
    ) -> tuple[dict[str, object], dict[str, object]]:
        return plain_differing(_by_id(old), _by_id(new))


POLICIES = _PolicyLibrary()


class _BoundariesReader(PlainReader):
    """Reads boundaries and crisis numbers."""

    def behaviour(self, key: str, data: object) -> Behaviour:
        path = f"behaviours.{key}"
        given = self.mapping(path, data, required=_KEYS, optional={"emergency"})
        warnings = self.list(f"{path}.warnings", given.get("warnings", []))
        if len(warnings) > WARNINGS_LIMIT:
            self.problems.append(f"{path}.warnings: {len(warnings)}, at most {WARNINGS_LIMIT}")
        return Behaviour(
            id=self.entry_id(path, key),
            names=self.saying(f"{path}.names", given.get("names", MISSING), READ_IN, NAME_LIMIT),
            meaning=self.saying(f"{path}.meaning", given.get("meaning", MISSING), READ_IN),
            allowed=self.lines(f"{path}.allowed", given.get("allowed", MISSING), LINES_LIMIT),
            warnings=tuple(
                self.saying(f"{path}.warnings[{number}]", warning, SPOKEN)
                for number, warning in enumerate(warnings, 1)
            ),
            ending=self.saying(f"{path}.ending", given.get("ending", MISSING), SPOKEN),
            backing=self.saying(f"{path}.backing", given.get("backing", MISSING), READ_IN),
            owner=self.saying(f"{path}.owner", given.get("owner", MISSING), READ_IN),
            review=self.day(f"{path}.review", given.get("review", MISSING)),
            examples=self.lines(
                f"{path}.examples",
                given.get("examples", MISSING),
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
            owner=self.saying("crisis.owner", given.get("owner", MISSING), READ_IN),
            review=self.day("crisis.review", given.get("review", MISSING)),
        )

    def number(self, path: str, data: object) -> CrisisNumber:
        given = self.mapping(path, data, required={"number", "what"})
        digits = str(given.get("number", "")).strip()
        if "number" in given and not DIGITS.fullmatch(digits):
            self.problems.append(f"{path}.number: {digits!r} is no telephone number")
        return CrisisNumber(
            digits, self.saying(f"{path}.what", given.get("what", MISSING), READ_IN)
        )
