"""Addresses from which shifts are fetched: a person's calendar, a team's, or Microsoft Teams'."""
