"""When a group meets: planned, moved, added, cancelled, each shown before and undone after."""
