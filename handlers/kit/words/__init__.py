"""What people say, as text: handlers/kit/ways.py reads it."""
