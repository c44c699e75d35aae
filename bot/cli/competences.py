"""`plecs competences`: the dictionary of competences, from a file.

handlers/common/competences/default.yaml is what Plecs comes with, to begin from.
"""

from bot.cli.library import library_app
from handlers.common.competences import COMPETENCES, Competences

app = library_app(COMPETENCES, Competences, "What good work with customers looks like.")
