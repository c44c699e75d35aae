"""The ids of Microsoft's users, apps and organisations. Its services write them in small letters,
some of its tools in capitals: two ways to write one are never two."""

import re

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_guid(text: str) -> bool:
    """Whether it is such an id, in whichever letters."""
    return _GUID.fullmatch(text) is not None


def one_guid(text: str) -> str:
    """Such an id as it is kept and compared; anything else as it stands."""
    return text.lower() if is_guid(text) else text
