"""Who looks at the cards of these tests, and how elements look."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.teams.markup import TeamsContext
from handlers.kit.cards import (
    Button,
    ChoiceField,
    Form,
    Look,
    Mention,
    NumberField,
    Option,
    Paragraph,
    PeopleField,
    TextField,
)
from handlers.kit.delivery import Reader
from handlers.kit.people import Address

TEAM = (("id-janis", "Jānis Liepa"), ("id-liga", "Līga Bērziņa"))
HERE = TeamsContext("X", Reader("en", "Europe/Riga"), team=TEAM)
IN_LATVIAN = replace(HERE, reader=Reader("lv", "Europe/Riga"))
JANIS = Mention("Jānis", (Address("slack", "T1", "U7"), Address("teams", "X", "id-janis")))
NOON = datetime(2025, 7, 1, 9, 0, tzinfo=UTC)
COMING = Button(("I'm coming",), "hand.take", {"case": "c1"}, Look.PRIMARY)


def text(shown: str, **also: Any) -> dict[str, Any]:
    return {"type": "TextBlock", "text": shown, "wrap": True, **also}


def execute(title: str, verb: str, data: dict[str, str], **also: Any) -> dict[str, Any]:
    shared = {"title": title, "associatedInputs": "none", **also}
    return {
        "type": "Action.Execute",
        **shared,
        "verb": verb,
        "data": data,
        "fallback": {"type": "Action.Submit", **shared, "data": {**data, "plecs.does": verb}},
    }


def item(sign: str, shown: str, spacing: str = "Default") -> dict[str, Any]:
    body = {"type": "Column", "width": "stretch", "spacing": "Small", "items": [text(shown)]}
    columns = [{"type": "Column", "width": "auto", "items": [text(sign)]}, body]
    return {"type": "ColumnSet", "spacing": spacing, "columns": columns}


SMALL = {"size": "Small", "isSubtle": True}
ASKS = Form(
    ("Raise a hand",),
    "hand.raise",
    ("Raise",),
    (
        TextField("line", ("Line",), "a < b", limit=300, multiline=True, required=False),
        NumberField("size", ("Size",), 5, 1, 50, hint=("People",)),
        ChoiceField("mode", ("How",), (Option("tip", ("Tip",), ("In chat",)),), ("tip",)),
        ChoiceField("topics", ("Topics",), (Option("a", ("A",)), Option("b", ("B",))), most=2),
        ChoiceField("anchor", ("Anchor",), (Option("a", ("A",)),), required=False),
        PeopleField("who", ("Who",), (Address("teams", "X", "id-liga"),)),
        PeopleField("trusted", ("Trusted",), (Address("teams", "Y", "id-liga"),), most=1),
    ),
    values={"case": "c1"},
    intro=(Paragraph(("Nobody listens in silence.",)),),
)
