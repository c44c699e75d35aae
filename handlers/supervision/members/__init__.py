"""Who is in a group, who is invited, and who waits."""
