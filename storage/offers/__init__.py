"""Offers: those under way, the ledger, the limits, gift codes, and the rules in their versions."""
