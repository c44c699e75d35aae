"""What people ask about themselves, and what admins ask about others."""

from dataclasses import replace
from datetime import timedelta

from handlers.availability.engaged import Availability
from handlers.availability.planning import LONGEST_ABSENCE
from handlers.availability.saying import away_ahead, back_from_planned, here_until, not_away
from handlers.common import colleagues
from handlers.common.languages import NEW_PEOPLE, NewPeople, language_for_new
from handlers.common.reach import reached
from handlers.common.topics import (
    LONGEST_TOPIC,
    MOST_WORKSPACE_TOPICS,
    TOPICS,
    TOPICS_TOGETHER,
    TopicsError,
    TopicsFault,
    topics_as_text,
    topics_from_text,
    topics_of,
)
from handlers.kit.about import pack, unpack
from handlers.kit.cards import Card, Line, Reply, ToType
from handlers.kit.commands import Command, Instead, RefusedError, Route, Typed
from handlers.kit.facts import Engaged, RolesChanged
from handlers.kit.feature import NoticeKind
from handlers.kit.hours import ALWAYS, Hours, parse_hours
from handlers.kit.notices import Notice
from handlers.kit.people import UNTIL_BACK, Person, Role, Topic
from handlers.kit.ports import Texts, mark
from handlers.kit.reading import Filled, Pressed, said, seen
from handlers.kit.text import bare, fold, shortened
from handlers.people import cards
from handlers.people.model import MOST_TRUSTED, away_between, away_until
from handlers.work import Context

HOURS = "people.hours"
"""The notice, about whose hours, who changed them and the day."""

_MOST_PEOPLE = 10_000_000
"""How far the list can be leafed through: further than there are people anywhere."""


def topics(command: Command, ctx: Context) -> Reply:
    return cards.topics(ctx.me, _topics(ctx), _trusted(ctx), ctx.t)


def topics_form(command: Command, ctx: Context) -> Reply:
    return cards.topics_form(ctx.me, _topics(ctx), _trusted(ctx), ctx.t)


def topics_save(command: Command, ctx: Context) -> Reply:
    """Keeps the anchors and the trusted colleagues; a colleague new to Plecs is introduced."""
    before = _trusted(ctx)
    asked = Filled(cards.topics_form(ctx.me, _topics(ctx), before, ctx.t), command, ctx)
    chosen, helps, trusted = asked.several("topics"), asked.switch("helps"), asked.people("trusted")
    extension = asked.text("extension")
    for person in trusted:
        if not person.active and person not in before:
            asked.errors["trusted"] = ctx.t("{name} can't use Plecs now.", name=person.name)
    if asked.errors:
        return asked.again()
    # The form can't show those who are in another app only: leaving them out says nothing.
    elsewhere = [person for person in before if not person.is_at(command.by.place)]
    me = replace(
        ctx.me,
        topics=chosen,
        trusted=tuple(person.id for person in (*trusted, *elsewhere) if person.id != ctx.me.id)[
            :MOST_TRUSTED
        ],
        helps=helps,
        extension=extension,
    )
    ctx.work.people.save(me)
    return cards.topics(me, _topics(ctx), _trusted(replace(ctx, me=me)), ctx.t)


def away(command: Command, ctx: Context) -> Reply:
    """`/plecs away`, `away 14:20`, `away until Monday`, `prom līdz pirmdienai`; ahead, `away
    9.3.-13.3.`."""
    try:
        ahead = away_between(command.text, ctx.now, ctx.me.zone)
        until = ahead[1] if ahead else away_until(command.text, ctx.now, ctx.me.zone)
    except ValueError:
        raise RefusedError(
            ctx.t(
                "I can't tell until when that is. Write it like 14:20, 45 min, tomorrow, Monday, "
                "24.12., 9.3.-13.3., or nothing at all."
            )
        ) from None
    if ahead is not None and ahead[0] > ctx.now:
        away_ahead(ctx, ctx.me, *ahead)
        return cards.away_ahead(*ahead, ctx.t)
    me = replace(ctx.me, away_until=until)
    ctx.work.people.save(me)
    ctx.work.outbox.look_again(me.id, ctx.now)
    ctx.tell(Engaged((me.id,)))
    return cards.away(me, ctx.t)


def not_away_ahead(command: Command, ctx: Context) -> Reply:
    """*Not away after all*."""
    pressed = Pressed(command, ctx.t)
    start, end = pressed.instant("start"), pressed.instant("end")
    if start is None or end is None or not start < end <= start + LONGEST_ABSENCE:
        raise RefusedError(ctx.t("That is over."))
    not_away(ctx, ctx.me, max(start, ctx.now), end)
    return cards.not_away(ctx.t)


def here(command: Command, ctx: Context) -> Reply:
    """`/plecs here until 20:00`, `klāt līdz 20:00`: today for longer, or not as long."""
    try:
        until = away_until(command.text, ctx.now, ctx.me.zone)
    except ValueError:
        until = UNTIL_BACK
    if until > ctx.now + _LONGEST_HERE:
        typed = ToType("here", _HERE_EXAMPLE[ctx.t.locale])
        raise RefusedError(ctx.t("Until when today? Write it like {typed}.", typed=typed))
    me = replace(ctx.me, away_until=None)
    if me != ctx.me:
        ctx.work.people.save(me)
    here_until(ctx, me, until)
    return cards.here(until, ctx.t)


def back(command: Command, ctx: Context) -> Reply | Instead:
    """Back from an absence, and from a break for somebody who is on one."""
    me = replace(ctx.me, away_until=None)
    if me != ctx.me:
        ctx.work.people.save(me)
        ctx.work.outbox.look_again(me.id, ctx.now)
    back_from_planned(ctx, me)
    if ctx.work.of(Availability).break_of(ctx.me.id, ctx.now) is not None:
        return Instead("break.back")
    return cards.back(reached(ctx), ctx.t)


def language(command: Command, ctx: Context) -> Reply:
    """`/language`, `/language lv`, `/language auto`."""
    asked = fold(command.one("locale") or command.text)
    words = (_LANGUAGES.get(bare(one)) for one in asked.split())
    chosen = next(filter(None, words), None)
    if asked and chosen is None:
        raise RefusedError(ctx.t("I speak Latvian (lv) and English (en)."))
    me = ctx.me
    if chosen is not None:
        me = replace(ctx.me, chosen_locale=None if chosen == "auto" else chosen)
        ctx.work.people.save(me)
    return cards.language(me, ctx.services.speaking(me.locale))


def people(command: Command, ctx: Context) -> Reply:
    text = command.one("text") or command.text
    return _people(ctx, text, Pressed(command, ctx.t).number("offset", _MOST_PEOPLE))


def people_search(command: Command, ctx: Context) -> Reply:
    return cards.search_form(seen(command.one("text"))[: cards.SEARCH_LIMIT], ctx.t)


def people_found(command: Command, ctx: Context) -> Reply:
    asked = Filled(cards.search_form("", ctx.t), command, ctx)
    text = asked.text("text")
    return asked.again() if asked.errors else _people(ctx, text, 0)


def person_form(command: Command, ctx: Context) -> Reply:
    return cards.person_form(_person(command, ctx), ctx.t)


def person_save(command: Command, ctx: Context) -> Reply:
    """Roles, position and hours; the last admin stays one, so that nobody is locked out."""
    person = _person(command, ctx)
    asked = Filled(cards.person_form(person, ctx.t), command, ctx)
    hours, position = _hours(asked), asked.text("position")
    roles = frozenset(map(Role, asked.several("roles"))) | {Role.AGENT}
    admins = ctx.work.people.with_role(ctx.me.workspace, Role.ADMIN)
    if Role.ADMIN not in roles and [admin.id for admin in admins] == [person.id]:
        asked.errors.setdefault(
            "roles",
            ctx.t("{name} is the only admin. Make somebody else one first.", name=person.name),
        )
    if asked.errors:
        return asked.again()
    ctx.work.people.save(replace(person, roles=roles, hours=hours, position=position))
    if hours != person.hours and person.id != ctx.me.id:
        about = pack(person.id, ctx.me.id, ctx.now.date().isoformat())
        ctx.work.outbox.add(person.workspace, Notice(HOURS, about, (person.id,), ctx.now))
        ctx.work.outbox.refresh(person.workspace, HOURS, about, ctx.now)
    if roles != person.roles:
        ctx.tell(RolesChanged(person, ctx.me.id, person.roles, roles))
    ctx.work.outbox.look_again(person.id, ctx.now)
    return cards.saved(ctx.t("{name} is changed.", name=person.name), ctx.t)


def topics_settings(command: Command, ctx: Context) -> Reply:
    return cards.topics_settings_form(topics_as_text(_topics(ctx)), ctx.t)


def topics_settings_save(command: Command, ctx: Context) -> Reply:
    form, known = cards.topics_settings_form(topics_as_text(_topics(ctx)), ctx.t), _topics(ctx)
    asked = Filled(form, command, ctx)
    try:
        topics = topics_from_text(asked.text("topics"), known)
    except TopicsError as error:
        if error.fault is TopicsFault.NUMBER or not asked.errors:
            asked.errors["topics"] = _wrong_topics(error, ctx.t)
    if asked.errors:
        return asked.again()
    ctx.change(TOPICS, topics)
    return cards.saved(ctx.t("These are the topics now."), ctx.t)


def language_settings(command: Command, ctx: Context) -> Reply:
    return cards.language_settings_form(
        language_for_new(ctx.work.settings, ctx.me.workspace), ctx.t
    )


def language_settings_save(command: Command, ctx: Context) -> Reply:
    before = language_for_new(ctx.work.settings, ctx.me.workspace)
    asked = Filled(cards.language_settings_form(before, ctx.t), command, ctx)
    chosen = asked.chosen("new")
    if asked.errors:
        return asked.again()
    new = NewPeople(chosen if chosen in cards.LANGUAGES else "")
    ctx.change(NEW_PEOPLE, new)
    return cards.saved(ctx.t("It holds for people who come from now on."), ctx.t)


def hours_card(notice: Notice, ctx: Context) -> Card | None:
    """To whose hours an admin changed, as they are when it is read."""
    _, by, _ = unpack(notice.about, 3)
    admin = ctx.work.people.get(by)
    return None if admin is None else cards.hours_changed(admin, ctx.me, ctx.t)


NOTICES = (NoticeKind(HOURS, hours_card),)
ROUTES: tuple[Route, ...] = (
    Route(
        "topics",
        topics,
        reads=True,
        typed=Typed(
            {"en": "topics", "lv": "tēmas"}, mark("Your topics, and whom you want beside you")
        ),
    ),
    Route("topics.form", topics_form, reads=True),
    Route("topics.save", topics_save),
    Route(
        "away",
        away,
        typed=Typed(
            {"en": "away", "lv": "prom"},
            mark("Nobody is sent to you meanwhile"),
            mark("[until when: 14:20, 2 h, Monday; ahead: 9.3.-13.3.]"),
            own_command=False,
        ),
    ),
    Route("away.not", not_away_ahead),
    Route(
        "here",
        here,
        typed=Typed(
            {"en": "here", "lv": "klāt"},
            mark("You are there for longer today, or not as long as planned"),
            mark("until 20:00"),
            own_command=False,
        ),
    ),
    Route(
        "back",
        back,
        typed=Typed(
            {"en": "back", "lv": "esmu"},
            mark("You can be reached again"),
            own_command=False,
            also=("atpakaļ",),
        ),
    ),
    Route(
        "language",
        language,
        typed=Typed(
            {"en": "language", "lv": "valoda"},
            mark("Latvian or English"),
            mark("[lv, en or auto]"),
        ),
    ),
    Route(
        "people",
        people,
        reads=True,
        role=Role.ADMIN,
        typed=Typed(
            {"en": "people", "lv": "cilvēki"},
            mark("For admins: who is here, and their roles"),
            mark("[name]"),
            own_command=False,
        ),
    ),
    Route("people.search", people_search, reads=True, role=Role.ADMIN),
    Route("people.found", people_found, reads=True, role=Role.ADMIN),
    Route("people.form", person_form, reads=True, role=Role.ADMIN),
    Route("people.save", person_save, role=Role.ADMIN),
    Route("settings.topics", topics_settings, reads=True, role=Role.ADMIN),
    Route("settings.topics.save", topics_settings_save, role=Role.ADMIN),
    Route("settings.language", language_settings, reads=True, role=Role.ADMIN),
    Route("settings.language.save", language_settings_save, role=Role.ADMIN),
)

_LONGEST_HERE = timedelta(hours=24)
_HERE_EXAMPLE = {"en": "until 20:00", "lv": "līdz 20:00"}

_LANGUAGES = {
    "lv": "lv",
    "latviesu": "lv",
    "latvian": "lv",
    "en": "en",
    "anglu": "en",
    "english": "en",
    "auto": "auto",
}


def _people(ctx: Context, typed: str, offset: int) -> Reply:
    text = seen(typed[: 2 * cards.SEARCH_LIMIT])[: cards.SEARCH_LIMIT]
    found, total = ctx.work.people.search(ctx.me.workspace, text, offset, cards.PAGE)
    if text and not total:
        found = colleagues.called(text, ctx)
        total = len(found)
    unreachable, number = (
        ((), 0)
        if text or offset
        else ctx.work.people.unreachable(ctx.me.workspace, cards.UNREACHABLE_NAMED)
    )
    return cards.people(
        found,
        (offset, total),
        text,
        _topics(ctx),
        ctx.t,
        unreachable=(unreachable, number - len(unreachable)),
    )


def _person(command: Command, ctx: Context) -> Person:
    person = ctx.work.people.get(command.one("person"))
    if person is None or person.workspace != ctx.me.workspace:
        raise RefusedError(ctx.t("That person is no longer here."))
    return person


def _hours(asked: Filled) -> Hours:
    try:
        return parse_hours(asked.text("hours"))
    except ValueError as error:
        line = asked.t(
            "I can't read “{part}”. Write it like Mon-Fri 08:00-17:00.", part=said(str(error))
        )
        asked.errors.setdefault("hours", line)
        return ALWAYS


def _wrong_topics(error: TopicsError, t: Texts) -> Line:
    part = shortened(error.part, 80)
    match error.fault:
        case TopicsFault.NUMBER:
            return t("Write at least one topic, and at most {n}.", n=MOST_WORKSPACE_TOPICS)
        case TopicsFault.LINE:
            return t("“{line}” is not two lists of names with a bar between.", line=part)
        case TopicsFault.NAME:
            return t(
                "“{name}” is too long for a name: at most {n} characters.",
                name=part,
                n=LONGEST_TOPIC,
            )
        case TopicsFault.TOGETHER:
            return t("All together at most {n} characters, please.", n=TOPICS_TOGETHER)


def _topics(ctx: Context) -> tuple[Topic, ...]:
    return topics_of(ctx.work.settings, ctx.me.workspace)


def _trusted(ctx: Context) -> tuple[Person, ...]:
    known = ctx.work.people.many(ctx.me.trusted)
    return tuple(known[person] for person in ctx.me.trusted if person in known)
