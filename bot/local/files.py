"""The page's own files, and what every answer to it says."""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from importlib.resources import files

from aiohttp import web

PageHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_OF_A_FILE = HEADERS | {"Cache-Control": "no-cache"}
"""A browser keeps a file, and asks each time whether it is still the one."""

_HERE = files("bot.local")
STYLE = (_HERE / "page.css").read_text("utf-8")
"""How cards on a page look."""

_KINDS = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}
FILES = (
    *("page.html", "page.css", "icon.svg"),
    *(f"page/{one.name}" for one in sorted((_HERE / "page").iterdir(), key=lambda one: one.name)),
)


def file(name: str) -> PageHandler:
    """What serves the file."""
    content = (_HERE / name).read_bytes()
    kind, tag = _KINDS[name.rpartition(".")[2]], sha256(content).hexdigest()[:32]

    async def serve(request: web.Request) -> web.StreamResponse:
        if any(one.value in (tag, "*") for one in request.if_none_match or ()):
            response = web.Response(status=304, headers=_OF_A_FILE)
        else:
            response = web.Response(
                body=content, content_type=kind, charset="utf-8", headers=_OF_A_FILE
            )
        response.etag = tag
        return response

    return serve
