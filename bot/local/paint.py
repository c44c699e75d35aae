"""Cards and forms as they look in the browser, for a page that is not the workspace's own."""

from collections.abc import Sequence
from dataclasses import replace

from bot.local import cards, forms
from bot.local.markup import seen_by
from handlers.kit.cards import Card, Form
from handlers.kit.delivery import Reader
from handlers.kit.people import Person


def html(shown: Card | Form, reader: Reader, team: Sequence[tuple[str, Person]]) -> str:
    """The card or the form; what is typed stands without a slash."""
    context = replace(seen_by(reader, team), slash="")
    return forms.form(shown, context) if isinstance(shown, Form) else cards.message(shown, context)
