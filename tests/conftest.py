"""What all tests have in common."""

import asyncio
import faulthandler
import gc
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from types import FrameType
from typing import Any

import pytest
import starlette.routing
import structlog
from fastapi import routing
from fastapi._compat import v2
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_dependant, get_typed_return_annotation
from hypothesis import HealthCheck, settings
from pydantic import ConfigDict, TypeAdapter
from sqlalchemy.ext.asyncio import AsyncEngine

from journal import database
from lab.postgres import Postgres, running
from lab.testing import TOLD
from tests import engines, homes
from tests.dealing import dealt, gives_way_to_phones
from tests.thorough import THOROUGH

# How fast this machine makes examples, or runs one, is not a property of the code: on a busy machine it says nothing.
# CI draws the same ones each time: it says whether a change is right, and not what somebody may find one day.
settings.register_profile(
    "wutong", deadline=None, derandomize=not THOROUGH, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("wutong")

sys.modules["sniffio"] = None  # type: ignore[assignment]
"""httpx asks for it at each request, and it is not installed: Python would look through all folders each time."""

# Of a mistake that a test makes on purpose. Rich would draw it with the lines around and all variables.
structlog.get_config()["processors"][-1].exception_formatter = structlog.dev.plain_traceback


adapters: dict[tuple[object, str], tuple[object, TypeAdapter[Any]]] = {}


def adapter(annotated: Any, *, config: ConfigDict | None = None) -> TypeAdapter[Any]:
    """A `TypeAdapter` of an `Annotated`, made once a process. A thousand tests make an app: half of that is to make
    those of its routes again. The annotation is kept too, so that what its `repr` names by address stays where it is.
    """
    try:
        known = annotated.__origin__, repr((annotated.__metadata__, config))
        if known not in adapters:
            adapters[known] = annotated, TypeAdapter(annotated, config=config)
        return adapters[known][1]
    except TypeError:  # it has no hash
        return TypeAdapter(annotated, config=config)


v2.TypeAdapter = adapter  # type: ignore[assignment, attr-defined]


dependants: dict[tuple[object, ...], tuple[object, Dependant]] = {}


def dependant(*, path: str, call: Callable[..., Any], **how: Any) -> Dependant:
    """What a route takes, found out once a process, for the same reason. Endpoints of the same code differ in what they
    close over. Those that are made in a loop may differ in what their signatures say, too.
    """
    given = call.__annotations__, call.__defaults__, call.__kwdefaults__
    rules = [
        (getattr(rule, "metadata", None), getattr(rule, "alias", None))  # which its repr() leaves out
        for annotation in call.__annotations__.values()
        for rule in getattr(annotation, "__metadata__", ())
    ]
    known = path, call.__code__, repr((given, rules, how))
    if known not in dependants:
        dependants[known] = given, get_dependant(path=path, call=call, **how)
    found = dependants[known][1]
    return replace(found, call=call, dependencies=[*found.dependencies])


def returned(call: Callable[..., Any]) -> Any:
    """What an endpoint says that it answers. Python's `inspect` finds the same, and looks for much more."""
    found = getattr(call, "__annotations__", {}).get("return", "")
    return get_typed_return_annotation(call) if isinstance(found, str) else found


routing.get_dependant = dependant  # type: ignore[attr-defined]
routing.get_typed_return_annotation = returned  # type: ignore[attr-defined]
routing.compile_path = starlette.routing.compile_path = cache(starlette.routing.compile_path)  # type: ignore[attr-defined]
routing.create_model_field = cache(routing.create_model_field)  # type: ignore[attr-defined]


database.create_async_engine = engines.create  # type: ignore[attr-defined]


checks = os.environ.pop(TOLD, None)  # nothing that a test starts may read it


def pytest_configure(config: pytest.Config) -> None:
    """The run's own home, cache and state. Workers, which inherit it, begin later."""
    if not hasattr(config, "workerinput"):
        folder = homes.make()
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.fixture(autouse=True)
def home() -> Iterator[Path]:
    """Each test has a home, and with it a default state folder, of its own."""
    with homes.home() as made:
        yield made


LONGEST_S = 600
"""Seconds that a test may take, with its fixtures: three times what the longest needs on a busy machine. One that waits
for ever would keep the whole run from ending, and nobody would know which one it is.
"""

AGAIN_S = 30
"""Seconds after which what the test still waits for, as it cleans up, is broken off, too."""


GIVES_WAY = 10
"""The niceness of a test that waits for nothing but the processor."""


def _too_long(signum: int, frame: FrameType | None) -> None:
    del signum, frame
    told = [f"The test took longer than {LONGEST_S} s. Its tasks and threads:"]
    with suppress(RuntimeError):  # no loop runs here now
        for task in asyncio.all_tasks():
            told += [task.get_name(), *_waits(task.get_coro())]
    with TemporaryFile("w+") as threads:
        faulthandler.dump_traceback(threads)
        threads.seek(0)
        told.append(threads.read())
    pytest.fail("\n".join(told))


def _waits(coroutine: Any) -> Iterator[str]:
    """Where each coroutine waits for the next one, the innermost last. A task's own stack has the outermost only."""
    while coroutine is not None:
        kind = next((kind for kind in ("cr", "gi", "ag") if hasattr(coroutine, f"{kind}_frame")), None)
        if kind is None:
            return
        if frame := getattr(coroutine, f"{kind}_frame"):
            yield f"  {frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_name}"
        coroutine = getattr(coroutine, "gi_yieldfrom" if kind == "gi" else f"{kind}_await")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Each test ends. One without phones and without a page gives way to those that have some, in the other processes:
    they measure what a caller hears within half a second.
    """
    signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_S, AGAIN_S)
    gives_way = os.geteuid() == 0 and gives_way_to_phones(item.nodeid)  # nobody else could take it back
    try:
        if gives_way:
            os.setpriority(os.PRIO_PROCESS, 0, GIVES_WAY)
        return (yield)
    finally:
        if gives_way:
            os.setpriority(os.PRIO_PROCESS, 0, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the checks said that `./wutong test` runs beside pytest. Waits for them."""
    if checks is not None:
        with open(int(checks), encoding="utf-8", errors="replace") as pipe:
            said = pipe.read()
        terminalreporter.section("checks")
        terminalreporter.write(said)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Beside other workers each test process begins with what takes long: see `tests.dealing`."""
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    items[:] = dealt(items, lambda item: item.nodeid, workers)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Nine thousand tests and all modules are never garbage. Nobody looks for garbage among them: each look would take
    half a second. Afterwards garbage is looked for less often than Python does by itself, which took a sixth of the
    processors.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        gc.set_threshold(50_000, 20, 20)


@pytest.fixture
def root() -> None:
    """For a test of what only root can do. It fails, and does not skip, for anybody else."""
    if os.geteuid() != 0:
        pytest.fail(
            "Only root can run this test: it becomes other users, gives files away or makes networks. Run it as root, "
            "on a machine or in a container for tests, or leave its module out: ./wutong test --ignore FILE",
            pytrace=False,
        )


@pytest.fixture
def apart() -> Iterator[Path]:
    """As `tmp_path`, for tests of several users. Whenever a pytest starts, it closes the folder of all `tmp_path`s."""
    with TemporaryDirectory(prefix="wutong-apart-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The PostgreSQL of this test process, started by the first test that needs it. Leave it running."""
    with running() as made:
        yield made


DATABASES = ["sqlite", "postgresql"]


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """A database without tables, for `journal.database.open`: every test with it runs on both."""
    if request.param == "sqlite":
        return tmp_path / "wutong.db"
    made: Postgres = request.getfixturevalue("postgres")
    return made.create()


@pytest.fixture(params=DATABASES)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """As `empty`, with all tables, and nothing in them: to copy them is much quicker than to make them again."""
    if request.param == "sqlite":
        return Path(shutil.copy(request.getfixturevalue("tables"), tmp_path / "wutong.db"))
    made: Postgres = request.getfixturevalue("postgres")
    return made.create(like=request.getfixturevalue("tables_there"))


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite with all tables, for copies."""
    file = tmp_path_factory.mktemp("tables") / "wutong.db"
    asyncio.run(_migrated(file))
    return file


@pytest.fixture(scope="session")
def tables_there(postgres: Postgres) -> str:
    """The name of a database of PostgreSQL with all tables, for copies."""
    made = postgres.create()
    asyncio.run(_migrated(made))
    return made.rpartition("/")[2]


async def _migrated(where: Path | str) -> None:
    engine = database.open(where)
    await database.migrate(engine)
    await engine.dispose()


@pytest.fixture
async def db(where: Path | str) -> AsyncIterator[AsyncEngine]:
    """An open database with all tables, on both."""
    engine = database.open(where)
    yield engine
    await engine.dispose()
