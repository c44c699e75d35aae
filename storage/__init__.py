"""What Plecs keeps: tables, queries, migrations. The only place that knows SQLAlchemy."""
