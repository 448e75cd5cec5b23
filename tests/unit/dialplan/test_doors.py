"""How many connections the doors of Asterisk have."""

import asyncio
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from dialplan.doors import BROWSERS, Door, Doors, doors, opened
from dialplan.render import rendered
from lab.patience import until
from settings import settings
from tests.unit.dialplan.rendering import FOLDER, values


def test_open_connections_are_counted_and_others_not() -> None:
    with ExitStack() as ending:
        listening = [ending.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2)]
        one, other = (server.getsockname()[1] for server in listening)
        phones = [ending.enter_context(socket.create_connection(("127.0.0.1", one))) for _ in range(3)]
        ending.enter_context(socket.create_connection(("127.0.0.1", other)))
        ends = [listening[0].accept()[0] for _ in phones]
        assert opened({one}) == {one: 3}
        phones[0].close()  # Asterisk still keeps its end of it
        assert opened({one}) == {one: 3}
        ends[0].close()
        assert opened({one}) == {one: 2}
        for end in ends:
            end.close()


def test_without_the_kernels_table_nothing_is_counted(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        opened({5061}, tmp_path / "tcp")


async def test_the_measures_name_the_door() -> None:
    registry = CollectorRegistry()
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        made = Doors(Door("phones", server.getsockname()[1], 1_020))
        registry.register(made)
        looking = asyncio.create_task(made.run())

        async def shown() -> str:
            return generate_latest(registry).decode()

        text = await until("the count", shown, lambda seen: 'wutong_door_connections{door="phones"} 1.0' in seen)
        assert 'wutong_door_connections_most{door="phones"} 1020.0' in text
        looking.cancel()


def test_an_asterisk_elsewhere_has_no_doors_here(tmp_path: Path) -> None:
    certificate = tmp_path / "certificate.pem"
    here = settings.load(state=tmp_path, base_port=20_000, tls_certificate=certificate)
    assert list(doors(here)) == [Door("phones", 20_999, 1_020), Door("browsers", 20_004, BROWSERS)]
    assert [door.name for door in doors(settings.load(state=tmp_path))] == ["browsers"]
    elsewhere = settings.load(state=tmp_path, asterisk={"host": "192.0.2.9", "folder": str(tmp_path)})
    assert list(doors(elsewhere)) == []


def test_asterisk_has_as_many_lines_for_browsers_as_the_alert_says() -> None:
    assert f"sessionlimit = {BROWSERS}\n" in rendered(FOLDER, values())["http.conf"]
