"""Alembic's entry: runs the migrations on the connection that :mod:`alerts.store.schema` hands over."""

from alembic import context

from alerts.store.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite alters a table by copying it
    transaction_per_migration=False,  # the transaction is the caller's
)
context.run_migrations()
