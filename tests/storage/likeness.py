"""Makes the lists of what dangers to a life have in common, and cries for a colleague, from every
sentence kept with the tests: `python -m tests.storage.likeness`. The same sentences make the same
lists.

It is a logistic regression, learnt one sentence after the other (AdaGrad): what is in a sentence
adds up, and what is listened for counts as much together as everything else does.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from pathlib import Path

from handlers.kit.danger import known_ways
from handlers.kit.distress import is_known_cry, ungreeted
from handlers.kit.likeness import ALWAYS, BEGINS, together
from handlers.kit.spelling import words_of
from handlers.kit.ways import Said
from handlers.kit.weighing import Scales

_FOLDER = Path(__file__).parent
_HANDLERS = _FOLDER.parent / "handlers"
_ASKED = tuple(
    _FOLDER / f"{name}_queries.tsv" for name in ("danger", "hurried", "rarer", "worst", "ordinary")
)
_CRIES = (_HANDLERS / "distress_corpus.tsv", _HANDLERS / "cries.tsv")
_ANSWERS = _FOLDER / "answer_questions.tsv"

_HEAD = """\
# What sentences that told of {about} had in common, and those that did not, in
# tenths of a point: handlers/kit/likeness.py says how it is written. Made by
# `python -m tests.storage.likeness`.
"""

_EPOCHS, _RATE, _SHRINK = 30, 0.5, 0.01
_UNIT = 0.3
"""What something that is in a sentence counts, so that its weight is not kept too small."""
_TENTHS = 40
"""Tenths of a point for one of the regression's units."""

Labelled = Sequence[tuple[Sequence[str], bool]]
"""The words of sentences, as they are looked at, and whether each tells of what is listened for."""


def _of_danger() -> Labelled:
    """All sentences, and whether each tells of a danger to somebody's life."""
    asked = [
        (line.split("\t")[2], line.startswith("crisis\t"))
        for file in _ASKED
        for line in _lines(file)
    ]
    others = [
        *(line.split("\t")[-1] for line in _lines(_ANSWERS)),
        *(line.split("\t")[2] for line in _lines(_CRIES[0])),
        *(line.split("\t")[2] for line in _lines(_HANDLERS / "deidentify_corpus.tsv")),
    ]
    # A cry for help may be one for a life: what is surely known is no example of the ordinary.
    ordinary = ((one, False) for one in others if not _is_known_danger(one))
    return [(words_of(text), told) for text, told in (*asked, *ordinary)]


def _is_known_danger(text: str) -> bool:
    return known_ways().said(words_of(text)) is Said.SURELY


_DONE_TO_ONE = frozenset({"insulting", "threatening", "sexual", "discriminating", "rude"})
_EVERY_DAY = frozenset({"-", "not-threat"})


def _of_distress() -> Labelled:
    """All sentences, and whether somebody calls for a colleague with it. A danger is neither: it
    has a card of its own."""
    cried = [
        (line.split("\t")[2], line.split("\t")[1] == "yes") for f in _CRIES for line in _lines(f)
    ]
    asked = [line.split("\t") for file in _ASKED for line in _lines(file)]
    done = [(words, True) for meant, _, words, *_ in asked if meant in _DONE_TO_ONE]
    others = [
        *(words for meant, _, words, *_ in asked if meant in _EVERY_DAY),
        *(line.split("\t")[-1] for line in _lines(_ANSWERS)),
    ]
    # Some of what is no danger is a cry all the same.
    ordinary = ((one, False) for one in others if not is_known_cry(words_of(one)))
    return [(ungreeted(words_of(text)), told) for text, told in (*cried, *done, *ordinary)]


@dataclass(frozen=True, slots=True)
class LearntList:
    """A list that is made. `about`: what its sentences tell of; `sooner`: tenths of a point that
    every text has besides, because a miss is worse than a card too many."""

    about: str
    sentences: Callable[[], Labelled]
    sooner: int


LISTS = {
    "danger": LearntList("a danger to somebody's life", _of_danger, 70),
    "distress": LearntList("somebody who needs a colleague in a hard call", _of_distress, 20),
}
"""By the name of the list, `alike_NAME`."""


def learnt(name: str) -> dict[str, int]:
    """The points of what the list's sentences have in common, in tenths, where it is in more than
    one."""
    kept = LISTS[name]
    tenths = _learnt(kept.sentences(), Scales(name))
    tenths[ALWAYS] += kept.sooner
    return {one: points for one, points in tenths.items() if points}


def _learnt(examples: Labelled, scales: Scales) -> dict[str, int]:
    seen = [(sorted(set(_in(words, scales))), told) for words, told in examples]
    often = Counter(one for those, _ in seen for one in those)
    kept = [([one for one in those if often[one] > 1], told) for those, told in seen]
    telling = sum(told for _, told in kept)
    worth = (len(kept) - telling) / telling
    weights: dict[str, float] = defaultdict(float)
    moved: dict[str, float] = defaultdict(lambda: 1e-6)
    order = random.Random(1)  # noqa: S311 - the same sentences in the same order, each time
    for _ in range(_EPOCHS):
        order.shuffle(kept)
        for those, told in kept:
            found = weights[ALWAYS] + _UNIT * sum(weights[one] for one in those)
            wrong = (1 / (1 + exp(-max(-30.0, min(30.0, found)))) - told) * (worth if told else 1)
            for one in (ALWAYS, *those):
                by = wrong if one == ALWAYS else wrong * _UNIT + _SHRINK * weights[one]
                moved[one] += by * by
                weights[one] -= _RATE * by / sqrt(moved[one])
    return {
        one: round(_TENTHS * weight * (1 if one == ALWAYS else _UNIT))
        for one, weight in weights.items()
    }


def _in(words: Sequence[str], scales: Scales) -> list[str]:
    return list(together([word[:BEGINS] for word in words], scales.things(words)))


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text("utf-8").splitlines() if line and line[0] != "#"]


def _written(name: str) -> str:
    by_points: dict[int, list[str]] = defaultdict(list)
    for found, tenths in learnt(name).items():
        by_points[tenths].append(found)
    lines = (f"{points}: {' '.join(sorted(by_points[points]))}\n" for points in sorted(by_points))
    return _HEAD.format(about=LISTS[name].about) + "".join(lines)


if __name__ == "__main__":
    for one in LISTS:
        Path(f"handlers/kit/words/alike_{one}.txt").write_text(_written(one), "utf-8")
