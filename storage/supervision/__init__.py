"""Supervision groups: their tables, and a repository for each thing that is kept."""
