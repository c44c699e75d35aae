"""The conversation of two: its card, a minute of breathing, a light frame, and the end."""
