"""What Plecs does, in plain Python: rules, answers and cards. Imports the standard library only."""
