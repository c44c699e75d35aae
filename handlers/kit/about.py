"""What a notice is about, where one id does not say it: "case.round"."""

_BETWEEN = "."


def pack(*parts: object) -> str:
    """The ids and numbers in one text, for `Notice.about`. Raises ValueError for one that could
    not be told from the next."""
    written = [str(part) for part in parts]
    if any(_BETWEEN in part for part in written):
        raise ValueError(f"an id with {_BETWEEN!r} in it among {written}")
    return _BETWEEN.join(written)


def unpack(about: str, count: int | None = None) -> tuple[str, ...]:
    """The parts that were packed. Raises ValueError where there are not as many as asked for."""
    parts = tuple(about.split(_BETWEEN))
    if count is not None and len(parts) != count:
        raise ValueError(f"{len(parts)} parts instead of {count} in {about!r}")
    return parts
