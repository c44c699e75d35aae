"""How many examples a slow and obvious model is compared by: a few in every run of the tests, and
as many as one likes with `make fuzz-duty`."""

import os

from hypothesis import settings

by_a_slow_model = settings(max_examples=int(os.environ.get("PLECS_EXAMPLES", "12")))
