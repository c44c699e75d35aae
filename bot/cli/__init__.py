"""The commands of `plecs`, one module each."""
