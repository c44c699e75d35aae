"""Lines in Slack's markup, and what people type in it.

Text from people is escaped here and nowhere else. Slack has no escape for its marks of emphasis
(`*`, `_`, `~`, backticks): in people's words they change how the words look and nothing more.
Every text says `verbatim`, so that Slack finds no links, channels or mentions in plain words.
"""

import re
from typing import Any
from urllib.parse import quote

from bot.rendering import RenderContext, UnshowableError, bare, bare_span
from bot.texts import texts, written
from handlers.kit.cards import Line, Link, Mention, Moment, Span, Strong, Style, ToType

Block = dict[str, Any]
"""A piece of JSON in Slack's shape."""

SECTION = 3000
"""The longest text of a message, in characters."""

_MARKED_UP = re.compile(r"<(?:@(?P<user>\w+)|(?P<rest>[^|<>]*))(?:\|(?P<label>[^<>]*))?>")
"""A mention, a channel or a link. Nothing in it is an angle bracket, because what people type comes
escaped: so no text makes the search for an end begin anew and anew."""

_IN_URLS = "%/:?#[]@!$&'()*+,;=-._~"
"""What an address may hold as it is (RFC 3986); all else, a bar or a line's end, is encoded."""

# Slack writes names of months in its own language, and Latvian is not one of those.
_DATES = {
    "en": {
        Style.TIME: "{time}",
        Style.SECONDS: "{time_secs}",
        Style.DATE: "{date_short}",
        Style.DATETIME: "{date_short} {time}",
    },
    "lv": {
        Style.TIME: "{time}",
        Style.SECONDS: "{time_secs}",
        Style.DATE: "{date_num}",
        Style.DATETIME: "{date_num} {time}",
    },
}


def escape(text: str) -> str:
    """Text as somebody wrote it, so that Slack shows exactly that."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What somebody typed, out of the text that Slack sends."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mentions_apart(text: str) -> tuple[str, tuple[str, ...]]:
    """What was typed, each mention as "@" and the user's id, and those ids. Slack marks mentions,
    channels and links up where the manifest asks for it; typed angle brackets come escaped."""
    users: list[str] = []

    def plainly(found: re.Match[str]) -> str:
        user, rest, label = found.group("user", "rest", "label")
        if user:
            users.append(user)
            return f"@{user}"
        return f"#{label}" if label and rest.startswith("#") else label or rest

    return unescape(_MARKED_UP.sub(plainly, text)), tuple(users)


def marked(line: Line, context: RenderContext) -> str:
    """The line in Slack's markup."""
    return "".join([_mark(span, context) for span in line])


def _mark(span: Span, context: RenderContext) -> str:
    match span:
        case str():
            return escape(span)
        case Strong(text):
            return f"*{strong(text)}*" if text.strip() else escape(text)
        case Mention(name, addresses):
            here = (
                there for there in addresses if is_here(there.workspace, context, there.platform)
            )
            found = next(here, None)
            return escape(name) if found is None else f"<@{found.user}>"
        case Moment(at, style):
            form = _DATES[texts(context.reader.locale).locale][style]
            fallback = escape(written(span, context.reader)).replace("|", "/")
            return f"<!date^{int(at.timestamp())}^{form}|{fallback}>"
        case Link(text, url):
            if not text.strip():
                return escape(text)
            return f"<{escape(quote(url, safe=_IN_URLS))}|{escape(text)}>"
        case ToType():
            return escape(bare_span(span, context.reader, context.command_prefix))


def strong(text: str) -> str:
    """Text between stars: a star or a line's end inside would end the emphasis."""
    return escape(" ".join(text.split())).replace("*", "∗")


def unmarked(line: Line, context: RenderContext) -> str:
    """The line as text alone, with commands as they are typed in this workspace. Not escaped."""
    return bare(line, context.reader, context.command_prefix)


def plain_text(line: Line, context: RenderContext, limit: int) -> Block:
    return {
        "type": "plain_text",
        "text": within(unmarked(line, context), limit, "plain text"),
        "emoji": False,
    }


def mrkdwn(marked: str, limit: int) -> Block:
    return {"type": "mrkdwn", "text": within(marked, limit, "text"), "verbatim": True}


def section(marked: str) -> Block:
    return {"type": "section", "text": mrkdwn(marked, SECTION)}


def is_here(workspace: str, context: RenderContext, platform: str = "slack") -> bool:
    return platform == "slack" and workspace == context.workspace


def within(text: str, limit: int, what: str) -> str:
    if not text:
        raise UnshowableError(f"the {what} is empty")
    at_most(len(text), limit, f"characters of {what}")
    return text


def at_most(count: int, limit: int, what: str) -> int:
    if count > limit:
        raise UnshowableError(f"{count} {what}: Slack takes {limit}")
    return count
