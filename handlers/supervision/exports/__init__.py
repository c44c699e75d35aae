"""What a coordinator takes out of Plecs."""
