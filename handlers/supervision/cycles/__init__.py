"""Planning a cycle: its dates, and the times that fit most people."""
