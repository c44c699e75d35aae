"""The bench: what words lead to and why, and what was asked and not found."""
