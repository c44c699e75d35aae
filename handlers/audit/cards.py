"""The audit log as admins read it."""

from collections.abc import Iterable, Mapping, Sequence

from handlers.audit.model import AuditEntry, Changed, name_of
from handlers.common.roles import role_name
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Line,
    Moment,
    Note,
    Paragraph,
    Part,
    Style,
    listed,
    mention,
)
from handlers.kit.people import Person, Role
from handlers.kit.ports import Texts

_ROLES = {str(role): role for role in Role}


def audit(
    entries: Sequence[AuditEntry],
    people: Mapping[str, Person],
    t: Texts,
    *,
    newer: int | None,
    older: int | None,
) -> Card:
    """Who changed what, newest first. Other pages begin after `newer` and `older` entries."""
    parts: list[Part] = []
    if entries:
        parts.append(Bullets(tuple(_entry(entry, people, t) for entry in entries)))
    else:
        parts.append(
            Paragraph(t("Nobody has changed a setting, a role or a boundary in 13 months."))
        )
    buttons = []
    if newer is not None:
        buttons.append(Button(t("Newer"), "audit", {"skip": str(newer)}))
    if older is not None:
        buttons.append(Button(t("Older"), "audit", {"skip": str(older)}))
    if buttons:
        parts.append(Buttons(tuple(buttons)))
    parts.append(
        Note(
            t(
                "Kept for 13 months; nobody can change or remove an entry. All of it as a table: "
                "plecs audit export"
            )
        )
    )
    return Card(t("Who changed what"), tuple(parts))


def _entry(entry: AuditEntry, people: Mapping[str, Person], t: Texts) -> Line:
    when, who = Moment(entry.at, Style.DATETIME), _who(entry, people, t)
    match entry.kind:
        case Changed.SETTING:
            what = t(entry.subject)
            values = _values(entry, t)
            if not values:
                return t("{when}, {who}: {what}", when=when, who=who, what=what)
            return t(
                "{when}, {who}: {what}, {values}", when=when, who=who, what=what, values=values
            )
        case Changed.ROLES:
            return t(
                "{when}, {who}: {person} is {roles}, was {before}",
                when=when,
                who=who,
                person=_named(entry.person, people, t),
                roles=_roles(entry.after.get("roles"), t),
                before=_roles(entry.before.get("roles"), t),
            )
        case Changed.ADOPTION:
            title, version = entry.of_library
            return t(
                "{when}, {who}: {library} adopted, version {version}: {entries}",
                when=when,
                who=who,
                library=t(title),
                version=version,
                entries=_entries(entry, t),
            )
        case Changed.LIBRARY:
            title, version = entry.of_library
            return t(
                "{when}, {who}: {library}, version {version}: {entries}",
                when=when,
                who=who,
                library=t(title),
                version=version,
                entries=_entries(entry, t),
            )


def _who(entry: AuditEntry, people: Mapping[str, Person], t: Texts) -> Line:
    if entry.by_command:
        return t("by command on Plecs' machine")
    return _named(entry.by, people, t)


def _named(person: str | None, people: Mapping[str, Person], t: Texts) -> Line:
    found = people.get(person or "")
    return t("somebody no longer here") if found is None else (mention(found),)


def _entries(entry: AuditEntry, t: Texts) -> Line:
    """Which ones, by name. What stood in them, and what does now, is in the table."""
    return listed(
        (name,) if (name := name_of(parts, t.locale)) else t("Crisis numbers")
        for parts in entry.after.values()
    )


def _values(entry: AuditEntry, t: Texts) -> Line:
    """What fits in a line: each single value before and after. What is a list stands in the
    table."""
    single = [
        t("{before} → {after}", before=_said(entry.before[name], t), after=_said(value, t))
        for name, value in entry.after.items()
        if name in entry.before
        and not isinstance(value, (list, dict))
        and not isinstance(entry.before[name], (list, dict))
    ]
    return listed(single) if single else ()


def _said(value: object, t: Texts) -> Line:
    match value:
        case True:
            return t("yes")
        case False:
            return t("no")
        case "":
            return ("–",)
        case _:
            return (str(value),)


def _roles(kept: object, t: Texts) -> Line:
    roles: Iterable[str] = kept if isinstance(kept, list) else ()
    named = [_ROLES[role] for role in roles if role in _ROLES]
    above = [role for role in named if role is not Role.AGENT]
    return listed(role_name(role, t) for role in above or named)
