"""`plecs learn`: the courses, from a file.

handlers/learning/default.yaml is what Plecs comes with, to begin from.
"""

from bot.cli.library import library_app
from handlers.learning.model import COURSES, Courses

app = library_app(COURSES, Courses, "What people can learn.")
