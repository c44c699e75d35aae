"""The file beside a SQLite database in which the keys are that nobody set by SECRET_KEY."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp


def keys_in(text: str) -> tuple[str, ...]:
    """The keys, newest first, as SECRET_KEY and the file write them: parted by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def unusable(file: Path) -> str | None:
    """Why no key can be read from a file that is there; None where one can, or there is no file."""
    try:
        text = file.read_text()
    except (FileNotFoundError, NotADirectoryError):  # a folder that is none is told by who makes it
        return None
    except (OSError, UnicodeDecodeError):
        return "can't be read"
    keys = keys_in(text)
    return None if keys and all(map(str.isprintable, keys)) else "holds no key"


def kept_or_made(file: Path) -> tuple[str, ...]:
    """The keys in the file, newest first. Where there is no file a random key is made, readable by
    its owner alone."""
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = _written(file, _new_key())
        # Linking decides between two processes that both begin, and neither reads a key that is
        # half written.
        with suppress(FileExistsError):
            os.link(made, file)
        made.unlink()
    return keys_in(file.read_text())


def put_new_first(file: Path) -> None:
    """Makes a random key, which signs and seals from now on. The one that did so far stays in the
    file and is read; those before it are left out."""
    newest, *_ = kept_or_made(file)
    _written(file, f"{_new_key()},{newest}").replace(file)


def _new_key() -> str:
    return secrets.token_hex(32)


def _written(file: Path, text: str) -> Path:
    """A new file beside it with the text; mkstemp's files are their owner's alone."""
    descriptor, made = mkstemp(dir=file.parent, prefix=f"{file.name}-")
    with os.fdopen(descriptor, "w") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(descriptor)
    return Path(made)
