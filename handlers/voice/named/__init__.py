"""What somebody says with their name to one person, who owes them an answer."""
