"""A call practised with a language model that plays the caller, and nothing else."""
