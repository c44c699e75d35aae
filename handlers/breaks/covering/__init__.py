"""Covering: a colleague takes somebody's calls while they are on a break."""
