"""What stays in a group, and who agreed to it."""
