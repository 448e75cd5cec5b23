"""Engines for tests: they share the statements that were compiled.

Most tests with a database make an engine of their own, and a quarter of their time was to compile for it what had been
compiled for the last one.
"""

from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import create_async_engine


class Compiled(dict[Any, Any]):
    """What was compiled for one engine serves all with the same kind of database. A key begins with the engine's
    dialect.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: Any, statement: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), statement)


create = partial(create_async_engine, execution_options={"compiled_cache": Compiled()})
