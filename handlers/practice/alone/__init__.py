"""A call practised alone: a caller, three replies at each turn, and a way back."""
