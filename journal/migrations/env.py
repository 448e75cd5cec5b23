"""Run by alembic: migrations on the connection that `journal.database` hands over, in its transaction."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    transactional_ddl=True,  # SQLite can, once the driver leaves transactions to us
)
context.run_migrations()
