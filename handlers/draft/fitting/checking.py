"""What may stand in a draft: a part that says nothing which its source does not.

Nothing of what a model answers is believed. A part is dropped when it has another number, date,
amount, link or alphabet than its source, or speaks of something else. Of what is left a sentence
may be copied if it is one of its source's; one that promises what nobody granted is marked, and so
is one that says something in words of its own.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from operator import itemgetter

from handlers.draft.fitting import words
from handlers.draft.fitting.model import Passage
from handlers.draft.fitting.repeating import sentences
from handlers.kit.deidentify import readable
from handlers.kit.text import fold, normalized

MOST_PARTS, PART_LIMIT, WHOLE_LIMIT = 8, 600, 1200
"""Parts, characters of each, of all that may be copied, and of all that is shown beside it."""

_ALIKE = 0.4
"""So much of a part's longer words begins like one of its source."""

_SIGNS = frozenset(" .,;:!?()„“”\"'’‘–—-/%€+«»…°")
_NUMBER = re.compile(r"\d+(?:[ .,:/'’\-–]*\d+)*")
_UNIT = re.compile(r" ?(?:(?P<sign>[%€$£°])|(?P<word>[^\W\d_]+))")
_TOKEN = re.compile(r"[^\W_]+")
_LINK = re.compile(
    # Each looked for where such a run begins, or a long one would be gone through again and again.
    r"(?<![\w.+-])[\w.+-]+@[\w.-]+"
    r"|(?<![\w.-])(?:\w+://)?[\w.-]*\.[a-z]{2,}(?::\d+)?(?:[/?#][^\s„“”\"]*)?",
    re.IGNORECASE,
)
_SPELT_LINK = re.compile(
    r"://|\b(?:www|http|hxxp)|(?:\bdot|\bpunkts|\bточка|[(\[]\.[)\]]|\s\.)\s*"
    r"(?:lv|com|net|org|eu|io|ru|info|me|co)\b",
    re.IGNORECASE,
)
_LIKE_DIGITS = re.compile(r"[OoQIl|SBZ]+")
_ROMAN = re.compile(r"[IVXLCDM]{2,}")
_SPACED_OUT = re.compile(r"\b[^\W\d_](?: [^\W\d_]\b)+")


def checked(
    answer: Mapping[str, object], sources: Sequence[str], granted: Sequence[str]
) -> tuple[Passage, ...]:
    """What is left of an answer: parts that stand in their sources, in their order. `granted` is
    what the person may promise besides."""
    parts = answer.get("parts")
    found: list[Passage] = []
    room = {True: WHOLE_LIMIT, False: WHOLE_LIMIT}
    for one in parts[:MOST_PARTS] if isinstance(parts, list) else ():
        number, text = (one.get("source"), one.get("text")) if isinstance(one, dict) else (0, "")
        if type(number) is not int or not 1 <= number <= len(sources) or not isinstance(text, str):
            continue
        said, allowed = _tidy(text), tuple(map(_tidy, (sources[number - 1], *granted)))
        if not said or not stands_in(said, " ".join(allowed)):
            continue
        for passage in _passages(number, said, allowed):
            if any(passage.text == before.text for before in found):
                continue
            room[passage.may_be_copied] -= len(passage.text)
            if room[passage.may_be_copied] >= 0:
                found.append(passage)
    return tuple(found)


def _passages(number: int, said: str, allowed: Sequence[str]) -> Iterator[Passage]:
    """The part in pieces, each of sentences of which the same holds."""
    marked = [
        (promises_more(one.text, allowed), not one.repeats, one.text)
        for one in sentences(said, allowed)
    ]
    for (promises, reworded), these in groupby(marked, key=itemgetter(0, 1)):
        yield Passage(number, " ".join(text for *_, text in these), promises, reworded)


def stands_in(said: str, source: str) -> bool:
    """Whether the part has no number, date, amount, link, letter or word for a secret that its
    source has not, and speaks of the same."""
    return (
        len(said) <= PART_LIMIT
        and _is_written_alike(said, source)
        and set(_links(said)) <= set(_links(source))
        and not (_SPELT_LINK.search(_LINK.sub(" ", said)))
        and set(_numbers(said)) <= set(_numbers(source))
        and set(_odd_tokens(said)) <= set(_TOKEN.findall(source))
        and set(_counted(said)) <= set(_counted(source))
        and _secrets(said) <= _secrets(source)
        and _speaks_of(said, source)
    )


def promises_more(said: str, allowed: Sequence[str]) -> bool:
    """Whether it promises something that none of those does, or that they deny."""
    may = {promise for one in allowed for promise in _promises(one)}
    return not set(_promises(said)) <= may


def _tidy(text: str) -> str:
    """On one line, in the form that all else reads: no letter has two ways of being written, and
    nothing is invisible."""
    return " ".join(readable(text).split())


def _is_written_alike(said: str, source: str) -> bool:
    known = _SIGNS | frozenset(source)
    cyrillic = any(_alphabet(one) == "CYRILLIC" for one in source)
    for word in said.split():
        alphabets = {_alphabet(one) for one in word if one.isalpha()}
        if len(alphabets) > 1 and word not in source:
            return False  # a letter of another alphabet that looks like one of ours
        for one in word:
            is_letter = one.isalpha() and _is_plain_letter(one, cyrillic=cyrillic)
            if not (is_letter or one in known or one in "0123456789"):
                return False
    return True


def _is_plain_letter(letter: str, *, cyrillic: bool) -> bool:
    base = normalized("NFKD", letter)[0].casefold()
    return "a" <= base <= "z" or (cyrillic and "а" <= base <= "я")


def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _links(text: str) -> Iterator[str]:
    for found in _LINK.finditer(text):
        yield found[0].casefold().rstrip(".,;:!?)/")


def _numbers(text: str) -> Iterator[tuple[str, str]]:
    """Each number with what it counts."""
    for found in _NUMBER.finditer(text):
        number = re.sub(r"[ '’]", "", found[0]).replace("–", "-")
        before = text[found.start() - 1 : found.start()] if found.start() else ""
        unit = _UNIT.match(text, found.end())
        counts = ((unit["sign"] or unit["word"]) if unit else "") or ""
        yield number, _unit(before if before in "€$£" and before else counts)


def _unit(word: str) -> str:
    """What is counted, however it is written or declined."""
    folded = fold(word)
    return "eur" if folded in ("€", "eur") or folded.startswith(("eir", "eur")) else folded[:3]


def _odd_tokens(text: str) -> Iterator[str]:
    """What may be read as a number and is none: letters among digits or in their place, and Roman
    numbers."""
    for word in _TOKEN.findall(text):
        is_like_digits = _LIKE_DIGITS.fullmatch(word) and word != "I"
        has_letters = any(map(str.isdigit, word)) and not word.isdigit()
        if is_like_digits or has_letters or _ROMAN.fullmatch(word):
            yield word


def _counted(text: str) -> Iterator[str]:
    """Numbers, days, months and money in words."""
    tokens = _TOKEN.findall(fold(text))
    for token, following in pairwise((*tokens, "")):
        for stem in words.STEMS:
            if token.startswith(stem):
                yield stem
        if token in words.WHOLE:
            yield words.WHOLE[token]
        if token.startswith(words.ONE) and following.startswith(words.COUNTED):
            yield f"one {following[:3]}"


def _secrets(text: str) -> frozenset[str]:
    """What nobody may be asked for, unless an answer does."""
    return words.SECRETS.intersection(_TOKEN.findall(fold(text)))


def _speaks_of(said: str, source: str) -> bool:
    """Whether most of what it says is said in its source, too."""
    beginnings = {token[:4] for token in _TOKEN.findall(fold(source)) if len(token) >= 4}
    mine = [token[:4] for token in _TOKEN.findall(fold(said)) if len(token) >= 4]
    return bool(mine) and sum(one in beginnings for one in mine) >= _ALIKE * len(mine)


def _promises(text: str) -> Iterator[tuple[str, bool]]:
    """What it promises, and whether it says that it does not."""
    folded = fold(text)
    for read in {folded, folded.replace("-", ""), _SPACED_OUT.sub(_together, folded)}:
        tokens = _TOKEN.findall(read)
        for at, token in enumerate(tokens):
            for stem in words.PROMISES:
                before, found, _ = token.partition(stem)
                if found:
                    denies = before == "ne" or any(
                        one in words.DENYING for one in tokens[max(0, at - 3) : at]
                    )
                    yield stem, denies
        spoken = " ".join(("", *tokens, ""))
        for phrase in words.PROMISING:
            if f" {phrase}" in spoken:
                yield phrase, False


def _together(found: re.Match[str]) -> str:
    return found[0].replace(" ", "")
