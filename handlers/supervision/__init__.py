"""Supervision groups: equals who meet, eight to ten times, and what keeps their calendar."""
