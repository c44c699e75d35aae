"""Everybody known, where each can be reached, and when each is on duty."""
