"""`plecs policy`: what agents may do with abusive callers, from a file.

handlers/boundaries/default.yaml is what Plecs comes with, to begin from.
"""

from bot.cli.library import library_app
from handlers.boundaries.model import Policies
from handlers.boundaries.plain import POLICIES

app = library_app(POLICIES, Policies, "What agents may do with abusive callers.")
