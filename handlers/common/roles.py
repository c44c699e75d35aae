"""What roles are called."""

from handlers.kit.cards import Line
from handlers.kit.people import Role
from handlers.kit.ports import Texts


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
