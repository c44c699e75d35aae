"""What platforms tell of people is taken over: who is new, what has changed, who has left,
and who must not be disturbed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers.common.emails import KnownEmails
from handlers.common.languages import language_for_new
from handlers.kit.facts import PersonArrived, PersonLeft
from handlers.kit.people import Address, Person, Profile, Role
from handlers.kit.told import checked, happened, quiet_times
from handlers.work import Occasion, Services, Work


def introduce(
    work: Work,
    profile: Profile,
    admins: frozenset[str],
    now: datetime,
    services: Services,
    *,
    others: Sequence[Address] = (),
) -> None:
    """Makes somebody known at first contact; `admins` are the user ids that ADMINS names, and
    `others` where else the same person is: whoever is known there has one address more."""
    if work.people.at(profile.address) is not None:
        return
    profile = checked(profile, now)
    roles = frozenset({Role.ADMIN} if profile.address.user in admins else ())
    workspace = work.workspaces.of(profile.address)
    known = next(filter(None, (work.people.at(other) for other in others)), None)
    if known is None or known.workspace != workspace:
        Occasion(work, now, services).tell(PersonArrived(workspace))
        locale = language_for_new(work.settings, workspace) or _language(profile.locale)
        known = work.people.add(
            workspace,
            replace(profile, locale=locale, name=profile.name or profile.address.user),
            roles,
        )
    new = (at for at in (profile.address, *others) if work.people.at(at) is None)
    work.people.save(
        replace(
            known,
            addresses=tuple(dict.fromkeys((*known.addresses, *new))),
            roles=known.roles | roles,
        )
    )
    if profile.vouched:
        work.addresses.is_news(profile.address, profile.at or now.replace(microsecond=0))
        _know_email(work, profile)


def learn(work: Work, profile: Profile, now: datetime, services: Services) -> None:
    """Takes over what the platform says has changed, unless it is older than what is known: a
    platform brings again what was not taken, and late. Who doesn't belong here any more leaves
    every ring; who was sent away from one place of several is reached at the others.

    The language stays: a platform without Latvian says English about everybody.
    """
    profile = checked(profile, now)
    person = work.people.at(profile.address)
    if person is None or not work.addresses.is_news(
        profile.address, profile.at or now.replace(microsecond=0)
    ):
        return
    others = tuple(address for address in person.addresses if address != profile.address)
    if others and not profile.belongs:
        work.people.save(replace(person, addresses=others))
        return
    person = replace(
        person,
        name=profile.name or person.name,
        zone=profile.zone or person.zone,
        active=profile.active,
        kind=profile.kind,
    )
    work.people.save(person)
    _know_email(work, profile)
    if not person.belongs:
        leave(work, person, now, services)


def leave(work: Work, person: Person, now: datetime, services: Services) -> None:
    """Somebody is no longer here: nobody waits for them, and whom they helped is not left alone."""
    work.people.save(replace(person, active=False))
    Occasion(work, now, services).tell(PersonLeft(person))


def quiet(
    work: Work,
    address: Address,
    start: datetime | None,
    end: datetime | None,
    now: datetime,
    *,
    at: datetime,
) -> None:
    """Takes over the platform's do-not-disturb: from `start` to `end`, or not at all. `at`: as of
    when the platform told it; what is older than what is known changes nothing."""
    person = work.people.at(address)
    told = happened(at, now)
    if person is None or not work.addresses.is_news(address, told, of_quiet=True):
        return
    start, end = quiet_times(start, end, now)
    if (person.quiet_from, person.quiet_until) != (start, end):
        work.people.save(replace(person, quiet_from=start, quiet_until=end))
        work.outbox.look_again(person.id, now)


def know_email(work: Work, profile: Profile, email: str) -> None:
    """Whoever has the profile's address is known by this e-mail address from now on."""
    person = work.people.at(profile.address)
    if person is not None and person.belongs:
        work.of(KnownEmails).know(person.id, email)


def _know_email(work: Work, profile: Profile) -> None:
    if profile.email:
        know_email(work, profile, profile.email)


def _language(locale: str | None) -> str | None:
    """Which of our languages a platform's locale means: Latvian or, for the rest, English."""
    if not locale:
        return None
    return "lv" if locale.casefold().startswith("lv") else "en"
