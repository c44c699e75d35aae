"""What people see of the dictionary of competences."""

from collections.abc import Sequence

from handlers.common.competences import Competence, Indicator
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Look,
    Note,
    Paragraph,
    Part,
    Row,
    Strong,
)
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.library.cards import EntryView, ask_its_owner


def overview(competences: Sequence[Competence], t: Texts) -> Card:
    """All competences, one tap away."""
    return Card(
        t("What good work with customers looks like"),
        tuple(
            Row((one.names[t.locale],), Button(t("Read"), "competence.show", {"entry": one.id}))
            for one in competences
        ),
    )


def competence(
    view: EntryView[Competence], t: Texts, *, leads: bool, keeps: bool, others: bool
) -> Card:
    """One competence. `leads`: the reader leads a team. `keeps`: they may change it. `others`:
    there are more."""
    one = view.entry
    parts: list[Part] = [
        Paragraph((one.meaning[t.locale],)),
        *_listed(plain(t("One sees it by")), _words(one.shows, t)),
        *_listed(plain(t("It is missing where somebody")), _words(one.lacks, t)),
        *_listed(plain(t("How to grow in it")), one.develop[t.locale]),
    ]
    if leads:
        parts += _listed(plain(t("For whoever leads a team")), one.lead[t.locale])
    parts += ask_its_owner(view, t)
    if view.adopted is None:
        parts.append(Note(t("Draft: nobody here has adopted these words yet.")))
    buttons = [Button(t("Practise"), "practice.choose", look=Look.PRIMARY)]
    if leads:
        buttons.append(Button(t("Ten minutes for a meeting"), "practice.team"))
    if others:
        buttons.append(Button(t("All competences"), "competence"))
    if keeps:
        buttons.append(Button(t("Change"), "competence.entry", {"entry": one.id}))
    parts.append(Buttons(tuple(buttons)))
    return Card((one.names[t.locale],), tuple(parts))


def _listed(title: str, lines: Sequence[str]) -> tuple[Part, ...]:
    return Paragraph((Strong(title),)), Bullets(tuple((one,) for one in lines))


def _words(indicators: Sequence[Indicator], t: Texts) -> tuple[str, ...]:
    return tuple(one.words[t.locale] for one in indicators)
