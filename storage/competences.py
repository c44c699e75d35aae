"""The dictionary of competences as a library."""

from handlers.common.competences import COMPETENCES, Competence, Competences
from storage.library import Shelved, SqlLibrary
from storage.library_search import Description, EntryIndex
from storage.work import SqlWork, repository

_SHELF = Shelved(
    COMPETENCES, lambda competences: EntryIndex((one, _described(one)) for one in competences)
)


def _described(one: Competence) -> Description:
    seen = (
        words for kind in (one.shows, one.lacks) for each in kind for words in each.words.values()
    )
    return Description(tuple(one.names.values()), [], (*one.meaning.values(), *seen))


@repository(Competences)
def competences_of(work: SqlWork) -> SqlLibrary[tuple[Competence, ...]]:
    return SqlLibrary(work.connection, _SHELF)
