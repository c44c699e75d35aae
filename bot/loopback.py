"""Whether a name is this machine's own: what is safe for nobody else asks here."""

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit


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
