"""Groups: who looks after them, who is in them, who is invited, and who waits."""
