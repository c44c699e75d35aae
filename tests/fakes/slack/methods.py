"""The methods of the Web API that Plecs uses, and what each takes."""

USER_METHODS = {  # method: the scope it takes, of a person's own token
    "auth.revoke": "",
    "users.profile.get": "users.profile:read",
    "users.profile.set": "users.profile:write",
}

BOT_METHODS = {  # method: the scope it takes, of the app's own token; none for the rest
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "dnd.info": "dnd:read",
    "dnd.teamInfo": "dnd:read",
    "users.info": "users:read",
    "users.lookupByEmail": "users:read.email",
}

METHODS: dict[str, tuple[set[str], set[str]]] = {
    # method: arguments it must have, and may have
    "apps.connections.open": (set(), set()),
    "auth.revoke": (set(), set()),
    "auth.test": (set(), set()),
    "chat.delete": ({"channel", "ts"}, set()),
    "chat.postMessage": (
        {"channel"},
        {"text", "blocks", "unfurl_links", "unfurl_media", "metadata", "thread_ts", "mrkdwn"},
    ),
    "chat.update": ({"channel", "ts"}, {"text", "blocks", "metadata"}),
    "conversations.open": ({"users"}, {"return_im", "prevent_creation"}),
    "dnd.info": (set(), {"user"}),
    "dnd.teamInfo": ({"users"}, set()),
    "oauth.v2.access": (set(), {"code", "redirect_uri", "grant_type", "refresh_token"}),
    "users.info": ({"user"}, {"include_locale"}),
    "users.lookupByEmail": ({"email"}, set()),
    "users.profile.get": (set(), set()),
    "users.profile.set": ({"profile"}, set()),
    "views.open": ({"trigger_id", "view"}, set()),
    "views.publish": ({"user_id", "view"}, {"hash"}),
    "views.update": ({"view"}, {"view_id", "external_id", "hash"}),
}
