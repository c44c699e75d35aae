"""What a platform refuses, as a line for whoever runs Plecs."""

from handlers.kit.delivery import Refusal
from handlers.kit.notices import Lane

_LANES = {
    Lane.NEW: "new messages",
    Lane.CHANGE: "changes to messages",
    Lane.OPENING: "conversations of several people",
    Lane.REMOVAL: "removals of messages",
}


def refusal_in_words(refusal: Refusal) -> str:
    """Which lane, by which word, and since when."""
    platform, workspace = refusal.place
    return (
        f"{platform.title()} ({workspace}) refuses {_LANES[refusal.lane]} since "
        f"{refusal.since:%Y-%m-%d %H:%M} UTC: {refusal.word}"
    )
