"""`plecs answers`: the approved answers, from a YAML file or a folder of Markdown.

In a folder an answer is a file for each language, `bill_higher.lv.md` and `bill_higher.en.md`: its
front matter has name, owner and examples in that language, and in one of them review and topic;
what follows is the answer.
"""

from collections.abc import Mapping
from pathlib import Path

from bot.cli.library import library_app, text_of, yaml_file
from handlers.draft.model import ANSWERS, Answers
from handlers.library.model import InvalidLibraryError
from storage.library_yaml import loaded

_IN_EACH = {"name": "names", "owner": "owner", "examples": "examples"}
"""What each language has, by what it is called there and in a library."""

_ONCE = ("review", "topic")


def read(path: Path) -> object:
    """What the path brings as plain data. Raises InvalidLibraryError with every fault at once."""
    return _folder(path) if path.is_dir() else yaml_file(path)


def _folder(path: Path) -> object:
    answers: dict[str, dict[str, object]] = {}
    problems: list[str] = []
    for file in sorted(path.glob("*.md")):
        try:
            _take(file, answers)
        except InvalidLibraryError as error:
            problems += [f"{file.name}: {problem}" for problem in error.problems]
    if not answers and not problems:
        problems = ["no file here is called like bill_higher.lv.md"]
    if problems:
        raise InvalidLibraryError(problems)
    return {ANSWERS.section: answers}


def _take(file: Path, answers: dict[str, dict[str, object]]) -> None:
    """Adds what the file says to its answer."""
    entry, dot, language = file.stem.rpartition(".")
    if not dot:
        raise InvalidLibraryError(["name it like bill_higher.lv.md"])
    before, fence, rest = text_of(file).partition("---\n")
    front, end, body = rest.partition("\n---")
    if before.strip() or not fence or not end:
        raise InvalidLibraryError(["it should begin with front matter between two lines of ---"])
    given = loaded(front)
    if not isinstance(given, Mapping):
        raise InvalidLibraryError(["the front matter should be names with values"])
    if unknown := sorted(set(map(str, given)) - {*_IN_EACH, *_ONCE}):
        possible = ", ".join((*_IN_EACH, *_ONCE))
        raise InvalidLibraryError(
            [f"{one}: not known here; possible: {possible}" for one in unknown]
        )
    answer = answers.setdefault(entry, {})
    said = {part: given[name] for name, part in _IN_EACH.items() if name in given}
    for part, value in {**said, "text": body.strip().removeprefix("\n")}.items():
        by_language = answer.setdefault(part, {})
        assert isinstance(by_language, dict), "it was made here"
        by_language[language] = value
    answer.update({name: given[name] for name in _ONCE if name in given})


app = library_app(ANSWERS, Answers, "The approved answers to customers.", read=read)
