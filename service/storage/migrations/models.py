"""All tables there are: each package keeps its own MetaData, alembic compares with all of them."""

from sqlalchemy import MetaData

import calls.store
import journal.tables

METADATA: tuple[MetaData, ...] = (journal.tables.metadata, calls.store.metadata)
