"""What may be posted to `/api/contacts`, for machines (OpenAPI 3.1)."""

from typing import Any

from bot.call_events import ADDRESS, CLOUD_TYPE, LONGEST, TYPES
from handlers.calls.model import MOST_HISTORY, Taken

_INSTANT = {"type": "string", "format": "date-time", "maxLength": 40}


def document() -> dict[str, Any]:
    """The whole of it, as JSON."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Plecs: calls",
            "version": "1",
            "description": "Where a telephone system tells of calls. See docs/calls.md.",
        },
        "paths": {
            "/api/contacts": {
                "post": {
                    "operationId": "tellOfACall",
                    "summary": "Something happened to a call",
                    "security": [{"id": [], "timestamp": [], "signature": []}],
                    "requestBody": {
                        "required": True,
                        "content": {
                            "application/json": {"schema": _ref("Event")},
                            "application/cloudevents+json": {"schema": _ref("CloudEvent")},
                        },
                    },
                    "responses": {
                        "202": _answer("It is kept.", "Kept"),
                        "400": _answer("A field is wrong: it says which, and why.", "Refused"),
                        "401": _answer("The signature is missing, wrong or too old.", "Refused"),
                        "413": _answer("More than 64 KB.", "Refused"),
                        "429": {
                            **_answer("Too many at once: come again.", "Refused"),
                            "headers": {
                                "Retry-After": {"schema": {"type": "integer", "minimum": 1}}
                            },
                        },
                    },
                }
            }
        },
        "components": {
            "securitySchemes": {
                name: {
                    "type": "apiKey",
                    "in": "header",
                    "name": f"webhook-{name}",
                    "description": "By Standard Webhooks, with one of CONTACT_SECRETS.",
                }
                for name in ("id", "timestamp", "signature")
            },
            "schemas": {
                "Event": _event(with_type=True),
                "CloudEvent": _cloud_event(),
                "Contact": _contact(),
                "Kept": {
                    "type": "object",
                    "required": ["result"],
                    "properties": {
                        "result": {"enum": [str(taken) for taken in Taken]},
                        "left_out": {"type": "array", "items": {"type": "string"}},
                    },
                },
                "Refused": {
                    "type": "object",
                    "required": ["field", "reason"],
                    "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
                },
            },
        },
    }


def _event(*, with_type: bool) -> dict[str, Any]:
    needed = ["type", "call", "at"] if with_type else []
    return {
        "type": "object",
        "required": needed,
        "properties": {
            **({"type": {"enum": list(TYPES)}} if with_type else {}),
            "call": {"type": "string", "minLength": 1, "maxLength": LONGEST["call"]},
            "at": _INSTANT,
            "from": _text("from", "The caller's number; empty where it is withheld."),
            "agent": _text("agent", "Whose call it is now: an e-mail address or an extension."),
            "queue": _text("queue"),
            "case": _text("case", "What other systems call the matter."),
            "history": {
                "type": ["array", "null"],
                "maxItems": MOST_HISTORY,
                "items": _ref("Contact"),
            },
            "history_url": {
                **_text("history_url"),
                "pattern": f"^({ADDRESS})?$",
            },
        },
    }


def _cloud_event() -> dict[str, Any]:
    texts = {"type": "string", "minLength": 1, "maxLength": 500}
    return {
        "type": "object",
        "required": ["specversion", "id", "source", "type", "time", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": texts,
            "source": texts,
            "type": {
                "type": "string",
                "maxLength": 200,
                "pattern": f"^{CLOUD_TYPE}$",
            },
            "time": _INSTANT,
            "subject": {"type": "string", "minLength": 1, "maxLength": LONGEST["call"]},
            "data": {**_event(with_type=False), "required": ["call"]},
        },
    }


def _contact() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["at"],
        "properties": {"at": _INSTANT}
        | {name: _text(name) for name in ("channel", "topic", "outcome")},
    }


def _text(name: str, description: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"type": ["string", "null"], "maxLength": LONGEST[name]}
    return {**found, "description": description} if description else found


def _answer(description: str, schema: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": _ref(schema)}}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
