"""Work on drafts by the real program: what each task answers for the sample, and what hostile drafts come to."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from base.failure import NotDone
from base.folders import SAMPLE_HOTLINE
from hotline.files import FILES, LARGEST
from journal.actor import SYSTEM
from lab.patience import PATIENCE
from publishing import drafts, starting
from publishing.drafts import Crowded, Flawed, Unfit, Workshop
from publishing.publisher import Publishing
from publishing.shapes import LARGEST as LARGEST_BODY
from publishing.store import VersionStore
from settings.settings import Settings
from tests.unit.hotline.folders import recorded, small, written
from trees.draft_worker import MEMORY

SAMPLE = {name: (SAMPLE_HOTLINE / name).read_text(encoding="utf-8") for name in FILES}
ELSEWHERE = SAMPLE | {"hotline.yaml": SAMPLE["hotline.yaml"].replace('"1": {queue: greening}', '"1": {queue: general}')}


pytestmark = pytest.mark.asyncio(loop_scope="module")


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Workshop]:
    settings = Settings(state=folder / "state", hotline=SAMPLE_HOTLINE)
    settings.folder.make()
    made = Workshop(settings, lambda: SAMPLE_HOTLINE, kept(settings))
    yield made
    await made.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workshop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Workshop]:
    """One for all tests that leave its program as it is: to start one takes a second of a processor."""
    async with opened(tmp_path_factory.mktemp("workshop")) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def own(tmp_path: Path) -> AsyncIterator[Workshop]:
    """A workshop of the test's own."""
    async with opened(tmp_path) as made:
        yield made


def kept(settings: Settings) -> Publishing:
    """The hotline's folder is kept as version 1; nothing can be published."""
    nobody: Any = None
    store = VersionStore(settings.folder.versions)
    version = starting.again(settings, store).keep(store, 0.0, SYSTEM)
    return Publishing(settings, nobody, store, nobody, nobody, nobody, nobody, version=version)


async def work(workshop: Workshop, task: str, files: Any = SAMPLE, speak: str = "en", **given: Any) -> Any:
    return await workshop.work(task, {"files": files, "speak": speak, **given})


WALK: dict[str, Any] = {"at": "2026-10-01 09:00", "number": None, "caller": "", "language": None, "keys": []}


async def test_the_sample_from_check_to_differences(workshop: Workshop) -> None:
    assert (await work(workshop, "check")) == {"usable": True, "problems": [], "more": 0}
    tested = await work(workshop, "tests")
    assert tested["tests"]
    assert all(test["passed"] for test in tested["tests"])
    assert await work(workshop, "differences", against=None) == []
    told = await work(workshop, "differences", ELSEWHERE, against=1)
    assert told
    assert all("menus/" in each["place"] for each in told)
    with pytest.raises(LookupError):
        await work(workshop, "differences", ELSEWHERE, against=2)
    listed = await work(workshop, "outline", ELSEWHERE, language="zh", days=None, against=1)
    assert listed["svg"].startswith("<svg")
    assert 'data-place="menus/main"' in listed["svg"]
    marks = {each["mark"] for place in listed["places"] for each in (place, *place["ways"])}
    assert marks > {"same"}
    with pytest.raises(Unfit, match="no language fr"):
        await work(workshop, "outline", language="fr", days=None, against=None)


async def test_edits_by_path_change_the_text_and_problems_have_their_path(workshop: Workshop) -> None:
    def one(do: str, file: str, *path: str | int, value: Any = None, to: str = "") -> dict[str, Any]:
        return {"do": do, "file": file, "path": list(path), "value": value, "to": to}

    told = await work(workshop, "edit", edits=[])
    assert (told["files"], told["usable"], told["problems"]) == ({}, True, [])
    assert told["values"]["hotline.yaml"]["queues"]["gas"]["needs"] == {"gas": "3"}
    wished = [
        one("set", "hotline.yaml", "queues", "gas", "ring", value="soon"),
        one("set", "agents.yaml", "agents", 0, "skills", "gas", value=2),
        one("set", "hotline.yaml", "queues", "greening", "announce", "every", value="20s"),
    ]
    told = await work(workshop, "edit", edits=wished)
    assert "\n    ring: soon\n" in told["files"]["hotline.yaml"]
    assert "skills: {greening: 4, general: 2, gas: 2}" in told["files"]["agents.yaml"]
    assert {"file": "hotline.yaml", "path": ["queues", "gas", "announce"]} in told["also"]
    assert not told["usable"]
    assert [each["path"] for each in told["problems"] if each["level"] == "error"] == [["queues", "gas", "ring"]]
    calendars = {"ours": {"country": "CN"}, "odd": {"country": "../x"}, "none": {"off": []}, "worse": ["CN"]}
    told = await work(workshop, "edit", edits=[one("set", "hotline.yaml", "calendars", value=calendars)])
    assert set(told["countries"]) == {"CN"}
    assert told["countries"]["CN"]["weekend"] == [5, 6]
    assert f"{told['countries']['CN']['until'][:4]}-10-01" in told["countries"]["CN"]["holidays"]
    told = await work(workshop, "edit", edits=[one("set", "hotline.yaml", "calendars", value=["CN"])])
    assert (told["countries"], told["usable"]) == ({}, False)
    with pytest.raises(Unfit, match=r"hotline\.yaml has nothing at entry/x: look at the file again\."):
        await work(workshop, "edit", edits=[one("set", "hotline.yaml", "entry", "x", value=1)])
    broken = {**SAMPLE, "hotline.yaml": "a: [\n"}
    told = await work(workshop, "edit", broken, edits=[])
    assert told["values"]["hotline.yaml"] is None
    with pytest.raises(Unfit, match=r"cannot be read: correct line 2 first"):
        await work(workshop, "edit", broken, edits=[one("set", "hotline.yaml", "a", value=1)])


async def test_a_walk_key_by_key(workshop: Workshop) -> None:
    first = await work(workshop, "walk", **WALK)
    assert first["asks"]
    assert first["keys"]["1"]
    then = await work(workshop, "walk", **{**WALK, "keys": ["2", "silence"]}, speak="zh")
    assert [step["did"] for step in then["steps"]][:2] == ["2", "silence"]
    assert then["head"].startswith("2026-10-01 09:00")
    heard = next(clip for step in first["steps"] for clip in step["said"] if clip["sound"])
    kind, data = await workshop.sound(heard["sound"].rpartition("/")[2], "en") or ("", b"")
    assert kind in ("audio/ogg", "audio/wav")
    assert len(data) > 1_000
    assert await workshop.sound("../secrets.json", "en") is None
    ends = await work(workshop, "walk", **{**WALK, "keys": ["1", "1", "5"]})
    assert (ends["steps"][-1]["place"], ends["asks"], ends["left"]) == ("queues/greening", False, ["5"])


NEW = SAMPLE | {"hotline.yaml": SAMPLE["hotline.yaml"].replace("绿化请按1", "种花请按1")}


async def new_text(workshop: Workshop, speak: str = "en") -> tuple[dict[str, Any], str | None]:
    """What a walk tells of the new text, and why it cannot be heard."""
    walked = await work(workshop, "walk", NEW, speak, **WALK)
    (clip,) = [clip for step in walked["steps"] for clip in step["said"] if "种花" in clip["text"]]
    return clip, walked["unvoiced"]


async def test_a_new_text_is_spoken_when_somebody_wants_to_hear_it(
    own: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = f"sh -c 'ulimit -v > {tmp_path}/limit; exec sox -n -r 16000 -b 16 $0 synth 0.6 sine 300' {{target}}"
    monkeypatch.setenv("WUTONG_VOICE", limit)
    clip, unvoiced = await new_text(own)
    assert (clip["speaker"], clip["seconds"], unvoiced) == (None, None, None)
    sound = clip["sound"].rpartition("/")[2]
    kind, data = await own.sound(sound, "en") or ("", b"")
    assert (kind, data[:4]) == ("audio/wav", b"RIFF")
    assert int((tmp_path / "limit").read_text()) == MEMORY // 1024, "the voice has the program's limit"
    (tmp_path / "limit").unlink()
    assert await own.sound(sound, "en") == (kind, data)
    assert not (tmp_path / "limit").exists(), "it is spoken once"
    clip, _ = await new_text(own)
    assert (clip["speaker"], 0.3 < clip["seconds"] < 1) == ("voice", True)


async def test_a_machine_that_cannot_speak_says_so(
    own: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for speak, said in (("zh", "没有装自然语音"), ("en", "has no natural voice")):
        clip, unvoiced = await new_text(own, speak)
        assert (clip["sound"], clip["seconds"], clip["speaker"]) == (None, None, None)
        assert said in (unvoiced or "")
        assert (await work(own, "walk", SAMPLE, speak, **WALK))["unvoiced"] is None, "all of it has a sound"


async def test_a_check_tells_before_a_publish_that_callers_would_hear_the_draft_voice(
    own: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for speak, said in (("zh", "草稿语音"), ("en", "the draft voice would speak")):
        checked = await work(own, "check", NEW, speak)
        (told,) = [problem for problem in checked["problems"] if problem["code"] == "no-voice"]
        assert (checked["usable"], told["level"], said in told["message"]) == (True, "warning", True)
        assert (await work(own, "check", SAMPLE, speak))["problems"] == []


async def test_a_draft_is_compared_with_the_recordings_of_a_version(tmp_path: Path) -> None:
    (tmp_path / "hotline").mkdir()
    folder = recorded(written(tmp_path / "hotline", small()), "您好", 1)
    settings = Settings(state=tmp_path / "state", hotline=folder)
    settings.folder.make()
    workshop = Workshop(settings, lambda: folder, kept(settings))
    assert await work(workshop, "differences", small(), against=1) == []
    recorded(folder, "您好", 2)
    told = await work(workshop, "differences", small(), against=1)
    assert [each["sentence"] for each in told] == ["Another recording is played: “您好”"]
    await workshop.close()


async def test_a_caller_whom_the_hotline_does_not_have(workshop: Workshop) -> None:
    for fault, given in (
        ("number", "999"),
        ("at", "yesterday"),
        ("at", "9999-12-31T23:59:59+00:00"),
        ("at", "0001-01-01 00:00"),
        ("language", "fr"),
    ):
        with pytest.raises(Unfit) as refused:
            await work(workshop, "walk", **{**WALK, fault: given})
        assert refused.value.fault == fault, given


async def test_failed_tests_and_errors(workshop: Workshop) -> None:
    failing = await work(workshop, "tests", ELSEWHERE)
    wrong = [problem for test in failing["tests"] for problem in test["problems"]]
    assert wrong
    assert all(problem["file"] == "tests.yaml" for problem in wrong)
    found = await work(workshop, "check", ELSEWHERE)
    assert not found["usable"]
    broken = SAMPLE | {"hotline.yaml": SAMPLE["hotline.yaml"].replace("queue: greening", "queue: greenin")}
    with pytest.raises(Flawed) as flawed:
        await work(workshop, "walk", broken, **WALK)
    assert any(problem.code == "dangling" for problem in flawed.value.problems)
    with pytest.raises(Flawed) as flawed:
        await work(workshop, "walk", broken, speak="zh", **WALK)
    told = (await work(workshop, "check", broken, speak="zh"))["problems"]
    assert [problem.message for problem in flawed.value.problems][:2] == [problem["message"] for problem in told][:2]
    assert told[0]["message"] == "没有队列 'greenin'"
    untested = {name: text for name, text in SAMPLE.items() if name != "tests.yaml"}
    assert (await work(workshop, "tests", untested))["tests"] == []


async def test_a_draft_needs_no_passwords_and_none_comes_back(workshop: Workshop) -> None:
    secret = "hunter2;hunter2"
    agents = SAMPLE["agents.yaml"].replace("{id:", f"{{password: '{secret}', id:", 1)
    found = await work(workshop, "check", SAMPLE | {"agents.yaml": agents})
    assert not found["usable"]
    assert secret not in str(found)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


HOSTILE = {
    "bomb": BOMB,
    "open": "[" * 100_000,
    "deep": "{" * 5_000 + "}" * 5_000,
    "long": "x: " + "y" * 900_000,
    "control": "\x00\x01",
    "many": "- a\n" * 200_000,
    "itself": "&a *a",
}


async def test_hostile_files_are_errors_in_time(workshop: Workshop) -> None:
    """One program takes them all, one after another."""
    for kind, text in HOSTILE.items():
        found = await work(workshop, "check", SAMPLE | {"hotline.yaml": text})
        assert not found["usable"], kind
        assert found["problems"][0]["file"] == "hotline.yaml", kind


async def test_the_service_goes_on_meanwhile_and_a_task_that_lasts_is_ended(
    own: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "WITHIN_S", 0.05)  # it does not even start in that time
    with pytest.raises(Unfit, match="took longer"):
        await work(own, "check")
    monkeypatch.undo()
    assert (await work(own, "check"))["usable"], "the next one has a program of its own"
    figures = {sample.labels["why"]: sample.value for metric in own.collect() for sample in metric.samples}
    assert figures["too-long"] == 1


async def begun(workshop: Workshop) -> asyncio.Task[Any]:
    """A check that the program has got."""
    task = asyncio.create_task(work(workshop, "check"))
    async with asyncio.timeout(PATIENCE):
        while not workshop._working.locked():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)
    return task


async def test_whoever_goes_holds_up_nobody(own: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    await work(own, "check")
    process = own._process
    monkeypatch.setattr(drafts, "GIVEN_UP_S", PATIENCE)
    quick, waiting = await begun(own), asyncio.create_task(work(own, "check"))
    quick.cancel()
    waiting.cancel()
    for task in (quick, waiting):
        with pytest.raises(asyncio.CancelledError):
            await task
    assert own._process is process, "a short task is done, and the next one finds the program"
    monkeypatch.setattr(drafts, "GIVEN_UP_S", 0.0)
    long = await begun(own)
    long.cancel()
    with pytest.raises(asyncio.CancelledError):
        await long
    assert process is not None
    assert process.returncode is not None, "a long one is ended"
    assert (await work(own, "check"))["usable"]


async def test_a_replay_without_a_journal_says_so(workshop: Workshop) -> None:
    with pytest.raises(NotDone, match="no calls have been recorded"):
        await work(workshop, "replay", days=7)


async def test_a_program_that_ended_is_started_again(own: Workshop) -> None:
    await work(own, "check")
    process = own._process
    assert process is not None
    process.kill()
    await process.wait()
    assert (await work(own, "check"))["usable"]


async def test_a_mistake_is_logged_and_the_program_goes_on(own: Workshop) -> None:
    await work(own, "check")
    before = own._process
    with capture_logs() as logs, pytest.raises(NotDone, match="its log tells which"):
        await work(own, "no such task")
    (line,) = (line for line in logs if line["event"] == "draft-mistake")
    assert "KeyError: 'no such task'" in line["trace"]
    assert (await work(own, "check"))["usable"]
    assert own._process is before


async def test_where_memory_ends_the_program_goes_and_not_the_service(workshop: Workshop) -> None:
    await work(workshop, "check")
    assert workshop._process is not None
    score = Path(f"/proc/{workshop._process.pid}/oom_score_adj")
    assert await asyncio.to_thread(score.read_text) == "1000\n"


async def test_the_largest_hotline_that_check_takes_can_be_checked_and_replayed(workshop: Workshop) -> None:
    """Each file with as many bytes as one may have, most of them in Chinese remarks."""
    large = dict[str, str]()
    for name, text in SAMPLE.items():
        large[name] = text + "# " + "备注" * ((LARGEST - len(text.encode()) - 4) // 6) + "\n"
    assert all(LARGEST - 8 < len(text.encode()) <= LARGEST for text in large.values())
    assert len(json.dumps({"files": large})) < LARGEST_BODY, "also in a body that escapes every letter"
    assert (await work(workshop, "check", large))["usable"]
    with pytest.raises(NotDone):  # there is no journal here: the draft was understood
        await work(workshop, "replay", large, days=7)


async def test_what_waits_takes_no_more_memory_than_it_may(own: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_BYTES", 3 * len(json.dumps(SAMPLE, ensure_ascii=False).encode()))
    crowd = [asyncio.create_task(work(own, "check")) for _ in range(4)]
    answers = await asyncio.gather(*crowd, return_exceptions=True)
    assert [type(each) for each in answers] == [dict, dict, Crowded, Crowded]
    assert (await work(own, "check"))["usable"]
