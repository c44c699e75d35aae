"""The `plecs` command."""

import gc
from collections.abc import Callable

from storage.spare_memory import keep_together

_STOPPED = 130
"""The exit status of whoever is stopped by Ctrl-C."""


def main() -> None:
    """Runs the command line. Who stops it while it is still being loaded sees no traceback."""
    keep_together()
    try:
        run = _loaded()
        run()
    except KeyboardInterrupt:
        raise SystemExit(_STOPPED) from None


def _loaded() -> Callable[[], None]:
    """The command line. What is loaded stays: looking for garbage in it took a fifth of the time,
    and each later look a tenth of a second."""
    gc.disable()
    try:
        from bot.command_line import main as run  # noqa: PLC0415 - it loads for a second
    finally:
        gc.freeze()
        gc.enable()
    return run


if __name__ == "__main__":
    main()
