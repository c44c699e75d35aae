"""Where rows are kept: SQLite for a team, PostgreSQL for a company. The same code over both."""
