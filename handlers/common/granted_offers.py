"""What somebody may promise in a call because it was granted there."""

from datetime import datetime
from typing import Protocol


class GrantedOffers(Protocol):
    """Offers that were held for a customer, or accepted."""

    def said(self, person: str, since: datetime, language: str) -> tuple[str, ...]:
        """What the person says to the customer, in this language, of what they offered since then
        and nobody took back."""
        ...
