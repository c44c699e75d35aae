"""What an entry of the audit log is of, read from what is kept of it."""

from datetime import UTC, datetime

import pytest

from handlers.audit.model import AuditEntry, Changed, name_of
from handlers.kit.about import pack

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ({"names": {"en": "Rude", "lv": "Rupjš"}}, "Rude"),
        ({"names": {"lv": "Rupjš"}}, ""),
        ({"names": {"en": 7}}, "7"),
        # what no version of ours wrote has no name
        ({"names": "Rude"}, ""),
        ({"numbers": {"en": "112"}}, ""),
        ("Rude", ""),
        (None, ""),
    ],
)
def test_an_entry_is_called_as_in_the_reader_s_language(parts: object, name: str) -> None:
    assert name_of(parts, "en") == name


def test_of_a_library_its_title_and_the_version_are_kept() -> None:
    entry = AuditEntry("a", "w", NOW, Changed.LIBRARY, pack("Boundaries", 12))
    assert entry.of_library == ("Boundaries", "12")
