"""How Alembic runs a step: on the connection it is given, each step in a transaction of its own."""

from alembic import context
from sqlalchemy.engine import Connection


def run(connection: Connection) -> None:
    """Run the steps that are missing. SQLite, too, can undo a step that fails: Alembic only has to be told."""
    context.configure(connection=connection, transactional_ddl=True, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
