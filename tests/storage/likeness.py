"""Makes the list of what dangers to a life have in common, from every sentence kept with the tests:
`python -m tests.storage.likeness`. The same sentences make the same list.

It is a logistic regression, learnt one sentence after the other (AdaGrad): what is in a sentence
adds up, and dangers count as much together as everything else does.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from math import exp, sqrt
from pathlib import Path

from handlers.kit.danger import known_ways
from handlers.kit.likeness import ALWAYS, BEGINS, together
from handlers.kit.spelling import words_of
from handlers.kit.ways import Said

_FOLDER = Path(__file__).parent
_LIST = Path("handlers/kit/words/alike_danger.txt")
_HEAD = """\
# What sentences that told of a danger to somebody's life had in common, and those that did not, in
# tenths of a point: handlers/kit/likeness.py says how it is written. Made by
# `python -m tests.storage.likeness`.
"""

_EPOCHS, _RATE, _SHRINK = 30, 0.5, 0.01
_UNIT = 0.3
"""What something that is in a sentence counts, so that its weight is not kept too small."""
_TENTHS, _SOONER = 40, 30
"""Tenths of a point for one of the regression's units; and those that every text has besides,
because a miss is worse than a card too many."""


def sentences() -> list[tuple[str, bool]]:
    """All sentences, and whether each tells of a danger to somebody's life."""
    asked = [
        (line.split("\t")[2], line.startswith("crisis\t"))
        for name in ("danger", "hurried", "rarer", "worst", "ordinary")
        for line in _lines(_FOLDER / f"{name}_queries.tsv")
    ]
    handlers = _FOLDER.parent / "handlers"
    others = [
        *(line.split("\t")[-1] for line in _lines(_FOLDER / "answer_questions.tsv")),
        *(line.split("\t")[2] for line in _lines(handlers / "distress_corpus.tsv")),
        *(line.split("\t")[2] for line in _lines(handlers / "deidentify_corpus.tsv")),
    ]
    # A cry for help may be one for a life: what is surely known is no example of the ordinary.
    return [*asked, *((one, False) for one in others if _is_ordinary(one))]


def _is_ordinary(text: str) -> bool:
    return known_ways().said(words_of(text)) is not Said.SURELY


def learnt(examples: Sequence[tuple[str, bool]]) -> dict[str, int]:
    """The points of what the examples have in common, in tenths, where it is in more than one."""
    seen = [(sorted(set(_in(text))), danger) for text, danger in examples]
    often = Counter(one for those, _ in seen for one in those)
    kept = [([one for one in those if often[one] > 1], danger) for those, danger in seen]
    dangers = sum(danger for _, danger in kept)
    worth = (len(kept) - dangers) / dangers
    weights: dict[str, float] = defaultdict(float)
    moved: dict[str, float] = defaultdict(lambda: 1e-6)
    order = random.Random(1)  # noqa: S311 - the same sentences in the same order, each time
    for _ in range(_EPOCHS):
        order.shuffle(kept)
        for those, danger in kept:
            told = weights[ALWAYS] + _UNIT * sum(weights[one] for one in those)
            wrong = (1 / (1 + exp(-max(-30.0, min(30.0, told)))) - danger) * (
                worth if danger else 1
            )
            for one in (ALWAYS, *those):
                by = wrong if one == ALWAYS else wrong * _UNIT + _SHRINK * weights[one]
                moved[one] += by * by
                weights[one] -= _RATE * by / sqrt(moved[one])
    tenths = {
        one: round(_TENTHS * weight * (1 if one == ALWAYS else _UNIT))
        for one, weight in weights.items()
    }
    tenths[ALWAYS] += _SOONER
    return {one: points for one, points in tenths.items() if points}


def _in(text: str) -> list[str]:
    return list(together([word[:BEGINS] for word in words_of(text)]))


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text("utf-8").splitlines() if line and line[0] != "#"]


if __name__ == "__main__":
    by_points: dict[int, list[str]] = defaultdict(list)
    for found, tenths_of_it in learnt(sentences()).items():
        by_points[tenths_of_it].append(found)
    lines = (f"{points}: {' '.join(sorted(by_points[points]))}\n" for points in sorted(by_points))
    _LIST.write_text(_HEAD + "".join(lines), "utf-8")
