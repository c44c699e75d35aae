"""Spots who a case is about, before it is kept: numbers, addresses, and names beside a title.

It reads surface forms and knows no names: one without a title, or a title written with a small
letter before it in Latvian, it does not see. What it catches of 200 sentences, and what it misses,
is in docs/supervision.md; tests/handlers/test_deidentify.py holds the figures.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from handlers.kit.text import Without, normalized

HIDDEN = "•••"
"""Stands for what tells who a line is about, where it is not said of which kind it is."""

_VISIBLE = Without(("Cf",))


class Identifying(StrEnum):
    """What was spotted. A NUMBER is a contract's, a client's, a meter's, a bill's."""

    PHONE = "phone"
    CODE = "code"
    EMAIL = "email"
    NAME = "name"
    NUMBER = "number"
    ACCOUNT = "account"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Spot:
    """Characters `start` to before `end` tell who it is about."""

    start: int
    end: int
    kind: Identifying


def readable(text: str) -> str:
    """The text in the form that `spots` reads: letters with their diacritics in one character,
    plain digits, nothing invisible in between."""
    return normalized("NFKC", text).translate(_VISIBLE)


def spots(text: str) -> tuple[Spot, ...]:
    """What tells who it is about, in order, none over another. Takes time in proportion to the
    text: every repetition in a pattern has an upper bound."""
    found: list[Spot] = []
    rest = text
    for look in (_emails, _accounts, _keyed, _addresses, _digits, _names):
        new = list(look(rest))
        found += new
        rest = _blanked(rest, new)
    return tuple(sorted(found, key=lambda spot: spot.start))


def replaced(text: str, words: Mapping[Identifying, str]) -> str:
    """The text with each spot replaced by its kind's word, again until nothing is spotted."""
    while there := spots(text):
        parts, at = [], 0
        for spot in there:
            parts += [text[at : spot.start], words[spot.kind]]
            at = spot.end
        text = "".join(parts) + text[at:]
    return text


def hidden(line: str) -> tuple[str, bool]:
    """The line as others read it, with HIDDEN for what tells who it is about; and whether anything
    was hidden."""
    read = readable(line)
    without = replaced(read, dict.fromkeys(Identifying, HIDDEN))
    return without, without != read


# --- letters and digits that have a form of their own -------------------------------------------

_EMAIL = re.compile(
    r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}",
)
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_OBJECT = re.compile(r"\b\d{2}[TVWXYZ][-A-Z0-9]{12,18}\b")
"""An Energy Identification Code: 16 characters, the third says what it names."""

_KEYED = re.compile(
    r"\b(?:līgum|klient|pircēj|objekt|skaitītāj|rēķin|pieteikum|abonent|maksātāj|liet|eic|konta\b|"
    r"contract|customer|client|object|meter|invoice|bill\b|ticket|account|case\b|reference|"
    r"nr\b|numur|number\b)"
    r"\w{0,6}"
    r"(?:[ .:#№]{1,3}(?:nr|no|numur\w{0,3}|number|id|kod\w{0,2}|code|eic|ir|is|was|bija)\b){0,3}"
    r"[ .:#№]{1,4}(?P<number>[a-z]{0,5}[-/]?\d[\da-z]{0,19}(?:[-/][\da-z]{1,12}){0,3})\b",
    re.IGNORECASE,
)
_LEAST_DIGITS = 5
"""Fewer after "contract" are a year or a sum."""

_SECRET = re.compile(
    r"\b(?:pin|cvv2?|cvc2?)(?:[ -]?(?:kod|code)\w{0,3})?[ .:=-]{0,3}(?P<number>\d{3,8})\b",
    re.IGNORECASE,
)


def _emails(text: str) -> Iterator[Spot]:
    for found in _EMAIL.finditer(text):
        yield Spot(found.start(), found.end(), Identifying.EMAIL)


def _accounts(text: str) -> Iterator[Spot]:
    for found in _ACCOUNT.finditer(text):
        yield Spot(found.start(), found.end(), Identifying.ACCOUNT)


def _keyed(text: str) -> Iterator[Spot]:
    for found in _OBJECT.finditer(text):
        yield Spot(found.start(), found.end(), Identifying.NUMBER)
    for found in _KEYED.finditer(text):
        start, end = found.span("number")
        number = text[start:end]
        digits = _only_digits(number)
        if len(digits) < _LEAST_DIGITS or _measures(text, end) or _OBJECT.match(number):
            continue
        if _DATE.fullmatch(number) or (len(digits) == len(number) and _is_code(digits)):
            continue  # a date, or a personal code, which the digits' own rule names
        yield Spot(start, end, Identifying.NUMBER)
    for found in _SECRET.finditer(text):
        yield Spot(*found.span("number"), Identifying.NUMBER)


# --- digits -------------------------------------------------------------------------------------

_DIGITS = re.compile(r"(?<![\w.,/-])\(?\+?\(?\d(?:[ \u00a0()./-]{0,2}\d){6,18}(?!\w)")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})|\d{4}[./-]\d{1,2}[./-]\d{1,2}")
_UNIT = re.compile(
    r"[ \u00a0]?(?:[€$£%°]|(?:eur|eir|usd|kwh?|mwh?|m2|m3|km|grād|reiz|times)\w{0,3}\b)|,\d",
    re.IGNORECASE,
)
_ROUND = re.compile(r"\d{1,3}(?:[ \u00a0.]\d{3}){0,2}[ \u00a0.]000")
_CARD = range(13, 20)  # digits of a bank card
_COUNTRY = "371"
_LOCAL = 8  # digits of a Latvian number, which begins with 2 (mobile), 6 (fixed), 8 or 9 (special)
_CODE = 11  # digits of a Latvian personal code


def _digits(text: str) -> Iterator[Spot]:
    for found in _DIGITS.finditer(text):
        if _DATE.search(found.group()) and not _is_code(_only_digits(found.group())):
            continue
        if _measures(text, found.end()) or _ROUND.fullmatch(found.group()):
            continue
        kind = _kind_of(found.group())
        if kind is not None:
            yield Spot(found.start(), found.end(), kind)


def _kind_of(written: str) -> Identifying | None:
    digits = _only_digits(written)
    if "+" in written or digits.startswith("00"):
        return Identifying.PHONE
    if len(digits) == _LOCAL + len(_COUNTRY) and digits.startswith(_COUNTRY):
        return Identifying.PHONE
    if _is_code(digits):
        return Identifying.CODE
    if len(digits) == _LOCAL and digits[0] in "2689":
        return Identifying.PHONE
    return Identifying.NUMBER if written.isdigit() or _is_card(digits) else None


def _is_card(digits: str) -> bool:
    """Whether it is as long as a card's number, and ends with the right digit (Luhn's)."""
    doubled = (sum(divmod(2 * int(one), 10)) for one in digits[-2::-2])
    return len(digits) in _CARD and (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0


def _is_code(digits: str) -> bool:
    """Day, month, year and five more; or 32 to 39 and nine more, as issued since July 2017."""
    if len(digits) != _CODE:
        return False
    day, month = int(digits[:2]), int(digits[2:4])
    return 32 <= day <= 39 or (1 <= day <= 31 and 1 <= month <= 12)


def _measures(text: str, end: int) -> bool:
    """Whether what stands there is an amount of something."""
    return _UNIT.match(text, end) is not None


def _only_digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())


# --- addresses ----------------------------------------------------------------------------------

_UPPER = "A-ZĀČĒĢĪĶĻŅŌŖŠŪŽ"
_PROPER = rf"[{_UPPER}][\w.'-]{{0,30}}"
_FLAT = r"(?:,? ?(?:dz|dzīv|dzīvoklis|k|korp|flat|apt|apartment)\b[.-]? ?\d{1,4}){0,2}"
_STREET_LV = re.compile(
    rf"(?:\b{_PROPER}[ ]){{1,3}}(?i:iel|gatv|prospekt|bulvār|laukum|šosej|līnij|alej|krastmal|ceļ)"
    rf"\w{{1,3}} ?(?:nr\.? ?)?\d{{1,4}}[a-zA-Z]?(?:[-/]\d{{1,4}})?\b{_FLAT}"
)
_STREET_EN = re.compile(
    rf"\b\d{{1,4}}[A-Z]? (?:{_PROPER} ){{1,3}}"
    rf"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Square|Place|Close|Way)\b{_FLAT}"
)
_POSTCODE = re.compile(r"\bLV-? ?\d{4}\b", re.IGNORECASE)
_HOUSE = re.compile(
    r"\b(?:māj|saimniecīb|adres|farm|house|address)\w{0,4}(?: called)? "
    r"(?P<house>[\"“„«][^\"“”„«»\n]{2,40}[\"”“»])",
    re.IGNORECASE,
)


def _addresses(text: str) -> Iterator[Spot]:
    end = 0
    whole = sorted(
        [
            *(
                found.span()
                for form in (_STREET_LV, _STREET_EN, _POSTCODE)
                for found in form.finditer(text)
            ),
            *(found.span("house") for found in _HOUSE.finditer(text)),
        ]
    )
    for start, stop in whole:
        if start >= end:
            yield Spot(start, stop, Identifying.ADDRESS)
            end = stop


# --- names --------------------------------------------------------------------------------------


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TITLE_LV = re.compile(
    r"(?:jaun)?kung(?:s|a|am|u|ā|i|iem|us|os)|(?:jaun)?kundz(?:e|es|ei|i|ē|u|ēm|ēs)|"
    r"k-?g(?:s|a|am|u)|k-?dz(?:e|es|ei|i)"
)
_TITLE_EN = _listed("mr mrs ms mx miss mister missus dr doctor sir madam lady lord prof professor")
_SHORT = _listed("mr mrs ms mx")
"""After these a name may be written small: they stand before nothing else."""

_PARTICLES = _listed("van der den de von da di la le al bin el fon")
_MOST_WORDS = 3  # of one name

_NO_NAMES = _listed(
    """
    ar bez es tu viņš viņa mēs jūs viņi viņas tas tā šis šī tie tās šie šīs viens viena vienu kāds
    kāda kādu kādam otrs otra cits cita un bet vai ka kad ja jo lai arī tad te tur no par pie pēc
    pirms uz līdz kopā vakar šodien rīt šorīt šovakar atkal tikai vēl jau runāju runā zvanīja
    zvana teica teicu prasīja raksta rakstīja cienījamais cienījamā godātais godātā labdien
    sveiki vecs veca vecais vecā jauns jauna dusmīgs dusmīga nikns nikna mīļais mīļā šim šai tam
    tai mans mana tavs tava nekāds nekāda katrs katra kāpēc kā ko kas kur šādu šāds šāda
    or and who said i he she they we you is was the a an has had of in on at to for with from
    but not no if when then that this as are were mr mrs ms miss mx sir madam
    """
)
"""What stands beside a title or begins a sentence, and is nobody's name."""


def _names(text: str) -> Iterator[Spot]:
    words = list(_WORD.finditer(text))
    end = 0
    for at, word in enumerate(words):
        small = word.group().casefold()
        spans: Iterable[tuple[int, int]] = ()
        if small in _TITLE_EN:
            spans = _after(text, words, at, small=small in _SHORT)
        elif _TITLE_LV.fullmatch(small):
            before = _before(text, words, at)
            begins = any(_begins_sentence(text, start) for start, _ in before)
            after = _after(text, words, at, small=False) if begins or not before else ()
            spans = (*before, *after)
        for start, stop in spans:
            if start >= end:
                yield Spot(start, stop, Identifying.NAME)
                end = stop


def _after(
    text: str, words: list[re.Match[str]], at: int, *, small: bool
) -> tuple[tuple[int, int], ...]:
    """The name that follows the title: words with capital letters and the particles among them;
    with `small` the first may be written small."""
    name: list[re.Match[str]] = []
    taken, end = 0, words[at].end()
    for word in words[at + 1 : at + 2 + 2 * _MOST_WORDS]:
        said, gap = word.group(), text[end : word.start()]
        full_stop = gap.startswith(".") and len(name) > 0 and len(name[-1].group()) > 2
        if gap not in (" ", ". ", ".") or full_stop or taken == _MOST_WORDS:
            break
        if said not in _PARTICLES:
            proper = said[0].isupper() or (small and not taken)
            initial = len(said) == 1 and text[word.end() : word.end() + 1] == "."
            if not proper or not (initial or _may_be_name(said)):
                break
            taken += 1
        name.append(word)
        end = word.end()
    while name and name[-1].group() in _PARTICLES:
        name.pop()
    return ((name[0].start(), name[-1].end()),) if name else ()


def _before(text: str, words: list[re.Match[str]], at: int) -> tuple[tuple[int, int], ...]:
    """The name that stands before a Latvian title."""
    start, stop = 0, 0
    following = words[at].start()
    for word in reversed(words[max(0, at - _MOST_WORDS) : at]):
        gap = text[word.end() : following]
        # Behind an initial a full stop is its own; behind a longer word a sentence has ended.
        if gap not in (" ", ". ", ".") or (gap.startswith(".") and len(word.group()) > 2):
            break
        if not (word.group()[0].isupper() and _may_be_name(word.group())):
            break
        if word.group().endswith(("ais", "ā", "ajam", "ajai")):
            break  # an adjective that begins a sentence
        start, stop = word.start(), stop or word.end()
        following = word.start()
    return ((start, stop),) if stop else ()


def _may_be_name(word: str) -> bool:
    small = word.casefold()
    return small not in _NO_NAMES and not _TITLE_LV.fullmatch(small)


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start].rstrip()
    return not before or before[-1] in ".!?…:"


def _blanked(text: str, found: Iterable[Spot]) -> str:
    """The text with what is known already made unreadable, at the same places."""
    parts, at = [], 0
    for spot in sorted(found, key=lambda spot: spot.start):
        parts += [text[at : spot.start], "\0" * (spot.end - spot.start)]
        at = spot.end
    return "".join(parts) + text[at:]
