"""Who people are here: their topics, when they are away, what they may do, how they are spoken to."""
