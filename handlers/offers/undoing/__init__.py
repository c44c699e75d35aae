"""What was given, for coordinators; and taking it back, by somebody else than who gave it."""
