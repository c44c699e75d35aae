"""Which names, and who asks, are this machine's own, and which only look like it."""

import asyncio
import os
import socket
from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from bot.loopback import host_of, is_loopback, owner_in, refusal


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LocalHost", "localhost.", "127.0.0.1", "127.8.9.10", "::1"),
        *("0:0:0:0:0:0:0:1", "::ffff:127.0.0.1"),
    ],
)
def test_this_machine_is_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        *("", " ", "127.0.0.1 ", " localhost", "localhost..", ".localhost", "a.localhost"),
        *("127.0.0.1.evil.example", "localhost.evil.example", "evil.example", "plecs"),
        # Read as an address of this machine by some programs, and not by others.
        *("127.1", "127.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.01", "0"),
        # All addresses of this machine, and those of its neighbours.
        *("0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "169.254.0.1", "::2", "fe80::1"),  # noqa: S104 - refused, not bound
        *("::ffff:10.0.0.1", "::127.0.0.1", "::1%lo", "[::1]", "127.0.0.1:80", "::1:80"),
        # Letters and figures that look alike.
        *("lоcalhost", "localhoſt", "１２７.0.0.1", "١٢٧.0.0.1", "127。0。0。1"),
    ],
)
def test_everything_else_is_somebody_else(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("//127.0.0.1:8080", "127.0.0.1"),
        ("//[::1]:8080", "::1"),
        ("//LOCALHOST", "localhost"),
        ("https://Smba.Example/teams/", "smba.example"),
        ("//127.0.0.1@evil.example", "evil.example"),
        ("//evil.example#@127.0.0.1", "evil.example"),
        ("//", ""),
        ("//[", ""),
        ("//]", ""),
        ("smba", ""),
    ],
)
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host


@given(st.text(max_size=40))
def test_no_host_header_raises(text: str) -> None:
    assert is_loopback(host_of(f"//{text}")) in (True, False)


def test_whose_the_other_end_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
        ends = client.getsockname(), client.getpeername()
        lines = Path("/proc/net/tcp").read_text().splitlines()
        assert owner_in(lines, *ends) == os.getuid()
        mapped = f"::ffff:{ends[0][0]}", ends[0][1], 0, 0
        assert owner_in(lines, mapped, ends[1]) == os.getuid()


NGINX = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 2 1
   2: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000    33        0 3 1
   0: 00000000000000000000000001000000:C350 00000000000000000000000001000000:1F90 01 0:0 0:0 0 34 0
"""


@pytest.mark.parametrize(
    ("peer", "owner"),
    [
        (("127.0.0.1", 50_000), 33),
        (("::ffff:127.0.0.1", 50_000, 0, 0), 33),
        (("::1", 50_000, 0, 0), None),
        (("127.0.0.1", 50_001), None),
        (("127.0.0.2", 50_000), None),
    ],
)
def test_a_proxy_of_another_user_is_told_from_the_own_programs(
    peer: tuple[object, ...], owner: int | None
) -> None:
    assert owner_in(NGINX.splitlines(), peer, ("127.0.0.1", 8080)) == owner


@pytest.mark.parametrize(
    ("peer", "is_here"),
    [
        (("127.0.0.1", 50_000), True),
        (("::1", 50_000, 0, 0), True),
        (("::ffff:127.0.0.1", 50_000, 0, 0), True),
        (("192.168.0.7", 50_000), False),
        (("203.0.114.7", 50_000), False),
        (("fe80::1%eth0", 50_000, 0, 2), False),
        ("a socket's file", False),
        (None, False),
    ],
)
def test_only_a_program_of_this_machine_is_believed(peer: object, *, is_here: bool) -> None:
    transport = asyncio.Transport({"peername": peer})
    request = make_mocked_request("GET", "/", {"Host": "127.0.0.1:8080"}, transport=transport)
    assert (refusal(request) is None) == is_here


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        ("127.0.0.1:8080", True),
        ("[::1]:8080", True),
        ("LocalHost.", True),
        *(
            (host, False)
            for host in ("127.0.0.1:evil", "evil@127.0.0.1", "127.0.0.1@evil", "[::1]x")
        ),
        *(
            (host, False)
            for host in ("127.0.0.1/evil", "127.0.0.1#evil", "127.0.0.1?evil", "", " ")
        ),
        *((host, False) for host in ("127.0.0.1,evil", "127.0.0.1\\evil", "127.0.0.1:808080")),
    ],
)
def test_a_host_is_a_host_and_nothing_beside_it(host: str, *, is_here: bool) -> None:
    transport = asyncio.Transport({"peername": ("127.0.0.1", 50_000)})
    request = make_mocked_request("GET", "/", {"Host": host}, transport=transport)
    assert (refusal(request) is None) == is_here
