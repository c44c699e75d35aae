"""The `plecs` command."""

_STOPPED = 130
"""The exit status of whoever is stopped by Ctrl-C."""


def main() -> None:
    """Runs the command line. Who stops it while it is still being loaded sees no traceback."""
    try:
        from bot.command_line import main as run  # noqa: PLC0415 - it loads for a second or two

        run()
    except KeyboardInterrupt:
        raise SystemExit(_STOPPED) from None


if __name__ == "__main__":
    main()
