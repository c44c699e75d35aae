"""The methods of the Web API that Plecs uses, and what each takes."""

USER_METHODS = {  # method: the scope it takes, of a person's own token
    "auth.revoke": "",
    "users.profile.get": "users.profile:read",
    "users.profile.set": "users.profile:write",
}

METHODS: dict[str, tuple[set[str], set[str]]] = {
    # method: arguments it must have, and may have
    "apps.connections.open": (set(), set()),
    "auth.revoke": (set(), set()),
    "auth.test": (set(), set()),
    "chat.postMessage": (
        {"channel"},
        {"text", "blocks", "unfurl_links", "unfurl_media", "metadata", "thread_ts", "mrkdwn"},
    ),
    "chat.update": ({"channel", "ts"}, {"text", "blocks", "metadata"}),
    "conversations.open": ({"users"}, {"return_im", "prevent_creation"}),
    "dnd.info": (set(), {"user"}),
    "dnd.teamInfo": ({"users"}, set()),
    "oauth.v2.access": ({"code"}, {"redirect_uri"}),
    "users.info": ({"user"}, {"include_locale"}),
    "users.lookupByEmail": ({"email"}, set()),
    "users.profile.get": (set(), set()),
    "users.profile.set": ({"profile"}, set()),
    "views.open": ({"trigger_id", "view"}, set()),
    "views.publish": ({"user_id", "view"}, {"hash"}),
    "views.update": ({"view"}, {"view_id", "external_id", "hash"}),
}
