"""A new version is kept, and drafts are adopted, in somebody's name; whoever listens is told."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from handlers.kit.facts import LibraryAdopted, LibraryChanged
from handlers.library.model import Adoption, Author, Kept, Library, LibraryEntry, Version

if TYPE_CHECKING:
    from handlers.work import Occasion

S = TypeVar("S")


def keep_version(
    library: Library[S],
    kept: Kept[S],
    before: Version[S],
    content: S,
    *,
    by: Author,
    on: "Occasion",
) -> bool:
    """Keeps the content as the version after this one; false where somebody was faster."""
    new = Version(before.workspace, before.number + 1, on.now, by, content)
    if not kept.save(new):
        return False
    told = library.differing(before.content, content)
    on.tell(LibraryChanged(new.workspace, by.person or None, library.title, new.number, *told))
    return True


def adopt_drafts(
    library: Library[Any],
    kept: Kept[Any],
    version: Version[Any],
    meant: Sequence[LibraryEntry],
    *,
    by: Author,
    on: "Occasion",
) -> None:
    """Those of the version's entries that are drafts hold from now on."""
    if drafts := [one for one in meant if version.adopted(one) is None]:
        workspace = version.workspace
        kept.adopt([Adoption(workspace, one.id, one.version, by, on.now) for one in drafts])
        names = {one.id: one.names for one in drafts}
        who = by.person or None
        on.tell(LibraryAdopted(workspace, who, library.title, version.number, names))
