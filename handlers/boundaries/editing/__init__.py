"""Changing a boundary: the form, and the versions."""
