"""What may stand in a setting: each is read, or refused with a ValueError that says what is wrong.

Whether settings fit each other is for `bot.settings_loading`.
"""

import re
from base64 import b64decode

from pydantic import SecretStr
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from bot.command_names import is_command_name
from bot.places import has_host, is_path, is_plain_address
from bot.secret_key import keys_in

_KEY_LENGTH = 32
_LEAST_SIGNING = 24
"""Bytes of a secret that signs calls: what Standard Webhooks asks for."""


_SCHEMES = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def database_address(value: str) -> str:
    """The address of a database as Plecs uses it. Raises ValueError for what is none."""
    scheme, separator, rest = value.partition("://")
    scheme = scheme.lower()
    if not separator or scheme not in _SCHEMES:
        raise ValueError("must begin with sqlite:/// or postgresql://")
    if scheme == "sqlite" and not is_path(rest.removeprefix("/")):
        raise ValueError("must name a file, as in sqlite:///data/plecs.db")
    if scheme != "sqlite" and not has_host(value):
        escaped = "in a password @ : / ? # are %40 %3A %2F %3F %23"
        raise ValueError(f"has no host, or a port that is no number ({escaped})")
    return f"{_SCHEMES[scheme]}://{rest}"


def listening_host(value: str) -> str:
    """What a server listens on."""
    if not re.fullmatch(r"[\w.-]+|[0-9A-Fa-f:.]*::?[0-9A-Fa-f:.]*(%\w+)?", value):
        raise ValueError("must be a name or an address alone, and PORT says the port")
    return value


def web_address(value: str) -> str:
    """An address to which a path can be added; empty where it is not set."""
    if value and not re.match(r"https?://[^/]", value):
        raise ValueError("must be an address that begins with https:// (or http://)")
    if value and not is_plain_address(value):
        raise ValueError("must be an address alone: no name and password, no ? and no # in it")
    return value.rstrip("/")


def sent_secret(value: SecretStr) -> SecretStr:
    """A secret that travels in a header, where a line's end would begin another one."""
    if not re.fullmatch(r"[!-~]*", value.get_secret_value()):
        raise ValueError("has a blank or a sign in it that no such secret has")
    return value


def user_name(value: str) -> str:
    """A name that travels before a colon and a password."""
    if not re.fullmatch(r"[!-9;-~]*", value):
        raise ValueError("has a blank, a colon or a sign in it that no such name has")
    return value


def secret_keys(value: SecretStr) -> SecretStr:
    """Keys that sign and seal, by commas."""
    keys = keys_in(value.get_secret_value())
    if not keys or min(map(len, keys)) < _KEY_LENGTH:
        raise ValueError(f"each key must have {_KEY_LENGTH} characters or more")
    if len(set(keys)) < len(keys):
        raise ValueError("the same key stands in it twice")
    return value


def webhook_secrets(value: SecretStr) -> SecretStr:
    """Secrets of Standard Webhooks, by commas."""
    for secret in keys_in(value.get_secret_value()):
        try:
            Webhook(secret)
            is_long = len(b64decode(secret.removeprefix("whsec_") + "==")) >= _LEAST_SIGNING
        except (ValueError, EmptyWebhookSecretError):
            is_long = False
        if not is_long or not secret.startswith("whsec_"):
            raise ValueError(
                f"each must be whsec_ and the base64 of {_LEAST_SIGNING} bytes or more"
            )
    return value


def listed(value: object) -> object:
    """What stands between commas and blanks."""
    if not isinstance(value, str):
        return value
    return tuple(part for part in re.split(r"[,;\s]+", value) if part)


def command_prefix(text: str) -> str:
    """The word without dashes around it. Raises ValueError for what Slack takes in no command."""
    word = text.strip("-")
    if word and not is_command_name(word):
        raise ValueError("must be of lower-case letters, figures, - and _ alone")
    return word
