"""A session for its members: reminders, coming or not, the agenda, votes and what it was worth."""
