"""A page that says what Plecs is and keeps: Teams wants such an address of every app."""

from collections.abc import Iterator
from html import escape

from aiohttp import web

from bot.texts import texts
from handlers.kit.cards import Line
from handlers.kit.text import plain

PATH = "/about"
KEPT, TERMS = "kept", "terms"
"""The names of the page's two sections, as its address has them behind #."""


def routes() -> list[web.RouteDef]:
    return [web.get(PATH, _page)]


async def _page(_request: web.Request) -> web.Response:
    return web.Response(text=page(), content_type="text/html")


def page() -> str:
    """The page, in Latvian and then in English: whoever opens it is not known."""
    said = "".join(f'<section lang="{one}">{"".join(_said(one))}</section>' for one in ("lv", "en"))
    return (
        '<!doctype html><html lang="lv"><head><meta charset="utf-8"><title>Plecs</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;"
        "padding:0 1rem;color:#2b1d14;background:#fffaf5}</style></head>"
        f"<body><h1>Plecs</h1>{said}</body></html>"
    )


def _said(locale: str) -> Iterator[str]:
    t = texts(locale)
    # Both languages are on one page: only the first may have the sections' names.
    first = locale == "lv"
    yield _paragraph(t("Stands beside the people who answer customers' calls."))
    yield _heading(t("What is kept"), KEPT if first else "")
    yield _paragraph(
        t(
            "An agent's own words are deleted a day after the hand is down; who was asked and "
            "what they answered, an hour after. What is said in a talk afterwards never reaches "
            "Plecs. Times stay for 13 months, for the counts. Nobody is ranked."
        )
    )
    yield _paragraph(
        t(
            "Everything is kept by your own organisation, which runs this Plecs. Its admin can "
            "give you what is kept of you, and erase it."
        )
    )
    yield _heading(t("Terms"), TERMS if first else "")
    yield _paragraph(
        t(
            "For the people of this organisation. Plecs helps to find a colleague; in danger call "
            "112. Your organisation answers for how it is used."
        )
    )


def _heading(line: Line, name: str) -> str:
    attribute = f' id="{name}"' if name else ""
    return f"<h2{attribute}>{_bare(line)}</h2>"


def _paragraph(line: Line) -> str:
    return f"<p>{_bare(line)}</p>"


def _bare(line: Line) -> str:
    return escape(plain(line))
