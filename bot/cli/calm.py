"""`plecs calm`: the calm techniques, from a file.

handlers/calm/default.yaml is what Plecs comes with, to begin from.
"""

from bot.cli.library import library_app
from handlers.calm.model import TECHNIQUES, Techniques

app = library_app(TECHNIQUES, Techniques, "What to say and do in a hard call.")
