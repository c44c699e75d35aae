"""How long tests wait for what they need."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # large, and not all who wait have a browser
    from playwright.sync_api import BrowserContext

LIMIT = 300.0
"""Seconds. Whoever waits goes on as soon as it is there; so long only if it never comes, on a
machine that is many times as busy as ours, too."""

LIMIT_MILLISECONDS = LIMIT * 1000
"""The same for playwright."""


def patient(context: "BrowserContext") -> "BrowserContext":
    """The context, in which everything is waited for until then; by its pages, too, which give up
    after 20 seconds what a busy machine still answers."""
    context.set_default_timeout(LIMIT_MILLISECONDS)
    context.set_default_navigation_timeout(LIMIT_MILLISECONDS)
    context.add_init_script("AbortSignal.timeout = () => new AbortController().signal")
    return context
