"""Run by alembic: migrations on the connection that `service.storage.database` hands over, in its transaction."""

from alembic import context

from service.storage.migrations.models import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,  # SQLite can, once the driver leaves transactions to us
    render_as_batch=True,  # SQLite alters a table by copying it
    compare_type=True,
)
context.run_migrations()
