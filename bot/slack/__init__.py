"""Slack: what comes in becomes a Command, cards become Block Kit, sending has an outcome."""
