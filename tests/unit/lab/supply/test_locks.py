import pytest

from lab.supply import locks
from lab.supply.locks import BadLock, Locked, read

TEXT = """\
click==8.1.0 ; python_version >= '3.11' \\
    --hash=sha256:{a} \\
    --hash=sha256:{b}
    # via typer
typer==0.15 \\
    --hash=sha256:{c}
    # via
    #   fastapi-cli
    #   wutong (pyproject.toml:dev)
""".format(a="a" * 64, b="b" * 64, c="c" * 64)


def test_a_lock_is_read() -> None:
    assert read(TEXT, "x") == [
        Locked("click", "8.1.0", "python_version >= '3.11'", ["a" * 64, "b" * 64], ["typer"]),
        Locked("typer", "0.15", "", ["c" * 64], ["fastapi-cli", "wutong"]),
    ]


@pytest.mark.parametrize("line", ["typer>=1", "    --hash=md5:0", "-r other.txt", "typer==1"])
def test_what_is_not_understood_is_told(line: str) -> None:
    with pytest.raises(BadLock, match="x:10: neither a package"):
        read(f"{TEXT}{line}\n", "x")


@pytest.mark.parametrize("name", locks.NAMES)
def test_every_lock_of_ours_is_understood_and_has_hashes(name: str) -> None:
    packages = read(locks.file(name).read_text(encoding="utf-8"), name)
    assert packages
    assert all(package.hashes and package.needed_by for package in packages)


def test_what_the_tests_need_includes_what_the_service_needs() -> None:
    runtime, dev = (
        {package.name: package.version for package in read(locks.file(name).read_text(encoding="utf-8"), name)}
        for name in (locks.RUNTIME, locks.DEV)
    )
    assert runtime.items() <= dev.items()
