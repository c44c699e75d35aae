"""How often one address of the network may guess at something of ours."""

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from time import monotonic

AT_ONCE = 20
"""Guesses that are let through at once: whoever copied an address wrongly tries a few times, and a
company's programs come from one address."""

ONE_EACH = 3.0
"""Seconds in which one more is let through."""

_PEERS = 10_000
"""Addresses of the network of which a process remembers something."""


class Guesses:
    """A bucket for each address, of `AT_ONCE`, in which every `ONE_EACH` seconds there is one more.

    An address is the peer's: what a header says of it, anybody may say. So all who come through a
    proxy share a bucket; it is for guesses alone.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        # When each bucket is full again; those that guessed last come last.
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def may(self, peer: str | None) -> bool:
        """Whether the peer may guess; then it has."""
        now, key = self._clock(), _network(peer or "")
        full_at = max(self._full_at.get(key, now), now)
        if full_at - now > (AT_ONCE - 1) * ONE_EACH:
            return False
        self._full_at[key] = full_at + ONE_EACH
        self._full_at.move_to_end(key)
        if len(self._full_at) > _PEERS:
            self._full_at.popitem(last=False)
        return True


def _network(peer: str) -> str:
    """Who asks: in IPv6 everybody has a whole network of addresses."""
    try:
        address = ip_address(peer)
    except ValueError:
        return peer
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(int(address) >> 64)
    return peer
