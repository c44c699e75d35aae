"""Notes what is changed, and shows it to admins."""

from collections.abc import Mapping

from handlers.audit import cards
from handlers.audit.model import AuditEntry, AuditLog, Changed
from handlers.kit.about import pack
from handlers.kit.cards import Reply
from handlers.kit.commands import Command, Route, Typed
from handlers.kit.facts import LibraryAdopted, LibraryChanged, RolesChanged, SettingChanged
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.kit.reading import Pressed
from handlers.work import Context, Occasion

_PAGE = 10

_MOST_KEPT = 1_000_000
"""Entries that anybody pages through."""


def audit(command: Command, ctx: Context) -> Reply:
    """`/plecs audit`: the newest changes, and a way to those before them."""
    skip = Pressed(command, ctx.t).number("skip", _MOST_KEPT)
    found = ctx.work.of(AuditLog).of(ctx.me.workspace, skip, _PAGE + 1)
    shown = found[:_PAGE]
    named = [person for one in shown for person in (one.by, one.person) if person]
    people = ctx.work.people.many(named)
    return cards.audit(
        shown,
        people,
        ctx.t,
        newer=max(0, skip - _PAGE) if skip else None,
        older=skip + _PAGE if len(found) > _PAGE else None,
    )


def setting_changed(fact: SettingChanged, on: Occasion) -> None:
    _note(
        on,
        fact.workspace,
        Changed.SETTING,
        fact.section,
        by=fact.by,
        before=fact.before,
        after=fact.after,
    )


def roles_changed(fact: RolesChanged, on: Occasion) -> None:
    _note(
        on,
        fact.person.workspace,
        Changed.ROLES,
        by=fact.by,
        person=fact.person.id,
        before={"roles": sorted(fact.before)},
        after={"roles": sorted(fact.after)},
    )


def library_changed(fact: LibraryChanged, on: Occasion) -> None:
    _note(
        on,
        fact.workspace,
        Changed.LIBRARY,
        pack(fact.library, fact.version),
        by=fact.by,
        before=fact.before,
        after=fact.after,
    )


def library_adopted(fact: LibraryAdopted, on: Occasion) -> None:
    after = {key: {"names": dict(names)} for key, names in fact.entries.items()}
    subject = pack(fact.library, fact.version)
    _note(on, fact.workspace, Changed.ADOPTION, subject, by=fact.by, after=after)


def _note(
    on: Occasion,
    workspace: str,
    kind: Changed,
    subject: str = "",
    *,
    by: str | None,
    person: str | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object],
) -> None:
    """Writes it down; nobody in the workspace is `by` what was done on the command line."""
    on.work.of(AuditLog).add(
        AuditEntry(
            on.new_id(),
            workspace,
            on.now,
            kind,
            subject,
            by=by,
            by_command=by is None,
            person=person,
            before=before or {},
            after=after,
        )
    )


ROUTES: tuple[Route, ...] = (
    Route(
        "audit",
        audit,
        reads=True,
        role=Role.ADMIN,
        typed=Typed(
            {"en": "audit", "lv": "izmaiņas"},
            mark("For admins: who changed which setting, role or boundary"),
            own_command=False,
        ),
    ),
)
