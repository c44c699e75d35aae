"""Coordinators are told of what becomes of shifts."""

from collections.abc import Container

from handlers.kit.notices import Notice, Priority
from handlers.kit.people import Role
from handlers.work import Occasion

_MOST_TOLD = 20
"""Coordinators who are told: one of them sees to it."""


def tell_coordinators(
    on: Occasion, workspace: str, kind: str, about: str, besides: Container[str] = ()
) -> None:
    """Those of the workspace are told, or their message is changed where it has come already."""
    found = on.work.people.with_role(workspace, Role.COORDINATOR)
    told = [one for one in found if one.id not in besides][:_MOST_TOLD]
    on.work.outbox.add(
        workspace, *(Notice(kind, about, (one.id,), on.now, Priority.BULK) for one in told)
    )
    on.work.outbox.refresh(workspace, kind, about, on.now)
