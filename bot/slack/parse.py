"""What Slack posts, as one of a few things that can happen. Nobody else reads a payload.

Which is for Slack's sake alone: what is missing or odd is empty, and only what nothing can be done
without is refused.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.happenings import NotForUs
from bot.payloads import UnreadableError, at, cleaned, list_at, needed, text_at
from bot.slack.markup import mentions_apart
from bot.typed import MOST_TYPED
from handlers.kit.commands import Delivered, Value
from handlers.kit.people import Address, Profile

Json = dict[str, Any]

_LONGEST_ID = 255

_BOT = ("is_bot", "is_workflow_bot", "is_connector_bot")
_GONE = ("deleted", "is_forgotten")
_GUEST = ("is_restricted", "is_ultra_restricted", "is_stranger")
"""What Slack says of guests (of several channels, of one), and of somebody from elsewhere."""


@dataclass(frozen=True, slots=True)
class CommandTyped:
    """Somebody typed a command: its word without the slash, and what stands behind it, each
    mention as "@" and the user's id."""

    by: Address
    word: str
    text: str
    mentioned: tuple[str, ...]
    trigger: str
    respond_at: str


@dataclass(frozen=True, slots=True)
class InMessage:
    """Where a button stands: in a message. A private one makes place for the reply."""

    respond_at: str
    is_private: bool
    delivered: Delivered | None = None


@dataclass(frozen=True, slots=True)
class InWindow:
    """Where a button or a form stands: in a window, or on the home page. `renews_home`: the home
    page is behind it, and may show something else afterwards."""

    id: str
    is_home: bool
    renews_home: bool


@dataclass(frozen=True, slots=True)
class SlackPressed:
    """Somebody pressed a button."""

    by: Address
    route: str
    values: Mapping[str, Value]
    trigger: str
    place: InMessage | InWindow


@dataclass(frozen=True, slots=True)
class Submitted:
    """Somebody sent a form. `delivery` is the same for the same state of the window; `asked` are
    the ids of the blocks on the screen."""

    by: Address
    route: str
    values: Mapping[str, Value]
    delivery: str
    window: InWindow
    asked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Somebody used a shortcut of the app's, anywhere."""

    by: Address
    route: str
    trigger: str


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody looks at the home page."""

    by: Address
    delivery: str


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """Slack tells about a member of the workspace."""

    profile: Profile


@dataclass(frozen=True, slots=True)
class QuietChanged:
    """Somebody's do-not-disturb is otherwise since `at`, where Slack says since when; without a
    start and an end it is off."""

    who: Address
    start: datetime | None
    end: datetime | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Revoked:
    """The app was removed, its own token revoked, or what some people permitted. `users`: whose
    permission is gone; None: everybody's."""

    workspace: str
    users: tuple[str, ...] | None
    before: datetime
    is_whole: bool


SlackHappening = (
    CommandTyped
    | SlackPressed
    | Submitted
    | Shortcut
    | HomeOpened
    | PersonChanged
    | QuietChanged
    | Revoked
    | NotForUs
)


@dataclass(frozen=True, slots=True)
class PayloadKind:
    """What sort of payload it is, for the log and for how an apology reaches anybody."""

    type: str
    event: str
    is_event: bool = field(default=False)
    is_command: bool = field(default=False)


def read(payload: object) -> SlackHappening:
    """What happened. Raises UnreadableError for what lacks something that is needed."""
    try:
        payload = cleaned(payload)
    except RecursionError:
        raise UnreadableError("depth") from None
    if text_at(payload, "command"):
        return _typed(payload)
    match text_at(payload, "type"):
        case "block_actions":
            return _pressed(payload)
        case "view_submission":
            return _submitted(payload)
        case "shortcut" | "message_action":
            return Shortcut(
                _address(payload),
                route_of(needed("callback_id", text_at(payload, "callback_id"))),
                _id(payload, "trigger_id"),
            )
        case "event_callback":
            return _event(payload)
        case _:
            return NotForUs()


def kind_of(payload: object) -> PayloadKind:
    """What sort of payload it is, whatever it lacks."""
    kind = text_at(payload, "type", longest=_LONGEST_ID)
    return PayloadKind(
        kind,
        text_at(payload, "event", "type", longest=_LONGEST_ID),
        is_event=kind == "event_callback",
        is_command=at(payload, "command") is not None,
    )


def route_of(action_id: str) -> str:
    """The command behind a button's action_id, which is unique in its block by what follows #."""
    return action_id.partition("#")[0]


def profile_of(address: Address, user: object) -> Profile:
    """What a user object of Slack's says, from users.info or an event."""
    name = (
        text_at(user, "profile", "real_name") or text_at(user, "real_name") or text_at(user, "name")
    )
    homes = {
        text_at(user, "team_id") or address.workspace,
        text_at(user, "enterprise_user", "enterprise_id"),
        # In an organisation there may be several.
        *(one for one in list_at(user, "enterprise_user", "teams") if isinstance(one, str)),
    }
    return Profile(
        address=address,
        name=name or address.user,
        locale=text_at(user, "locale") or None,
        zone=text_at(user, "tz") or None,
        email=text_at(user, "profile", "email") or None,
        active=not any(at(user, word) for word in _GONE),
        is_bot=any(at(user, word) for word in _BOT) or address.user == "USLACKBOT",
        is_outsider=any(at(user, word) for word in _GUEST) or address.workspace not in homes,
        at=_instant(at(user, "updated")),
    )


def quiet_hours(status: object) -> tuple[datetime, datetime] | tuple[None, None]:
    """When do-not-disturb holds, now or next; nothing when it is off. Epoch 1 is Slack's never."""
    start, end = _instant(at(status, "next_dnd_start_ts")), _instant(at(status, "next_dnd_end_ts"))
    if not at(status, "dnd_enabled") or start is None or end is None or end.timestamp() <= 1:
        return None, None
    return start, end


# --- people's doing -----------------------------------------------------------------------------


def _typed(payload: object) -> CommandTyped:
    text, mentioned = mentions_apart(text_at(payload, "text")[:MOST_TYPED])
    return CommandTyped(
        Address("slack", _workspace(payload), _id(payload, "user_id")),
        needed("command", text_at(payload, "command").removeprefix("/")),
        text,
        mentioned,
        _id(payload, "trigger_id"),
        text_at(payload, "response_url"),
    )


def _pressed(payload: object) -> SlackPressed:
    actions = list_at(payload, "actions")
    action = actions[0] if actions else None
    return SlackPressed(
        _address(payload),
        route_of(needed("action_id", text_at(action, "action_id"))),
        _strings(_written(text_at(action, "value"))),
        _id(payload, "trigger_id"),
        _message(payload, text_at(action, "block_id", longest=_LONGEST_ID))
        if at(payload, "view") is None
        else _window(payload),
    )


def _message(payload: object, block: str) -> InMessage:
    there = at(payload, "container")
    channel, ts = (
        text_at(there, name, longest=_LONGEST_ID) for name in ("channel_id", "message_ts")
    )
    is_private = at(there, "is_ephemeral") is True
    _, _, key = block.partition("#")
    is_delivered = bool(key and channel and ts) and not is_private
    return InMessage(
        text_at(payload, "response_url"),
        is_private,
        Delivered(key, f"{channel}/{ts}") if is_delivered else None,
    )


def _submitted(payload: object) -> Submitted:
    view = at(payload, "view")
    window = _window(payload)
    kept = _written(text_at(view, "private_metadata"))
    return Submitted(
        _address(payload),
        needed("callback_id", text_at(view, "callback_id")),
        {**_strings(at(kept, "values")), **_filled_in(at(view, "state", "values"))},
        f"view:{window.id}:{text_at(view, 'hash')}",
        window,
        frozenset(text_at(block, "block_id") for block in list_at(view, "blocks")),
    )


def _window(payload: object) -> InWindow:
    view = at(payload, "view")
    is_home = text_at(view, "type") == "home"
    kept = _written(text_at(view, "private_metadata"))
    return InWindow(_id(view, "id"), is_home, is_home or at(kept, "home") is True)


def _address(payload: object) -> Address:
    """Whose doing it was."""
    workspace = (
        _whole(payload)
        or text_at(payload, "team_id")
        or text_at(payload, "team", "id")
        or text_at(payload, "user", "team_id")
    )
    return Address("slack", needed("team", workspace), _id(payload, "user", "id"))


def _workspace(payload: object) -> str:
    """Where it was: the workspace, or the organisation which the app was installed in the whole of,
    which may be all that is named. People have one id in all of that."""
    names = ("team_id", "enterprise_id")
    named = (text_at(payload, one, longest=_LONGEST_ID) for one in names)
    return needed("team_id", _whole(payload) or next(filter(None, named), ""))


def _whole(payload: object) -> str:
    """The organisation that installed the app; empty where a workspace did."""
    told = at(payload, "is_enterprise_install")
    known = list_at(payload, "authorizations")
    if told in (True, "true"):
        return text_at(payload, "enterprise", "id") or text_at(payload, "enterprise_id")
    if known and at(known[0], "is_enterprise_install") is True:
        return text_at(known[0], "enterprise_id")
    return ""


def _id(payload: object, *names: str) -> str:
    return needed(names[-1], text_at(payload, *names, longest=_LONGEST_ID))


def _written(text: str) -> object:
    """The JSON of ours that Slack brings back; nothing when it is so old that it was written
    otherwise."""
    try:
        return json.loads(text or "{}")
    except (ValueError, RecursionError):
        return None


def _strings(values: object) -> dict[str, Value]:
    if not isinstance(values, dict):
        return {}
    return {str(name): value for name, value in values.items() if isinstance(value, str)}


def _filled_in(state: object) -> dict[str, Value]:
    """A form's fields by name. Slack nests them: input's id, then the element's."""
    if not isinstance(state, dict):
        return {}
    return {
        str(name): _field_value(element)
        for elements in state.values()
        if isinstance(elements, dict)
        for name, element in elements.items()
    }


def _field_value(element: object) -> Value:
    match text_at(element, "type"):
        case "radio_buttons" | "static_select":
            return text_at(element, "selected_option", "value")
        case "checkboxes" | "multi_static_select":
            return tuple(text_at(one, "value") for one in list_at(element, "selected_options"))
        case "datepicker":
            return text_at(element, "selected_date")
        case "timepicker":
            return text_at(element, "selected_time")
        case "users_select":
            return text_at(element, "selected_user")
        case "multi_users_select":
            return tuple(
                user for user in list_at(element, "selected_users") if isinstance(user, str)
            )
        case _:
            return text_at(element, "value")


# --- events -------------------------------------------------------------------------------------


def _event(payload: object) -> SlackHappening:
    event, workspace = at(payload, "event"), _workspace(payload)
    match text_at(event, "type"):
        case "app_home_opened" if text_at(event, "tab") == "home":
            return HomeOpened(
                Address("slack", workspace, _id(event, "user")), _id(payload, "event_id")
            )
        case "user_change" | "team_join":
            user = at(event, "user")
            told = profile_of(Address("slack", workspace, _id(user, "id")), user)
            return PersonChanged(replace(told, at=_told_at(payload) or told.at))
        case "dnd_updated_user":
            start, end = quiet_hours(at(event, "dnd_status"))
            who = Address("slack", workspace, _id(event, "user"))
            return QuietChanged(who, start, end, _told_at(payload))
        case "app_uninstalled":
            return Revoked(workspace, None, _removed_at(payload), is_whole=True)
        case "tokens_revoked":
            oauth = list_at(event, "tokens", "oauth")
            return Revoked(
                workspace,
                tuple(user for user in oauth if isinstance(user, str)),
                _removed_at(payload),
                is_whole=bool(at(event, "tokens", "bot")),
            )
        case _:
            return NotForUs()


def _told_at(payload: object) -> datetime | None:
    """When it happened, by Slack's clock: also in an event that is brought again, and late."""
    return _instant(at(payload, "event", "event_ts")) or _instant(at(payload, "event_time"))


def _removed_at(payload: object) -> datetime:
    when = _instant(at(payload, "event_time"))
    if when is None:
        raise UnreadableError("event_time")
    return when


def _instant(seconds: object) -> datetime | None:
    """Slack's seconds since 1970, a number or text with a fraction; None for anything else."""
    if not isinstance(seconds, str | int | float):
        return None
    try:
        return datetime.fromtimestamp(float(seconds), UTC)
    except (ValueError, OverflowError, OSError):  # no number, or no instant that a calendar has
        return None
