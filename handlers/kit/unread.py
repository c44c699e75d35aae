"""What is kept, and can't be read: another SECRET_KEY sealed it, which may be set again."""


class Unread(str):
    """Words that are there and can't be read. An ellipsis for whoever shows them; kept again, as
    they are or inside a changed value, they are what stood there (`sealed`)."""

    __slots__ = ("sealed",)
    sealed: str

    def __new__(cls, sealed: str) -> "Unread":
        made = super().__new__(cls, "…")
        made.sealed = sealed
        return made

    def __copy__(self) -> "Unread":
        return self

    def __reduce__(self) -> tuple[type["Unread"], tuple[str]]:
        return Unread, (self.sealed,)


class UnreadError(Exception):
    """Something would take the place of what can't be read: nothing is changed, and the router
    says so."""


def see_read(*words: str) -> None:
    """Before they are replaced or deleted by what somebody saw of them. Raises UnreadError where
    there was something to see."""
    if any(isinstance(one, Unread) for one in words):
        raise UnreadError
