"""What people say, ask and admit: with a name, without one, and what came of it."""
