"""The post of a test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.scheduling.post import Chat, FakePost, opened


@pytest.fixture
def open_post(empty_sqlite: Path, tmp_path: Path) -> Iterator[Callable[[Chat], FakePost]]:
    """Opens the post of one process, for a platform."""
    shutil.copy(empty_sqlite, tmp_path / "post.db")
    contexts = []

    def begin(chat: Chat) -> FakePost:
        contexts.append(opened(f"sqlite:///{tmp_path / 'post.db'}", chat))
        return contexts[-1].__enter__()

    yield begin
    for context in contexts:
        context.__exit__(None, None, None)


@pytest.fixture
def post(open_post: Callable[[Chat], FakePost]) -> FakePost:
    return open_post(Chat())
