"""All tables there are: each package keeps its own MetaData, alembic compares with all of them."""

from sqlalchemy import MetaData

import acd.store

METADATA: tuple[MetaData, ...] = (acd.store.metadata,)
