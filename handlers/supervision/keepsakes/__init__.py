"""What somebody takes along from a session, for themselves."""
