"""The board: what was said, and what came of it; questions; mistakes and what was learned."""
