"""What words lead to in a library, and why: for coordinators who try them."""

from typing import TYPE_CHECKING, Any

from handlers.kit.cards import Bullets, Button, Buttons, Paragraph, Part, Strong, listed
from handlers.kit.feature import Trial
from handlers.kit.text import plain
from handlers.library.model import Kept, Library

if TYPE_CHECKING:
    from handlers.work import Context

_LIKELIEST = 3


def trial(library: Library[Any], kind: type[Kept[Any]], title: str) -> Trial:
    """The trial of a library that is kept as `kind`; `title`, a message id, stands above it."""

    def tried(words: str, ctx: "Context") -> tuple[Part, ...]:
        t, kept, workspace = ctx.t, ctx.work.of(kind), ctx.me.workspace
        version, found = kept.search(workspace, words, ctx.now)
        names = {one.id: (one.names[t.locale],) for one in library.entries(version.content)}
        nearest = listed(names[one] for one in found.likeliest[:_LIKELIEST])
        by_word = [
            (f"{word}: ", *(listed(names[one] for one in to) or t("leads nowhere")))
            for word, to in kept.because(workspace, words, ctx.now).items()
        ]
        heading = Paragraph((Strong(plain(t(title))), ": ", *(nearest or t("nothing"))))
        parts: tuple[Part, ...] = (Bullets(tuple(by_word)),) if by_word else ()
        edit = Button(t("Change the words"), f"{library.name}.edit")
        return (heading, *parts, Buttons((edit,)))

    return tried
