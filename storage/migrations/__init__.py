"""Alembic's migrations: one module a change of the tables."""
