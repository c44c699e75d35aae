"""What several rooms of the boundaries show."""
