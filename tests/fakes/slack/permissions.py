"""What people permit the app, and their profiles."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from tests.fakes.slack.objects import (
    BOT_TOKEN,
    CLIENT_ID,
    SCOPES,
    TEAM,
    USER_SCOPES,
    Json,
    Permission,
    SlackError,
)
from tests.fakes.slack.workspace import FakeWorkspace

_STATUS_LIMIT = 100  # characters

_EMOJI = (":hourglass_flowing_sand:", ":palm_tree:", ":house:", ":speech_balloon:")


@dataclass(slots=True)
class Permissions(FakeWorkspace):
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
        assert asked["client_id"] == CLIENT_ID
        assert asked["redirect_uri"] in self.redirect_urls, "redirect_uri did not match any"
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

    async def visits_install(
        self, link: str, user: str, *, team: str, allows: bool = True, whole: bool = False
    ) -> tuple[int, str]:
        """Opens the app's link in a browser where `user` is signed in to the workspace, and
        installs the app there, or in the `whole` organisation. Answers what the last page says."""
        assert self.session is not None
        async with self.session.get(link, allow_redirects=False) as first:
            assert first.status == 302, await first.text()
            to_slack = urlsplit(first.headers["Location"])
            cookie = first.headers["Set-Cookie"].partition(";")[0]
        asked = {name: values[0] for name, values in parse_qs(to_slack.query).items()}
        assert f"{to_slack.scheme}://{to_slack.netloc}{to_slack.path}" == (
            f"{self.url}/oauth/v2/authorize"
        )
        assert asked["client_id"] == CLIENT_ID
        assert asked["redirect_uri"] in self.redirect_urls, "redirect_uri did not match any"
        assert set(asked["scope"].split(",")) == set(SCOPES.split(",")), "not the manifest's scopes"
        assert not asked.get("user_scope"), "each person decides for themselves"
        assert not whole or self.manifest["settings"]["org_deploy_enabled"]
        back = {"state": asked["state"]}
        if allows:
            back["code"] = code = f"{next(self._numbers)}.code"
            self._codes[code] = Permission(
                user, team, SCOPES, asked["redirect_uri"], installs=True, whole=whole
            )
        else:
            back["error"] = "access_denied"
        async with self.session.get(
            asked["redirect_uri"], params=back, headers={"Cookie": cookie}
        ) as last:
            return last.status, await last.text()

    def uninstall(self, team: str) -> None:
        """The app is removed there: its tokens are good for nothing any more."""
        self.bot_tokens = {one: at for one, at in self.bot_tokens.items() if at != team}

    def expire(self, token: str) -> None:
        """The token's twelve hours are over."""
        del self.bot_tokens[token]

    def token_of(self, team: str) -> str:
        """The newest of the app's for the workspace or organisation."""
        return [token for token, at in self.bot_tokens.items() if at == team][-1]

    def _install(self, code: Permission) -> Json:
        organisation = self.organisations.get(code.team)
        there = organisation if code.whole else code.team
        assert there is not None, "a whole organisation has an id"
        named = {"id": organisation, "name": "Group"} if organisation else None
        return {
            "app_id": "A0PLECS",
            "authed_user": {"id": code.user},
            "scope": code.scopes,
            "token_type": "bot",
            "bot_user_id": "UPLECS",
            "team": None if code.whole else {"id": code.team, "name": f"Team {code.team}"},
            "enterprise": named,
            "is_enterprise_install": code.whole,
            **self._new_token(there),
        }

    def _new_token(self, there: str) -> Json:
        number = next(self._numbers)
        token = f"xoxb-{number}-{there}"
        self.bot_tokens[token] = there
        if not self.rotates:
            return {"access_token": token}
        self.refreshes[f"xoxe-{number}"] = there
        return {"access_token": token, "refresh_token": f"xoxe-{number}", "expires_in": 43_200}

    def _exchange(self, args: Json) -> Json:
        if args.get("grant_type") == "refresh_token":
            there = self.refreshes.pop(args.get("refresh_token", ""), None)
            if there is None:
                raise SlackError("invalid_refresh_token")
            return {**self._new_token(there), "token_type": "bot"}
        code = self._codes.get(args.get("code", ""))
        if code is None:
            raise SlackError("invalid_code")
        if code.used:
            raise SlackError("code_already_used")
        if args.get("redirect_uri") != code.redirect_uri:
            raise SlackError("bad_redirect_uri")
        code.used = True
        if code.installs:
            return self._install(code)
        organisation = self.organisations.get(code.team)
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
            "enterprise": {"id": organisation} if organisation else None,
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
