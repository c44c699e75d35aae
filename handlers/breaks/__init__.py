"""Breaks that are really breaks, and a team that stays reachable meanwhile."""
