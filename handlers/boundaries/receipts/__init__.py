"""Receipts: that a call was ended within policy, kept for whoever ended it."""
