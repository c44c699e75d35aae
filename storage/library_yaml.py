"""Libraries in YAML: what ships with Plecs, and files that coordinators write."""

from collections.abc import Hashable, Sequence
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, TypeVar

import yaml

from handlers.library.model import InvalidLibraryError, Library

_MOST = 200_000
"""Values in one file."""

S = TypeVar("S")


def loaded(text: str) -> object:
    """A file's text as plain data. Raises InvalidLibraryError with the line of the fault."""
    try:
        data: object = yaml.load(text, _Loader)  # noqa: S506 - made from SafeLoader
    except RecursionError:
        raise InvalidLibraryError(["this is nested too deeply"]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = "" if mark is None else f"line {mark.line + 1}: "
        raise InvalidLibraryError([f"{where}{getattr(error, 'problem', None) or error}"]) from error
    return data


def written(data: object) -> str:
    """Plain data as YAML that people read and change."""
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100)


def shipped(library: Library[S], today: date) -> S:
    """What ships with Plecs; its review dates count from `today`."""
    content: S = _shipped(library, today)
    return content


@lru_cache(maxsize=16)
def _shipped(library: Library[Any], today: date) -> Any:
    contents = plain_shipped(library.package)
    if len(contents) == 1:
        return library.read(contents[0], today)
    entries = {
        key: entry
        for content in contents
        if isinstance(content, dict)
        for key, entry in content[library.section].items()
    }
    return library.read({library.section: entries}, today)


_OURS: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""What reads files that come with Plecs, and no others: it takes a tenth of the time, tells of no
name that is written twice, and what is nested without end it does not survive."""


@cache
def plain_shipped(package: str) -> tuple[object, ...]:
    """The files that come with Plecs in a package, each as plain data."""
    return tuple(yaml.load(text, _OURS) for text in texts_shipped(package))  # noqa: S506 - a SafeLoader


def texts_shipped(package: str) -> Sequence[str]:
    """The same, as they are written."""
    found = [one for one in files(package).iterdir() if one.name.endswith(".yaml")]
    return [one.read_text("utf-8") for one in sorted(found, key=lambda one: one.name)]


class _Loader(yaml.SafeLoader):
    """SafeLoader that refuses a name written twice: the first would be lost without a word. It also
    refuses names for values (`&a`, `*a`) where a few lines of them within each other unfold to more
    than any machine holds."""

    def get_single_node(self) -> Any:
        found: yaml.Node | None = super().get_single_node()
        if found is not None and _unfolded(found, {}) > _MOST:
            raise yaml.composer.ComposerError(
                None, None, "write it out: what *names stand for unfolds without end"
            )
        return found

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 - PyYAML's own signature
        try:
            return super().construct_object(node, deep)
        except (ValueError, ArithmeticError, AttributeError):
            raise yaml.constructor.ConstructorError(
                None, None, "can't be read as what it looks like: put it in quotes", node.start_mark
            ) from None

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's own signature
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(getattr(key, "value", ""))
            if name in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{name!r} is written twice", key.start_mark
                )
            seen.add(name)
        return super().construct_mapping(node, deep)


def _unfolded(node: yaml.Node, sizes: dict[int, int]) -> int:
    """How many values it has when each *name is written out; more than any file for one that
    stands within itself."""
    if id(node) not in sizes:
        sizes[id(node)] = _MOST + 1
        inside: list[yaml.Node] = [] if isinstance(node, yaml.ScalarNode) else list(node.value)
        if isinstance(node, yaml.MappingNode):
            inside = [one for pair in node.value for one in pair]
        sizes[id(node)] = 1 + sum(_unfolded(one, sizes) for one in inside)
    return sizes[id(node)]
