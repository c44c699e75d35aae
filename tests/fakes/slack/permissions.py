"""What people permit the app, and their profiles."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from tests.fakes.slack.objects import (
    BOT_TOKEN,
    CLIENT_ID,
    TEAM,
    USER_SCOPES,
    Json,
    Permission,
    SlackError,
)
from tests.fakes.slack.workspace import Workspace

_STATUS_LIMIT = 100  # characters

_EMOJI = (":hourglass_flowing_sand:", ":palm_tree:", ":house:", ":speech_balloon:")


@dataclass(slots=True)
class Permissions(Workspace):
    """Asked for in a browser, fetched as a token, good until they are taken back."""

    async def visit(
        self, link: str, user: str, *, allows: bool = True, team: str = TEAM, scopes: str = ""
    ) -> tuple[int, str]:
        """Opens the app's link in a browser where `user` is signed in to Slack, and there allows
        what is asked (or only `scopes`), or doesn't. Answers what the last page says."""
        assert self.session is not None
        async with self.session.get(link, allow_redirects=False) as first:
            if first.status != 302:
                return first.status, await first.text()
            to_slack = urlsplit(first.headers["Location"])
        asked = {name: values[0] for name, values in parse_qs(to_slack.query).items()}
        assert f"{to_slack.scheme}://{to_slack.netloc}{to_slack.path}" == (
            f"{self.url}/oauth/v2/authorize"
        )
        assert (asked["client_id"], asked["redirect_uri"]) == (CLIENT_ID, self.redirect_url)
        assert asked["user_scope"] == USER_SCOPES, "more is asked for than the manifest says"
        assert "scope" not in asked
        back = {"state": asked["state"]}
        if allows:
            back["code"] = code = f"{next(self._numbers)}.code"
            self._codes[code] = Permission(user, team, scopes or USER_SCOPES, asked["redirect_uri"])
        else:
            back["error"] = "access_denied"
        async with self.session.get(asked["redirect_uri"], params=back) as last:
            return last.status, await last.text()

    def _exchange(self, args: Json) -> Json:
        code = self._codes.get(args["code"])
        if code is None:
            raise SlackError("invalid_code")
        if code.used:
            raise SlackError("code_already_used")
        if args.get("redirect_uri") != code.redirect_uri:
            raise SlackError("bad_redirect_uri")
        code.used = True
        token = f"xoxp-{code.user}-{next(self._numbers)}"
        self.tokens[token] = (code.user, code.scopes)
        return {
            "app_id": "A0PLECS",
            "authed_user": {
                "id": code.user,
                "scope": code.scopes,
                "access_token": token,
                "token_type": "user",
            },
            "team": {"id": code.team},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _whose(self, token: str, scope: str) -> str:
        if token == BOT_TOKEN:
            self.problems.append("the bot's own token used for a person's profile")
            raise SlackError("not_allowed_token_type")
        if not token.startswith("xoxp-"):
            raise SlackError("invalid_auth")
        if token not in self.tokens:
            raise SlackError("token_revoked")
        user, scopes = self.tokens[token]
        if self.users[user].deleted:
            raise SlackError("account_inactive")
        if scope and scope not in scopes.split(","):
            raise SlackError("missing_scope")
        return user

    def _profile(self, user: str) -> Json:
        found = self._user(user)
        if found.status_expiration and found.status_expiration <= self.now():
            found.sets_status()
        text, emoji, expiration = found.status
        return {
            "real_name": found.name,
            "status_text": text,
            "status_emoji": emoji,
            "status_expiration": expiration,
        }

    def _set_profile(self, user: str, profile: Json) -> Json:
        if set(profile) != {"status_text", "status_emoji", "status_expiration"}:
            self.problems.append(f"users.profile.set of {sorted(profile)}")
        text, emoji = profile["status_text"], profile["status_emoji"]
        if len(text) > _STATUS_LIMIT:
            raise SlackError("profile_status_set_failed_too_long")
        if emoji and not re.fullmatch(r":[\w+'-]+:", emoji):
            raise SlackError("profile_status_set_failed_not_emoji_syntax")
        if emoji and emoji not in _EMOJI:
            raise SlackError("profile_status_set_failed_not_valid_emoji")
        expiration = profile["status_expiration"]
        if type(expiration) is not int or (expiration and expiration <= self.now()):
            self.problems.append(f"a status that expires at {expiration}")
        self._user(user).sets_status(text, emoji, expiration)
        return {"profile": self._profile(user)}
