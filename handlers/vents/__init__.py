"""Letting off steam after a call, with a colleague one has chosen oneself."""
