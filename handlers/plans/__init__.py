"""Break reminders that somebody wished for, and the rest that nothing may break into."""
