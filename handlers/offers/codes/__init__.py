"""Gift cards' codes: shown to one person, and said to be few before there are none."""
