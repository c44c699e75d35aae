"""Who can be asked now, who is off the line, and when people work and rest."""
