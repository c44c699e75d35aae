"""Time: the clock, what is due, and delivery. The only place that knows APScheduler."""
