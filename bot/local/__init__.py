"""The workspace in your browser: a demo team side by side, to try, show and train."""
