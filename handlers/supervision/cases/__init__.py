"""What people bring to a session."""
