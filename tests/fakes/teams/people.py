"""People who use the fake Teams."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.fakes.adaptive_cards import card_problems
from tests.fakes.teams.cards import Json, actions, buttons, inputs, shown
from tests.fakes.teams.objects import BOT, TENANT, TeamsMessage

if TYPE_CHECKING:
    from tests.fakes.teams.server import FakeTeams


@dataclass(slots=True, eq=False)
class TeamsUser:
    """Somebody in Teams, and what they do there."""

    teams: "FakeTeams"
    user: str
    name: str
    locale: str = "en-US"
    zone: str = "Europe/Riga"
    role: str = "user"
    old_client: bool = False
    dialog: Json = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"29:{self.user}"

    @property
    def chat(self) -> str:
        return f"a:{self.user}"

    @property
    def messages(self) -> list[TeamsMessage]:
        """What Plecs wrote in their own chat."""
        return [one for one in self.teams.messages if one.conversation == self.chat]

    @property
    def sees(self) -> list[str]:
        """What each of those says now, with its buttons in brackets."""
        return [shown(one.card) or one.text for one in self.messages]

    def member(self) -> Json:
        return {
            "id": self.id,
            "aadObjectId": self.user,
            "name": self.name,
            "givenName": self.name.split()[0],
            "surname": self.name.split()[-1],
            "email": f"{self.user}@plecs.example",
            "userPrincipalName": f"{self.user}@plecs.example",
            "tenantId": TENANT,
            "userRole": self.role,
        }

    def activity(self, kind: str, conversation: str = "", **also: Any) -> Json:
        """An activity of theirs as the connector posts it."""
        chat = self.teams.conversations[conversation or self.chat]
        at = datetime.fromtimestamp(self.teams.clock(), UTC)
        return {
            "type": kind,
            "id": f"f:{self.teams.number()}",
            "timestamp": at.isoformat().replace("+00:00", "Z"),
            "localTimezone": self.zone,
            "serviceUrl": self.teams.service_url,
            "channelId": "msteams",
            "from": {"id": self.id, "name": self.name, "aadObjectId": self.user},
            "conversation": {
                "id": chat.id,
                "conversationType": chat.kind,
                "tenantId": TENANT,
                **({"isGroup": True} if chat.kind != "personal" else {}),
            },
            "recipient": {"id": BOT, "name": "Plecs"},
            "channelData": {"tenant": {"id": TENANT}},
            "locale": self.locale,
            **also,
        }

    async def says(self, text: str, conversation: str = "", *mentioned: "TeamsUser") -> None:
        """Types a message; in a conversation of several with `@Plecs` and others by `@Name`."""
        entities = []
        named = [("@Plecs", BOT, "Plecs"), *((f"@{u.name}", u.id, u.name) for u in mentioned)]
        for typed, user, name in named:
            if typed in text:
                mark = f"<at>{name}</at>"
                text = text.replace(typed, mark)
                there = {"id": user, "name": name}
                entities.append({"type": "mention", "mentioned": there, "text": mark})
        await self.teams.deliver(
            self.activity("message", conversation, text=text, entities=entities)
        )

    async def installs(self) -> None:
        self.teams.conversations[self.chat].installed = True
        await self.teams.deliver(self.activity("installationUpdate", action="add"))

    async def removes(self) -> None:
        self.teams.conversations[self.chat].installed = False
        await self.teams.deliver(self.activity("installationUpdate", action="remove"))

    async def presses(self, label: str, on: TeamsMessage | None = None, **filled: str) -> Json:
        """Presses the button on the message, or on the newest that has it; what is filled in goes
        with it. A card in the answer takes the message's place, as it does in Teams."""
        message = on or next(
            (one for one in reversed(self.messages) if label in buttons(one.card)), None
        )
        assert message is not None, f"no {label!r} among {self.sees}"
        action = next(one for one in actions(message.card) if one["title"] == label)
        data = dict(action["data"])
        if action.get("associatedInputs") == "auto":
            data |= inputs(message.card, filled)
        if self.old_client:
            submit = {**action["fallback"]["data"], **data}
            await self.teams.deliver(
                self.activity("message", message.conversation, value=submit, replyToId=message.id)
            )
            return {}
        return await self.executes(message, action["verb"], data)

    async def looks_at(self, message: TeamsMessage) -> Json:
        """Has the card made again, as Teams does when it comes into sight."""
        action = message.card["refresh"]["action"]
        return await self.executes(message, action["verb"], action["data"], "automatic")

    async def executes(
        self, message: TeamsMessage, verb: str, data: Json, trigger: str = "manual"
    ) -> Json:
        value = {
            "action": {"type": "Action.Execute", "verb": verb, "data": data},
            "trigger": trigger,
        }
        body = await self.teams.deliver(
            self.activity(
                "invoke",
                message.conversation,
                name="adaptiveCard/action",
                value=value,
                replyToId=message.id,
            )
        )
        assert body["statusCode"] == 200
        if body["type"] == "application/vnd.microsoft.card.adaptive":
            self.teams.problems += card_problems(body["value"])
            message.activity = {
                **message.activity,
                "attachments": [{"contentType": body["type"], "content": body["value"]}],
            }
        else:
            assert body["type"] == "application/vnd.microsoft.activity.message"
            assert isinstance(body["value"], str)
        await self.teams.tell()
        return body

    async def opens(self, command: str, conversation: str = "", *, beside: str = "") -> None:
        """Opens a compose extension's action, at the box or `beside` a message (HTML, as Teams has
        it); its dialog stays in `dialog`."""
        value: Json = {"commandId": command, "commandContext": "message" if beside else "compose"}
        if beside:
            value["messagePayload"] = {"body": {"contentType": "html", "content": beside}}
        self._show(await self._invokes("composeExtension/fetchTask", value, conversation))

    async def searches(self, command: str, said: str, conversation: str = "") -> list[Json]:
        """Types into a compose extension's search; answers what it lists."""
        typed = {"name": "said", "value": said} if said else {"name": "initialRun", "value": "true"}
        value = {"commandId": command, "parameters": [typed]}
        body = await self._invokes("composeExtension/query", value, conversation)
        assert body["composeExtension"]["type"] == "result"
        results: list[Json] = body["composeExtension"]["attachments"]
        for one in results:
            self.teams.problems += card_problems(one["content"])
            assert one["preview"]["content"]["title"]
        return results

    async def submits(self, label: str, **filled: str) -> None:
        """Sends the open dialog's form."""
        action = next(one for one in actions(self.dialog) if one["title"] == label)
        data = {**action["data"], **inputs(self.dialog, filled)}
        self._show(await self._invokes("composeExtension/submitAction", {"data": data}))

    async def _invokes(self, name: str, value: Json, conversation: str = "") -> Json:
        return await self.teams.deliver(
            self.activity("invoke", conversation, name=name, value=value)
        )

    def _show(self, body: Json) -> None:
        task = body.get("task", {})
        self.dialog = task["value"]["card"]["content"] if task.get("type") == "continue" else {}
        if self.dialog:
            self.teams.problems += card_problems(self.dialog, in_dialog=True)
