"""A call practised with a colleague: one plays the caller, then they swap, then a sentence each."""
