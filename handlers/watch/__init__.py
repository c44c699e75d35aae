"""Plecs looks after itself: what stands still is mended where that is safe, and told to admins."""

from handlers.kit.feature import Feature
from handlers.watch import commands

FEATURE = Feature("watch", notices=commands.NOTICES, looks=(commands.look_after_plecs,))
