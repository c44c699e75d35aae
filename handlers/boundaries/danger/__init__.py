"""A danger to somebody's life: how a workspace tells of one, and whom to call."""
