"""Whether a name, or whoever asks, is this machine's own: what is safe for nobody else asks."""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

_OWN_HEADERS = frozenset(
    (
        *("authorization", "cache-control", "connection", "cookie", "dnt", "expect", "host"),
        *("keep-alive", "last-event-id", "origin", "pragma", "priority", "purpose", "range"),
        *("referer", "save-data", "te", "transfer-encoding", "upgrade-insecure-requests"),
        *("user-agent", "webhook-id", "webhook-signature", "webhook-timestamp"),
        *("x-ms-agents-playground", "x-ms-conversation-id", "x-ms-tenant-id"),
        *("x-prometheus-scrape-timeout-seconds", "x-requested-with"),
    )
)
_OWN_BEGINNINGS = "accept", "access-control-request-", "content-", "if-", "sec-"
"""What browsers, Prometheus, telephone systems and Microsoft's test clients send, and how some of
it begins. There are more ways for proxies and tunnels to say that they ask for somebody else than
anybody knows, so that whoever says anything besides is taken for one of them."""

_SOCKETS = Path("/proc/net/tcp"), Path("/proc/net/tcp6")
"""Where Linux tells whose each end of a connection is."""

_HOST = re.compile(r"(?:[0-9A-Za-z.-]{1,100}|\[[0-9A-Fa-f:.]{2,50}\])(?::[0-9]{1,5})?")
"""What programs send as theirs. What stands beside it is read differently by each."""

_OWN_PAGE = frozenset({"same-origin", "none"})
"""What browsers say of a request by the page itself, or by whoever types its address."""


def refusal(request: web.BaseRequest) -> str | None:
    """Why the request is not from a program of this machine, or a page of ours in its browser, and
    must not be answered where whoever asks is believed; None where it is.

    A proxy on this machine asks from here, too: what it says of itself gives it away, or that it
    speaks HTTP/1.0, as nginx does when it says nothing. Pages of other sites reach this machine by
    a name of theirs that points here, or by simply sending.
    """
    peer = request.transport.get_extra_info("peername") if request.transport else None
    headers = request.headers
    if not isinstance(peer, tuple) or not is_loopback(str(peer[0])) or request.version < (1, 1):
        return "Only programs on this machine may ask, and none on behalf of others."
    if besides := next((name for name in headers if not _is_own(name)), None):
        return f"Only programs on this machine may ask: whoever sends {besides} asks for others."
    host = headers.get("Host", "")
    if not _HOST.fullmatch(host) or not is_loopback(host_of(f"//{host}")):
        return "Open the page as http://127.0.0.1 or http://localhost."
    origin = headers.get("Origin", f"http://{host}")
    if origin != f"http://{host}" or headers.get("Sec-Fetch-Site", "none") not in _OWN_PAGE:
        return "Only the workspace's own page may ask."
    return None


def _is_own(header: str) -> bool:
    name = header.lower()
    return name in _OWN_HEADERS or name.startswith(_OWN_BEGINNINGS)


def refusal_by_owner(request: web.BaseRequest) -> str | None:
    """Why the request is not from a program of whoever runs Plecs; None where it is, or this
    machine doesn't tell. A proxy that says nothing of itself is another user's, as a rule."""
    transport = request.transport
    if transport is None:
        return None
    peer, own = (transport.get_extra_info(end) for end in ("peername", "sockname"))
    if not isinstance(peer, tuple) or not isinstance(own, tuple):
        return None
    if owner_in(_sockets(), peer, own) in (None, os.getuid()):
        return None
    return "Only programs of whoever runs Plecs may ask."


def owner_in(
    sockets: Iterable[str], peer: tuple[object, ...], own: tuple[object, ...]
) -> int | None:
    """The number of the user whose the other end of a connection within this machine is, by the
    lines that Linux tells of all; None where they don't tell."""
    ends = [_end(peer), _end(own)]
    owners = (line.split() for line in sockets)
    return next((int(one[7]) for one in owners if one[1:3] == ends and one[7].isdigit()), None)


def _sockets() -> Iterator[str]:
    for table in _SOCKETS:
        with suppress(OSError), table.open() as lines:
            yield from lines


def _end(of: tuple[object, ...]) -> str:
    """A connection's end as Linux writes it: four bytes at a time, as this machine has them."""
    address = ip_address(str(of[0]))
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    packed = address.packed
    words = (packed[at : at + 4] for at in range(0, len(packed), 4))
    return "".join(f"{int.from_bytes(one, sys.byteorder):08X}" for one in words) + f":{of[1]:04X}"


def is_loopback(host: str) -> bool:
    """Whether the host, as a URL has it (without brackets, without a port), is always this machine:
    "localhost" or a loopback address written out. Other spellings that some programs read as one
    (`127.1`, `0x7f000001`) are not, and neither are names that only happen to point here."""
    if host.lower() in ("localhost", "localhost."):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        # A server for both families sees an IPv4 neighbour like that. Python 3.13 knows, 3.11 not.
        address = address.ipv4_mapped or address
    return address.is_loopback


def host_of(url: str) -> str:
    """The host in a URL, in lower case and without brackets; empty where there is none that can be
    read. For a `Host` header put // before it."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # "//[", and whatever else is no address
        return ""
