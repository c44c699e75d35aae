"""What roles are called, who leads a team, and who coordinates a workspace."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from handlers.kit.cards import Line
from handlers.kit.commands import RefusedError
from handlers.kit.people import Person, Role
from handlers.kit.ports import Texts

if TYPE_CHECKING:
    from handlers.work import Context, Occasion

LEADS = (Role.SUPERVISOR, Role.COORDINATOR)
"""Who leads a team: whoever has one of these."""


def check_leads(ctx: "Context") -> None:
    """Raises RefusedError for whoever does not lead a team."""
    if not any(map(ctx.me.is_a, LEADS)):
        raise RefusedError(ctx.t("This is for supervisors and coordinators."))


def coordinators_of(workspace: str, on: "Occasion") -> Sequence[Person]:
    """The coordinators; where there is none, the admins."""
    people = on.work.people
    return people.with_role(workspace, Role.COORDINATOR) or people.with_role(workspace, Role.ADMIN)


def role_name(role: Role, t: Texts) -> Line:
    match role:
        case Role.AGENT:
            return t("agent")
        case Role.SUPERVISOR:
            return t("supervisor")
        case Role.COORDINATOR:
            return t("coordinator")
        case Role.ADMIN:
            return t("admin")
