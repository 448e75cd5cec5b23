"""HTTP is tested on the loop that the service runs on: buffers and cut connections are a loop's own."""

from collections.abc import Callable, Mapping

import pytest

from service.app.standalone import PunctualLoop


def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> Mapping[str, Callable[[], PunctualLoop]]:
    return {"the service's": PunctualLoop}
