"""Raising a hand in a hard call, and a human being there in seconds."""
