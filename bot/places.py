"""Whether what somebody wrote is a file, a host or an address where something can be."""

import re
from urllib.parse import urlsplit


def is_path(value: str) -> bool:
    """Whether it is the name of a file: what is kept in memory alone is lost, and what stands
    behind ? is no part of a name."""
    return bool(value) and not re.search(r"^:memory:|^file:|[?\x00]", value)


def has_host(value: str) -> bool:
    """Whether it names a host, or says behind a ? which one, and its port is one."""
    try:
        parts = urlsplit(value)
        return bool(parts.hostname or parts.query) and parts.port != 0
    except ValueError:  # a bracket that is open, a port that is no number
        return False


def is_plain_address(value: str) -> bool:
    """Whether it is a scheme, a host, perhaps a port and a path, and nothing that would make
    another address of what is put after it."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:  # a bracket that is open, a port beyond all ports
        return False
    odd = parts.query or parts.fragment or "?" in value or "#" in value or "@" in parts.netloc
    return bool(parts.hostname) and port != 0 and not odd and not re.search(r"[\s\\<>\"]", value)
