"""The status beside somebody's name while they are on a break, where they permitted it."""
