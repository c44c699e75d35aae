"""Whether a name, or whoever asks, is this machine's own: what is safe for nobody else asks."""

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from aiohttp import web

_FORWARDED = frozenset(
    {
        *("cdn-loop", "cf-connecting-ip", "client-ip", "fastly-client-ip", "fly-client-ip"),
        *("forwarded", "true-client-ip", "via", "x-client-ip", "x-cluster-client-ip"),
        *("x-original-forwarded-for", "x-original-host", "x-original-url", "x-real-ip"),
    }
)
"""Headers with which proxies and tunnels say for whom they ask; and all that begin with
x-forwarded-."""

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
    is_forwarded = request.version < (1, 1) or any(
        name.lower() in _FORWARDED or name.lower().startswith("x-forwarded-") for name in headers
    )
    if not isinstance(peer, tuple) or not is_loopback(str(peer[0])) or is_forwarded:
        return "Only programs on this machine may ask, and none on behalf of others."
    host = headers.get("Host", "")
    if not is_loopback(host_of(f"//{host}")):
        return "Open the page as http://127.0.0.1 or http://localhost."
    origin = headers.get("Origin", f"http://{host}")
    if origin != f"http://{host}" or headers.get("Sec-Fetch-Site", "none") not in _OWN_PAGE:
        return "Only the workspace's own page may ask."
    return None


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
