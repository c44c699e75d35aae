"""A drill: an admin sees how fast a ping reaches them, the whole way and marked as what it is."""

from handlers.drill import commands
from handlers.kit.feature import Feature

FEATURE = Feature("drill", routes=commands.ROUTES, notices=commands.NOTICES, timers=commands.TIMERS)
