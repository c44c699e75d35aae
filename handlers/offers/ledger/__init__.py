"""The ledger: what was held, given, let go and taken back, in two legs each, and never edited."""
