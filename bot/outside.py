"""Where other systems may be asked (a language model, a learning record store): read at the door,
and looked at again whenever the name is looked up, because it may point elsewhere by then."""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult

from bot.loopback import host_of, is_loopback
from bot.places import is_plain_address

_OF_A_CLOUD = tuple(
    map(ip_network, ("100.100.100.200/32", "168.63.129.16/32", "fd00:ec2::/32", "fe80::/10"))
)
"""Where machines in clouds are told secrets of their own, besides link-local addresses."""
_INSIDE = "leads into a network of one's own, where it was not said to be"
_WITH_IPV4 = ip_network("64:ff9b::/96")
_QUERY = re.compile(r"[A-Za-z0-9._&=-]*")


def model_address(value: str) -> str:
    """The address of a model's API, up to what stands before /chat/completions, or with it; empty
    where it is not set. Raises ValueError for what is none."""
    plain, _, query = value.partition("?")
    if value and not re.match(r"https?://[^/]", value):
        raise ValueError("must be an address that begins with https:// (or http://)")
    if value and (not is_plain_address(plain) or not _QUERY.fullmatch(query)):
        raise ValueError("must be an address alone: no name and password, and no # in it")
    if value and (why := refused_host(value)):
        raise ValueError(why)
    return f"{plain.rstrip('/')}?{query}" if query else plain.rstrip("/")


def refused_host(url: str, *, inside: bool = True) -> str:
    """Why nobody may be asked at this address, where its host is a number and not a name; empty
    where they may. `inside`: it may be in a network of one's own, or on this machine."""
    return _why_not(host_of(url), is_sealed=_is_sealed(url), inside=inside)


class NowhereError(OSError):
    """The name leads where nobody may be asked."""


class CheckedResolver(AbstractResolver):
    """Looks names up for requests to this address, and knows none that leads where nobody may be
    asked. `inside`: as above."""

    def __init__(self, url: str, resolver: AbstractResolver, *, inside: bool = True) -> None:
        self._is_sealed = _is_sealed(url)
        self._inside = inside
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        for one in found:
            if why := _why_not(one["host"], is_sealed=self._is_sealed, inside=self._inside):
                raise NowhereError(why)
        return found

    async def close(self) -> None:
        await self._resolver.close()


def _is_sealed(url: str) -> bool:
    return urlsplit(url).scheme == "https"


def _why_not(host: str, *, is_sealed: bool, inside: bool) -> str:
    """What is wrong with the host, where it is a number and not a name; empty for nothing."""
    if is_loopback(host):
        return "" if inside else _INSIDE
    try:
        address: Any = ip_address(host)
    except ValueError:
        return ""
    address = _unwrapped(address)
    is_odd = address.is_link_local or address.is_multicast or address.is_unspecified
    if is_odd or address.is_reserved or any(address in one for one in _OF_A_CLOUD):
        return "leads where nobody can be asked: to this machine's own network, or to nobody"
    if not inside and not address.is_global:
        return _INSIDE
    if not is_sealed and not address.is_private:
        return "must begin with https://, or what people write travels in the clear"
    return ""


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address where one is written as an IPv6 address."""
    if isinstance(address, IPv4Address):
        return address
    if address in _WITH_IPV4:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
