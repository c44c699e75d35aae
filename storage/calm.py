"""Calm techniques as a library."""

from handlers.calm.model import TECHNIQUES, Technique, Techniques
from storage.library import Shelved, SqlLibrary
from storage.library_search import EntryIndex, described
from storage.work import SqlWork, repository

_LEAST = 0.12
"""In a hard call a wrong card costs more than none: the numbers and a hand stand there as well."""

_SHELF = Shelved(
    TECHNIQUES,
    lambda techniques: EntryIndex(((one, described(one)) for one in techniques), least=_LEAST),
)


@repository(Techniques)
def techniques_of(work: SqlWork) -> SqlLibrary[tuple[Technique, ...]]:
    return SqlLibrary(work.connection, _SHELF)
