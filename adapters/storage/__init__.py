"""The database: SQLAlchemy Core on SQLite and PostgreSQL, the same statements for both."""
