"""Policies in YAML: the set that ships with Plecs, and files that coordinators write."""

from collections.abc import Hashable
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from handlers.boundaries.model import (
    PolicyError,
    PolicyFile,
    PolicySet,
    read_file,
    read_policies,
)


def parse(text: str, today: date) -> PolicyFile:
    """Reads a file's text. Raises PolicyError with every fault, and the line of a YAML one."""
    return read_file(_load(text), today)


@lru_cache(maxsize=4)
def shipped(today: date) -> PolicySet:
    """The set that ships with Plecs; its review dates count from `today`."""
    text = files("handlers.boundaries").joinpath("default.yaml").read_text("utf-8")
    return read_policies(_load(text), today)


def _load(text: str) -> object:
    try:
        loaded: object = yaml.load(text, _Loader)  # noqa: S506 - made from SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = "" if mark is None else f"line {mark.line + 1}: "
        raise PolicyError([f"{where}{getattr(error, 'problem', None) or error}"]) from error
    return loaded


class _Loader(yaml.SafeLoader):
    """SafeLoader that refuses a name written twice: the first would be lost without a word."""

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
