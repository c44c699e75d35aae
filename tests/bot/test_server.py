"""What every request passes before anything is done with it, and who may read the figures."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import server
from bot.server import LARGE_AT_ONCE, LARGEST_BODY, SMALL_BODY, application, runner

Client = TestClient[Any, Any]

FORWARDED = (
    {"Forwarded": "for=192.0.2.60;proto=https"},
    {"X-Forwarded-For": "192.0.2.60"},
    {"x-forwarded-proto": "https"},
    {"X-Forwarded-Anything": ""},
    {"Via": "1.1 proxy"},
    {"X-Real-IP": "192.0.2.60"},
    {"True-Client-IP": "192.0.2.60"},
    {"CF-Connecting-IP": "192.0.2.60"},
    {"fOrWaRdEd": "for=192.0.2.60"},
    {"X_Forwarded_For": "192.0.2.60"},
    {"X-Forwarded": "for=192.0.2.60"},
    {"X-ProxyUser-Ip": "192.0.2.60"},
    {"X-Envoy-External-Address": "192.0.2.60"},
    {"X-Azure-ClientIP": "192.0.2.60"},
    {"X-Remote-Addr": "192.0.2.60"},
    {"Tailscale-User-Login": "anna@plecs.example"},
    {"Ngrok-Trace-Id": "1"},
    {"Via": ""},
    {"Host": "plecs.example"},
    {"Host": "127.0.0.1.plecs.example"},
    {"Host": "["},
    {"Origin": "https://evil.example"},
    {"WL-Proxy-Client-IP": "203.0.113.7"},
    {"CloudFront-Viewer-Address": "203.0.113.7:1"},
    {"X-Auth-Request-User": "anna"},
    {"Surrogate-Capability": "key=ESI/1.0"},
    {"Front-End-Https": "on"},
    {"X-Varnish": "1"},
    # By their own words, whatever those are: nobody has a list of all there are.
    {"X-Goog-Authenticated-User-Email": "accounts.google.com:anna@plecs.example"},
    {"X-MS-CLIENT-PRINCIPAL-NAME": "anna@plecs.example"},
    {"X-Amzn-Oidc-Identity": "anna"},
    {"X-authentik-username": "anna"},
    {"X-Nf-Client-Connection-Ip": "203.0.113.7"},
    {"DO-Connecting-IP": "203.0.113.7"},
    {"EO-Connecting-IP": "203.0.113.7"},
    {"Ali-CDN-Real-IP": "203.0.113.7"},
    {"X-Rewrite-URL": "/page"},
    {"X-Request-Id": "1"},
    {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
    {"X-B3-TraceId": "463ac35c9f6413ad"},
    {"X-Consumer-Username": "anna"},
    {"X-Forward-For": "203.0.113.7"},
    {"From": "anna@plecs.example"},
    {"Connect-Time": "0"},
    {"DISGUISED-HOST": "plecs.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:3000"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
)
PATHS = ("/", "/page", "/charts/x.png", "/calendar/x/y", "/no/such", "/healthz", "/metrics")


@asynccontextmanager
async def served(**settings: Any) -> AsyncIterator[Client]:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text=f"read {len(await request.read())}")

    async def figures() -> bytes:
        return b"plecs_hands_total 5.0\n"

    async def ready() -> bool:
        return True

    routes = [web.route("*", path, page) for path in PATHS[:4]]
    app = application(routes, ready, figures, **settings)
    async with TestClient(TestServer(app)) as client:
        yield client


async def statuses(client: Client, headers: Mapping[str, str], method: str = "GET") -> set[int]:
    return {
        (await client.request(method, path, headers=headers)).status
        for path in PATHS
        if method == "GET" or path in PATHS[:4]
    }


@pytest.mark.parametrize("headers", FORWARDED, ids=repr)
async def test_where_whoever_asks_is_believed_nothing_is_answered_through_a_proxy(
    headers: Mapping[str, str],
) -> None:
    async with served(only_here=True) as client:
        assert await statuses(client, headers) == {403}
        assert await statuses(client, headers, "POST") == {403}


async def test_a_proxy_that_says_nothing_of_itself_speaks_an_older_http() -> None:
    """nginx with nothing but `proxy_pass`: its Host is this machine's."""
    async with served(only_here=True) as client:
        reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
        host = f"127.0.0.1:{client.port}"
        writer.write(f"GET / HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert b" 403 " in await reader.readline()
        writer.close()


async def test_this_machines_programs_and_its_browser_are_answered() -> None:
    async with served(only_here=True) as client:
        own = {"Origin": f"http://127.0.0.1:{client.port}", "Sec-Fetch-Site": "same-origin"}
        page = {**own, "Sec-CH-UA-Mobile": "?0", "Accept-Language": "lv", "Cookie": "other=1"}
        page |= {
            "DNT": "1",
            "Upgrade-Insecure-Requests": "1",
            "Priority": "u=0, i",
            "TE": "trailers",
        }
        by_name = {"Host": f"localhost:{client.port}"}
        playground = {"x-ms-agents-playground": "true", "User-Agent": "axios/1.12.2"}
        for headers in ({}, {"Sec-Fetch-Site": "none"}, own, page, by_name, playground):
            assert await statuses(client, headers) == {200, 404}


async def test_without_a_token_the_figures_are_for_this_machine() -> None:
    async with served() as client:
        answer = await client.get("/metrics")
        assert (answer.status, await answer.text()) == (200, "plecs_hands_total 5.0\n")
        prometheus = {"X-Prometheus-Scrape-Timeout-Seconds": "10", "Accept": "text/plain;q=0.5"}
        assert (await client.get("/metrics", headers=prometheus)).status == 200
        for headers in FORWARDED:
            assert (await client.get("/metrics", headers=headers)).status == 403
            if headers != {"Host": "["}:
                assert (await client.get("/healthz", headers=headers)).status == 200


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("Bearer s3cret-of-figures", 200),
        ("Bearer s3cret-of-figure", 401),
        ("Bearer s3cret-of-figuresx", 401),
        ("bearer s3cret-of-figures", 401),
        ("s3cret-of-figures", 401),
        ("Bearer ", 401),
        ("Bearer ē", 401),
        ("", 401),
    ],
)
async def test_with_a_token_the_figures_are_for_who_has_it_wherever(
    given: str, status: int
) -> None:
    async with served(metrics_token="s3cret-of-figures") as client:
        for forwarded in ({}, {"X-Forwarded-For": "192.0.2.60", "Host": "plecs.example"}):
            headers = {**forwarded, "Authorization": given}
            assert (await client.get("/metrics", headers=headers)).status == status


async def test_a_body_that_does_not_come_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "BODY_WITHIN", 0.1)
    async with served() as client:
        reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
        writer.write(b"POST /page HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1234")
        assert b" 408 " in await reader.readline()
        writer.close()


@pytest.mark.parametrize(
    ("head", "body", "status"),
    [
        ("Content-Length: 4", b"1234", 200),
        ("Transfer-Encoding: chunked", b"4\r\n1234\r\n0\r\n\r\n", 200),
        ("Transfer-Encoding: chunked", b"nonsense\r\n", 400),
        ("Content-Encoding: gzip\r\nContent-Length: 4", b"1234", 400),
        (f"Content-Length: {LARGEST_BODY + 1}", b"x" * (LARGEST_BODY + 1), 413),
        ("Content-Length: nan", b"", 400),
        ("Content-Length: -1", b"", 400),
        ("Bad Header", b"", 400),
    ],
)
async def test_a_body_is_read_or_refused(head: str, body: bytes, status: int) -> None:
    async with served() as client:
        reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
        writer.write(f"POST /page HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode() + body)
        assert f" {status} ".encode() in await reader.readline()
        writer.close()


async def test_large_bodies_fill_no_memory_and_small_ones_are_read_beside_them() -> None:
    async with served() as client, AsyncExitStack() as held:

        async def sends(length: int, body: bytes) -> asyncio.StreamReader:
            reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
            held.callback(writer.close)
            head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
            writer.write(head.encode() + body)
            return reader

        waiting = [await sends(LARGEST_BODY, b"{") for _ in range(LARGE_AT_ONCE)]
        assert (await client.post("/", data=b"x" * SMALL_BODY)).status == 200
        refused = await sends(LARGEST_BODY, b"{")
        assert b" 503 " in await refused.readline()
        assert all(not reader.at_eof() for reader in waiting)


async def test_connections_are_kept_as_long_as_proxies_keep_them() -> None:
    made = runner(web.Application(), 1.0)
    await made.setup()
    assert made.server is not None
    assert made.server().keepalive_timeout == 75
    await made.cleanup()
