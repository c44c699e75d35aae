"""Asking for a group, or for an extra session."""
