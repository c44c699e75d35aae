"""Approved answers fitted to one case by a language model, and what may stand in that."""
