"""People who use the fake Slack."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.slack.blocks import buttons, buttons_of, words
from tests.fakes.slack.objects import Json, SlackMessage

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack


@dataclass(frozen=True, slots=True)
class SlackUser:
    """Somebody at their Slack: types, presses, fills in, and sees what is there."""

    slack: "FakeSlack"
    id: str

    @property
    def team(self) -> str:
        """The workspace in which they are signed in."""
        return self.slack.users[self.id].signed_in

    @property
    def _organisation(self) -> Json:
        organisation = self.slack.organisation_of(self.team)
        return {"enterprise_id": organisation} if organisation else {}

    @property
    def messages(self) -> list[SlackMessage]:
        """What stands in their conversations with Plecs, oldest first."""
        return [message for message in self.slack.messages if self.id in message.to]

    @property
    def sees(self) -> list[str]:
        """The words of each of those messages."""
        return [words(message.blocks) or message.text for message in self.messages]

    @property
    def window(self) -> Json | None:
        return self.slack.windows.get(self.id)

    @property
    def home(self) -> Json | None:
        return self.slack.homes.get(self.id)

    async def types(self, line: str) -> Json:
        """A slash command with what follows it, escaped as Slack does; "@U2" is a mention. Returns
        the payload, to be delivered once more."""
        command, _, text = line.partition(" ")
        escaped = self.slack.declared("slash_commands", command)["should_escape"]
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for user in self.slack.users.values():
            name = user.name.split()[0].lower()
            shown = f"<@{user.id}|{name}>" if escaped else f"@{name}"
            text = re.sub(rf"@{user.id}\b", shown, text)
        channel = f"D{self.id}"
        payload = {
            "token": "verification",
            **self._organisation,
            "team_id": self.team,
            "team_domain": "plecs",
            "channel_id": channel,
            "channel_name": "directmessage",
            "user_id": self.id,
            "user_name": self.id.lower(),
            "command": command,
            "text": text,
            "api_app_id": "A0PLECS",
            "is_enterprise_install": str(self.slack.is_whole(self.team)).lower(),
            "response_url": self.slack.response_url(self.id, channel),
            "trigger_id": self.slack.trigger(self.id),
        }
        answer = await self.slack.deliver("slash_commands", payload)
        if answer:
            self.slack.record("ack.command", answer)
            self.slack.show_privately(self.id, channel, answer)
            await self.slack.tell()
        return payload

    async def presses(self, label: str, message: SlackMessage | None = None) -> Json:
        """Presses the button in the message, else in the newest that has it. Returns the
        payload, to be delivered once more."""
        found = message or next(
            shown for shown in reversed(self.messages) if label in buttons(shown.blocks)
        )
        container = {
            "type": "message",
            "message_ts": found.ts,
            "channel_id": found.channel,
            "is_ephemeral": found.ephemeral,
        }
        payload = {
            **self._interaction("block_actions"),
            "container": container,
            "channel": {"id": found.channel, "name": "directmessage"},
            "message": {"ts": found.ts, "text": found.text, "blocks": found.blocks},
            "response_url": self.slack.response_url(self.id, found.channel, found),
            "actions": [_action(found.blocks, label)],
        }
        await self.slack.deliver("interactive", payload)
        return payload

    async def presses_in_window(self, label: str) -> None:
        assert self.window is not None
        await self._presses_in_view(self.window, label)

    async def presses_at_home(self, label: str) -> None:
        assert self.home is not None
        await self._presses_in_view(self.home, label)

    async def _presses_in_view(self, view: Json, label: str) -> None:
        await self.slack.deliver(
            "interactive",
            {
                **self._interaction("block_actions"),
                "container": {"type": "view", "view_id": view["id"]},
                "view": {**view, "state": {"values": {}}},
                "actions": [_action(view["blocks"], label)],
            },
        )

    async def submits(self, **filled_in: Any) -> dict[str, str]:
        """Fills in the open form (by the names of its fields; what is left out stays as it is)
        and sends it. Returns the errors that it shows then, by name."""
        view = self.window
        assert view is not None
        state: Json = {}
        names = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                name = block["element"]["action_id"]
                names[block["block_id"]] = name
                state[block["block_id"]] = {
                    name: _filled(block["element"], filled_in.pop(name, None))
                }
        assert not filled_in, f"no such field: {sorted(filled_in)}"
        answer = await self.slack.deliver(
            "interactive",
            {
                **self._interaction("view_submission"),
                "view": {**view, "state": {"values": state}},
                "response_urls": [],
            },
        )
        if answer:
            self.slack.record("ack.view_submission", answer)
        match answer.get("response_action"):
            case "errors":
                return {names[block]: text for block, text in answer["errors"].items()}
            case "update":
                self.slack.show_window(self.id, answer["view"])
            case "push":
                self.slack.show_window(self.id, answer["view"], over=True)
            case "clear":
                self.slack.close_windows(self.id)
            case _:
                self.closes_window()
        await self.slack.tell()
        return {}

    def closes_window(self) -> None:
        """What was below it is there again, unless it takes all with it."""
        assert self.window is not None
        if self.window.get("clear_on_close"):
            self.slack.close_windows(self.id)
        else:
            self.slack.close_window(self.id)

    async def opens_home(self) -> None:
        await self.slack.event(
            {"type": "app_home_opened", "user": self.id, "channel": f"D{self.id}", "tab": "home"}
        )
        await self.slack.until(lambda: self.home)

    async def uses_shortcut(self, callback_id: str, *, on_message: bool = False) -> None:
        """Opens a shortcut, and waits for its window."""
        self.slack.declared("shortcuts", callback_id)
        payload = {
            **self._interaction("message_action" if on_message else "shortcut"),
            "callback_id": callback_id,
            "action_ts": "1700000000.000100",
        }
        if on_message:
            payload |= {
                "channel": {"id": "C1", "name": "calls"},
                "message_ts": "1700000000.000100",
                "message": {"type": "message", "text": "he shouts", "ts": "1700000000.000100"},
                "response_url": self.slack.response_url(self.id, "C1"),
            }
        await self.slack.deliver("interactive", payload)
        await self.slack.until(lambda: self.window)

    def _interaction(self, kind: str) -> Json:
        return {
            "type": kind,
            "token": "verification",
            "team": {"id": self.team, "domain": "plecs"},
            "enterprise": {"id": self.slack.organisation_of(self.team)}
            if self.slack.is_whole(self.team)
            else None,
            "is_enterprise_install": self.slack.is_whole(self.team),
            "api_app_id": "A0PLECS",
            "user": {"id": self.id, "name": self.id.lower(), "team_id": self.team},
            "trigger_id": self.slack.trigger(self.id),
        }


def _action(blocks: list[Json], label: str) -> Json:
    for block, element in buttons_of(blocks):
        if element["text"]["text"] == label:
            return {**element, "block_id": block["block_id"], "action_ts": "1700000000.000100"}
    raise AssertionError(f"no button {label!r} among {buttons(blocks)}")


def _filled(element: Json, given: Any) -> Json:
    """An input's state: what was given, else what stood there first."""
    kind = element["type"]
    if kind in ("radio_buttons", "static_select"):
        option = element.get("initial_option") if given is None else _option(element, given)
        return {"type": kind, "selected_option": option}
    if kind in ("checkboxes", "multi_static_select"):
        first = element.get("initial_options", [])
        chosen = first if given is None else [_option(element, value) for value in given]
        assert len(chosen) <= element.get("max_selected_items", 100)
        return {"type": kind, "selected_options": chosen}
    if kind == "datepicker":
        return {"type": kind, "selected_date": given or element.get("initial_date")}
    if kind == "timepicker":
        return {"type": kind, "selected_time": given or element.get("initial_time")}
    if kind == "users_select":
        return {"type": kind, "selected_user": given or element.get("initial_user")}
    if kind == "multi_users_select":
        first = element.get("initial_users", [])
        return {"type": kind, "selected_users": first if given is None else list(given)}
    typed = element.get("initial_value") if given is None else str(given)
    assert len(typed or "") <= element.get("max_length", 3000), "Slack would not let them type it"
    return {"type": kind, "value": typed}


def _option(element: Json, value: str) -> Json:
    return next(option for option in element["options"] if option["value"] == value)
