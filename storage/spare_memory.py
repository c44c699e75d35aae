"""Memory that is used no more goes back to the system. Glibc alone is told; others have no such
calls."""

import ctypes

_MOST_ARENAS = -8
"""What mallopt calls it: M_ARENA_MAX of malloc.h."""


def keep_together() -> None:
    """Has all threads take memory from one place. Glibc gives each thread one of its own, where
    what another thread freed can't be used: five megabytes. To be called before there are any."""
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(_MOST_ARENAS, 1)


def give_back() -> None:
    """Has the C library hand over what was freed. Glibc keeps it for who asks next: twelve
    megabytes after a search index was made."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
