"""The pages on which somebody comes back from Slack: a heading and a sentence."""

from collections.abc import Mapping, Sequence
from html import escape

from bot.texts import texts
from handlers.kit.text import plain

LANGUAGES = ("lv", "en")

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",  # the address of the page has the code in it
    "X-Content-Type-Options": "nosniff",
}

PageWords = tuple[str, str]
"""A heading and a sentence, English and marked for translation."""

_PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Plecs</title>
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:18vh auto;padding:0 1.5rem;
color:#1f2933}}h1{{font-size:1.6rem;color:#1f4e5f}}</style>
{body}
</html>"""


def page(said: PageWords, languages: Sequence[str] = LANGUAGES) -> str:
    """In the person's language; in both where nobody knows whose."""
    parts = [
        f'<main lang="{texts(one).locale}"><h1>{_words(said[0], one)}</h1>'
        f"<p>{_words(said[1], one)}</p></main>"
        for one in languages
    ]
    return _PAGE.format(language=texts(languages[0]).locale, body="\n".join(parts))


def _words(message: str, locale: str) -> str:
    return escape(plain(texts(locale)(message)))
