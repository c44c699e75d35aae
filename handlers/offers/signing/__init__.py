"""A second signature: somebody else stands behind an offer that is beyond one's own power."""
