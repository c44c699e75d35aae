"""How fast Teams lets a bot send."""

from datetime import timedelta

from handlers.kit.delivery import Pace, Rate

TEAMS_PACE = Pace(
    # A conversation takes 7 messages in 1 s, 8 in 2 s, 60 in 30 s and 1,800 in an hour, all at
    # once, and an app 50 requests a second in a tenant
    # (learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit). A burst of 6 and
    # 29 a minute keep all four; new messages and changes share the tenant's 50.
    conversation=Rate(29, timedelta(minutes=1), burst=6),
    workspace_new=Rate(20, timedelta(seconds=1), burst=10),
    workspace_change=Rate(10, timedelta(seconds=1), burst=10),
)
