"""Whose turn it is, and swapping it."""
