"""By which e-mail address somebody is known elsewhere: as a keyed hash, never the address."""

from typing import Protocol


class KnownEmails(Protocol):
    """What telephone systems and other programs of the company call people by."""

    def know(self, person: str, email: str) -> None:
        """The person's platform vouches for this address."""
        ...
