"""Memory that is used no more goes back to the system."""

import ctypes


def give_back() -> None:
    """Has the C library hand over what was freed. Glibc keeps it for the thread that asked for it:
    twelve megabytes after a search index was made. Others have no such call."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
