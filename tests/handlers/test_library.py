"""What a company stands behind: read with every fault named, complete in every language."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from handlers.calm.model import TECHNIQUES
from handlers.common.competences import COMPETENCES
from handlers.draft.model import ANSWERS
from handlers.learning.model import COURSES
from handlers.library.attributes import LocalizedLines, LocalizedText
from handlers.library.entries import Entries
from handlers.library.model import (
    Adoption,
    Author,
    InvalidLibraryError,
    Version,
    amend,
    plain_differing,
    stamp,
)
from handlers.practice.plain import SCENARIOS
from storage.library_yaml import loaded, shipped, written

TODAY = date(2026, 11, 28)
LIBRARIES: tuple[Entries[Any], ...] = (TECHNIQUES, ANSWERS, COMPETENCES, COURSES, SCENARIOS)

every_library = pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)


def first(library: Entries[Any]) -> tuple[str, dict[str, Any]]:
    """The first entry that ships, as plain data, and its id."""
    plain = library.plain(shipped(library, TODAY))[library.section]
    assert isinstance(plain, Mapping)
    entry, parts = next(iter(plain.items()))
    return entry, deepcopy(parts)


def faults(library: Entries[Any], entry: str, parts: object) -> tuple[str, ...]:
    try:
        library.read({library.section: {entry: parts}}, TODAY)
    except InvalidLibraryError as error:
        return error.problems
    return ()


@every_library
def test_what_ships_lacks_no_language_owner_or_review_date(library: Entries[Any]) -> None:
    for entry in shipped(library, TODAY):
        assert entry.review > TODAY
        for part in library.attributes:
            value = getattr(entry, part.name)
            if isinstance(part, LocalizedText | LocalizedLines):
                assert set(part.locales) <= {locale for locale, told in value.items() if told}


@every_library
def test_whatever_is_said_in_what_ships_is_said_in_both_languages(library: Entries[Any]) -> None:
    """Each turn and reply of a scenario, each indicator, each course: wherever a language is."""
    sayings = list(said_in(shipped(library, TODAY)))
    assert len(sayings) >= 2 * len(shipped(library, TODAY))
    for saying in sayings:
        assert saying["lv"], saying
        assert saying["en"], saying
        assert saying["lv"] != saying["en"]


def said_in(value: object) -> Iterator[Mapping[str, Any]]:
    """Everything in it that is there by language."""
    if isinstance(value, Mapping):
        if {"lv", "en"} & value.keys():
            yield value
        else:
            yield from said_in(tuple(value.values()))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from said_in(one)
    elif is_dataclass(value):
        yield from said_in(tuple(getattr(value, one.name) for one in fields(value)))


@every_library
def test_an_entry_without_a_language_an_owner_or_a_review_date_is_refused(
    library: Entries[Any],
) -> None:
    entry, whole = first(library)
    assert faults(library, entry, whole) == ()
    for part in library.attributes:
        at = f"{library.section}.{entry}.{part.name}"
        if not part.is_optional:
            without = {name: value for name, value in whole.items() if name != part.name}
            assert faults(library, entry, without) == (f"{at}: missing",)
        for locale in part.locales if isinstance(part, LocalizedText | LocalizedLines) else ():
            lacking = deepcopy(whole)
            del lacking[part.name][locale]
            assert faults(library, entry, lacking) == (f"{at}.{locale}: missing",)


@every_library
def test_what_is_exported_is_read_back(library: Entries[Any]) -> None:
    content = shipped(library, TODAY)
    assert library.read(loaded(written(library.plain(content))), TODAY) == content
    assert library.amended(content, library.plain(content), 2, TODAY) == content


@every_library
def test_only_what_differs_has_a_new_version(library: Entries[Any]) -> None:
    content = shipped(library, TODAY)
    entry, whole = first(library)
    whole["review"] = "2031-01-01"
    amended = library.amended(content, {library.section: {entry: whole}}, 7, TODAY)
    assert [one.version for one in amended] == [7, *(1 for _ in content[1:])]
    [change] = library.changes(content, amended)
    assert (change.entry, change.parts) == (amended[0], ("review",))
    before, after = library.differing(content, amended)
    assert before == {entry: {"review": content[0].review.isoformat()}}
    assert after == {entry: {"names": whole["names"], "review": "2031-01-01"}}
    assert amend(content, content, 9) == content


def test_what_differs_is_told_part_by_part_and_by_name() -> None:
    names = {"en": "Rude"}
    was: dict[str, dict[str, object]] = {
        "rude": {"names": names, "warnings": 1, "steps": ["a"], "same": 0},
        "late": {"names": {"en": "Late"}, "warnings": 2},
        "same": {"names": {"en": "Same"}, "warnings": 3},
        "numbers": {"112": "help"},
    }
    now: dict[str, dict[str, object]] = {
        "rude": {"names": names, "warnings": 2, "examples": ["b"], "same": 0},
        "same": {"names": {"en": "Same"}, "warnings": 3},
        "new": {"names": {"en": "New"}, "warnings": 0},
        "numbers": {"112": "help", "113": "fire"},
    }
    before, after = plain_differing(was, now)
    assert before == {"rude": {"warnings": 1, "steps": ["a"]}, "late": {}}
    assert after == {
        "rude": {"names": names, "warnings": 2, "examples": ["b"]},
        "new": {"names": {"en": "New"}, "warnings": 0},
        "numbers": {"113": "fire"},
        "late": {"names": {"en": "Late"}},
    }
    assert plain_differing({"rude": {"names": names, "steps": 1}}, {"rude": {"names": names}}) == (
        {"rude": {"steps": 1}},
        {"rude": {"names": names}},
    )


def test_an_entry_stands_for_everybody_in_the_version_in_which_somebody_adopted_it() -> None:
    content = shipped(TECHNIQUES, TODAY)
    one, other, *_ = stamp(content, {entry.id: 4 + at for at, entry in enumerate(content)})
    assert (one.version, other.version) == (4, 5)
    at = datetime(2026, 11, 28, tzinfo=UTC)
    adoption = Adoption("w", one.id, 4, Author("dace"), at)
    whole = Version("w", 5, at, Author(), (one, other), {(one.id, 4): adoption})
    assert whole.adopted(one) == adoption
    assert whole.adopted(other) is None
    assert whole.adopted(replace(one, version=5)) is None
