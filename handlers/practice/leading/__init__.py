"""Practice for whoever leads a team: an exercise for a meeting, and one indicator a week."""
