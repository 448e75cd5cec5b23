"""Publishing, without Asterisk: what is refused and why, in which order things happen, what is left when one fails."""

import asyncio
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import structlog

from accounts.audit import Entry
from acd.events import HotlineChanged
from acd.views import CallView
from base.clock import Clock
from base.failure import NotDone
from calls.trials import Trials
from hotline.edition import Edition, Editions
from hotline.model import Hotline
from hotline.removed import RemovedQueue
from ivr.model import ToQueue
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from publishing import starting
from publishing.prepare import Prepared
from publishing.publisher import NONE, Behind, Newer, Publishing, Wanted
from publishing.shapes import Broken
from publishing.store import VersionStore
from publishing.trial_run import NotOnTrial, TrialRun
from publishing.versions import Origin, Texts
from settings import secrets
from settings.settings import Settings
from sounds.build import Report
from sounds.recordings import read
from tests.unit.hotline.folders import ENDED, recorded, small, written

NO_CLIPS: Any = SimpleNamespace(needed=lambda texts: [])
WANG = Actor.user("wang")
FOLDER = Wanted()


@dataclass
class Asterisk:
    """As much of Asterisk and of the distributor as publishing touches. `fails`: the next reloads raise."""

    fails: int = 0
    reloads: int = 0
    told: list[Any] = field(default_factory=list)
    prepared: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    installation: Any = None
    clock: Clock = field(default_factory=Clock)
    waiting: list[CallView] = field(default_factory=list)
    engine: Any = None
    telephony: Any = field(default_factory=lambda: SimpleNamespace(phones=SimpleNamespace(report_all=lambda: None)))

    def __post_init__(self) -> None:
        self.engine = SimpleNamespace(any_edited=False, calls=lambda: self.waiting)

    async def reload(self) -> None:
        self.reloads += 1
        if self.fails:
            self.fails -= 1
            raise NotDone("Asterisk does not answer")

    async def prepare(self, _: Settings, known: Any, hotline: Any, *rest: Any, **more: Any) -> Prepared:
        phones = {each: known.phone_password(each, own).get_secret_value() for each, own in hotline.phones.items()}
        self.prepared.append((hotline.greeting["zh"], phones))
        return await make_prompts()

    def tell(self, event: Any) -> None:
        self.told.append(event)


@dataclass
class Desk:
    """Who publishes, and what is behind it."""

    settings: Settings
    asterisk: Asterisk
    publishing: Publishing
    audited: list[Entry]

    @property
    def folder(self) -> Path:
        return self.settings.hotline

    def edit(self, old: str, new: str, name: str = "hotline.yaml") -> None:
        text = (self.folder / name).read_text()
        assert old in text
        (self.folder / name).write_text(text.replace(old, new))

    @property
    def greeting(self) -> str:
        return self.publishing.editions.in_use.hotline.greeting["zh"]

    @property
    def passwords(self) -> Mapping[str, str]:
        """Those of the phones in Asterisk's configuration."""
        return self.asterisk.prepared[-1][1]

    async def publish(self, wanted: Wanted = FOLDER) -> int:
        return (await self.publishing.publish(wanted, WANG)).version.number

    def files(self, greeting: str) -> Texts:
        """Those of the version in use, with another greeting."""
        assert self.publishing.version is not None
        files = self.publishing.store.files(self.publishing.version.number)
        return {**files, "hotline.yaml": files["hotline.yaml"].replace("您好", greeting)}


def _folder(tmp_path: Path, name: str, files: dict[str, str]) -> Path:
    (tmp_path / name).mkdir()
    return written(tmp_path / name, files)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A hotline of which the start was version 1."""
    settings = Settings(state=tmp_path / "state", hotline=_folder(tmp_path, "hotline", small()))
    settings.folder.make()
    return started(settings, Asterisk())


async def make_prompts(*_: Any, **more: Any) -> Prepared:
    return Prepared(NO_CLIPS, (), Report(0, 0, 0))


def started(settings: Settings, asterisk: Asterisk, trials: Trials | None = None) -> Desk:
    """A service that starts. `trials`: what is known of them."""
    trials = trials or Trials()
    store = VersionStore(settings.folder.versions)
    start = starting.again(settings, store)
    secrets.obtain(settings.folder, start.hotline.phones, None, start.given)
    editions = Editions(Edition(start.hotline, NO_CLIPS))
    distributor: Any = asterisk
    editions.tries = trials.gets_it
    audited: list[Entry] = []
    trial = TrialRun(settings, editions, store, trials, trials.note, lambda: 0.0, audited.append, make_prompts)
    publishing = Publishing(
        *(settings, editions, store, distributor, distributor, distributor, trial), prepare=asterisk.prepare
    )
    publishing.version, publishing.fault = start.keep(store, 0, SYSTEM), start.fault
    return Desk(settings, asterisk, publishing, audited)


async def test_an_edited_folder_is_a_new_version(desk: Desk) -> None:
    desk.edit("您好", "欢迎")
    made = await desk.publishing.publish(Wanted(note="a friendlier greeting"), WANG)
    assert (made.version.number, made.version.author, made.version.note) == (2, "user:wang", "a friendlier greeting")
    assert (made.version.origin, made.changed, desk.greeting) == (Origin.FOLDER, True, "欢迎")
    assert [type(each) for each in desk.asterisk.told] == [HotlineChanged]
    assert [each.number for each in VersionStore(desk.settings.folder.versions).history] == [1, 2]


async def test_a_queue_that_is_taken_out_is_told_with_who_waits_there(desk: Desk) -> None:
    desk.asterisk.waiting = [
        CallView("c1", "greening", None),
        CallView("c2", "greening", "1001"),
        CallView("c3", "general", None),
    ]
    desk.edit("  greening:\n    name", "  trees:\n    name")
    desk.edit("{queue: greening}", "{queue: trees}")
    desk.edit("entry: main", "entry: main\nremoved_queues: {greening: {queue: trees}}")
    made = await desk.publishing.publish(FOLDER, WANG)
    assert made.removed == [RemovedQueue("greening", 1, ToQueue(queue="trees"), True)]
    (changed,) = desk.asterisk.told
    assert changed.onward.of("greening") == ToQueue(queue="trees")
    assert (await desk.publishing.publish(FOLDER, WANG)).removed == []


async def test_some_callers_get_a_version_on_trial(desk: Desk) -> None:
    made = await desk.publishing.publish(Wanted(files=desk.files("欢迎"), percent=10), WANG)
    assert (made.version.number, made.version.trial, desk.greeting) == (2, {"percent": 10}, "您好")
    assert desk.asterisk.told == []
    editions, trials = desk.publishing.editions, desk.publishing.trial.trials
    assert editions.trial is not None
    assert editions.trial.hotline.greeting["zh"] == "欢迎"
    numbers = [f"138{n:08}" for n in range(500)]
    chosen = [number for number in numbers if editions.of_new_call(number) is editions.trial]
    assert 20 < len(chosen) < 90
    view = desk.publishing.tried(2)
    assert view is not None
    assert (view.percent, view.verdict, trials.running) == (10, "running", 2)

    assert await desk.publish(Wanted(number=2)) == 3, "for all"
    assert desk.publishing.editions.trial is None
    assert (desk.greeting, trials.running) == ("欢迎", None)
    view = desk.publishing.tried(2)
    assert view is not None
    assert view.verdict == "for-all"


async def test_going_back_to_the_version_in_use_ends_a_trial_and_makes_none(desk: Desk) -> None:
    await desk.publish(Wanted(files=desk.files("欢迎"), percent=10))
    assert await desk.publish(Wanted(number=1)) == 1
    assert (desk.publishing.editions.trial, desk.greeting) == (None, "您好")
    view = desk.publishing.tried(2)
    assert view is not None
    assert view.verdict == "ended"


async def test_what_is_beyond_menus_cannot_be_on_trial(desk: Desk) -> None:
    files = desk.files("欢迎")
    files = {**files, "hotline.yaml": files["hotline.yaml"].replace('extension: "6001"', 'extension: "6002"')}
    with pytest.raises(NotOnTrial) as refused:
        await desk.publish(Wanted(files=files, percent=10))
    assert "these differ too: queues" in refused.value.detail
    with pytest.raises(NotOnTrial) as refused:
        await desk.publish(Wanted(percent=10))
    assert "nothing to try" in refused.value.detail
    assert len(desk.publishing.history()) == 1


async def test_a_start_takes_up_a_trial_and_never_takes_it_for_all(desk: Desk) -> None:
    desk.edit("您好", "欢迎")
    await desk.publish(Wanted(percent=10))
    before = desk.publishing.trial.trials.kept()
    with pytest.raises(Behind, match="on trial"):
        await desk.publish()
    start, _ = starting.by_person(desk.settings, desk.publishing.store)
    assert (start.hotline.greeting["zh"], start.fault) != ("欢迎", None)
    assert start.fault is not None
    assert "version 1" in start.fault
    after = started(desk.settings, desk.asterisk, Trials.restored(before, ()))
    assert after.greeting == "您好"
    await after.publishing.trial.take_up()
    assert after.publishing.editions.trial is not None
    assert after.publishing.editions.trial.hotline.greeting["zh"] == "欢迎"
    assert await after.publish(Wanted(over=True)) == 3
    later = started(desk.settings, desk.asterisk, Trials.restored(before, ()))
    await later.publishing.trial.take_up()
    assert later.publishing.editions.trial is None, "what it was compared with is not in use any more"
    assert [(each.what, each.target, each.actor) for each in later.audited] == [
        ("trial-ended", "/versions/2", "system")
    ]


async def test_it_is_taken_back_by_itself_once_enough_gave_up(desk: Desk) -> None:
    await desk.publish(Wanted(files=desk.files("欢迎"), percent=10))
    run, editions = desk.publishing.trial, desk.publishing.editions
    assert editions.trial is not None
    tried = [n for n in (f"138{n:08}" for n in range(2_000)) if editions.of_new_call(n) is editions.trial]
    digest = editions.trial.hotline.version
    for n, number in enumerate(tried[:25]):
        began = {"caller": number, "version": digest, "resumed": False}
        for record in (
            Record(1.0, Kind.CALL_STARTED, f"c{n}", data=began),
            Record(2.0, Kind.CALL_FINISHED, f"c{n}", data={"by": "caller"}),
        ):
            run.trials.note(record)
            run.note(record)
    killed = started(desk.settings, desk.asterisk, Trials.restored(run.trials.kept(), ()))
    for each in desk, killed:  # this service, and the next one if this one was killed just then
        if each is desk:
            await asyncio.sleep(0)
        else:
            await each.publishing.trial.take_up()
        assert each.publishing.editions.trial is None
        view = each.publishing.tried(2)
        assert view is not None
        assert view.verdict == "taken-back"
        (entry,) = each.audited
        assert (entry.what, entry.target, entry.actor) == ("trial-taken-back", "/versions/2", "system")
        assert json.loads(entry.detail)["calls"] == 25


async def test_the_same_again_makes_no_version_and_a_remark_makes_one_that_changes_nothing(desk: Desk) -> None:
    assert await desk.publish() == 1
    assert desk.asterisk.reloads == 1, "an earlier reload may have failed half-way"
    desk.edit("hotline: small", "# a remark\nhotline: small")
    made = await desk.publishing.publish(FOLDER, WANG)
    assert (made.version.number, made.changed) == (2, False)
    assert not desk.asterisk.told


async def test_sent_files_are_published_and_an_earlier_version_comes_back(desk: Desk) -> None:
    assert await desk.publish(Wanted(files=desk.files("欢迎"))) == 2
    assert desk.greeting == "欢迎"
    assert "您好" in (desk.folder / "hotline.yaml").read_text(), "nobody writes into the folder"
    assert await desk.publish(Wanted(number=1, note="back")) == 3
    assert desk.greeting == "您好"
    assert desk.publishing.version is not None
    assert desk.publishing.version.origin == 1


async def test_a_folder_that_nobody_has_edited_does_not_undo_what_was_published_elsewhere(desk: Desk) -> None:
    await desk.publish(Wanted(files=desk.files("欢迎")))
    with pytest.raises(Behind, match=r"Version 2 of user:wang .*\./wutong versions export 2 DIR.*publish --over"):
        await desk.publish()
    assert desk.greeting == "欢迎"
    assert await desk.publish(Wanted(over=True)) == 3
    assert desk.greeting == "您好"
    await desk.publish(Wanted(files=desk.files("欢迎")))
    desk.edit("再见", "再会")
    assert await desk.publish() == 5, "somebody has edited it"


async def test_a_reload_takes_the_lists_and_recordings_of_a_folder_that_is_behind(desk: Desk) -> None:
    (desk.folder / "seniors.txt").write_text("13800000000\n")
    desk.edit("entry: main\n", "entry: main\ncallers: {seniors: {file: seniors.txt}}\n")
    await desk.publish()
    await desk.publish(Wanted(files=desk.files("欢迎")))
    with pytest.raises(Behind):
        await desk.publish(Wanted(anew=True))
    (desk.folder / "seniors.txt").write_text("13800000001\n")
    with pytest.raises(Behind):
        await desk.publish()
    assert await desk.publish(Wanted(anew=True)) == 4
    assert desk.greeting == "欢迎"
    assert desk.publishing.editions.in_use.hotline.filed["seniors"] == {"13800000001"}


async def test_a_publish_over_an_older_version_than_the_one_in_use_is_refused(desk: Desk) -> None:
    version = desk.publishing.version
    assert version is not None
    tag = version.tag
    await desk.publishing.publish(Wanted(files=desk.files("欢迎")), WANG, tag)
    with pytest.raises(Newer, match="Version 2 of user:wang is in use"):
        await desk.publishing.publish(Wanted(files=desk.files("你好")), WANG, tag)
    with pytest.raises(Newer):
        await desk.publishing.publish(FOLDER, WANG, NONE)
    assert desk.greeting == "欢迎"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ([("{queue: greening}", "{queue: grening}")], "grening"),
        ([('"1": {queue: greening}', '"1": {queue: general}')], "not at the queue greening"),
        (ENDED, "nothing is known of days after 2020-12-31"),
    ],
)
async def test_what_has_errors_or_fails_its_tests_is_refused_and_the_log_says_why(
    desk: Desk, changes: Any, why: str
) -> None:
    (desk.folder / "tests.yaml").write_text('tests:\n  - {name: one, keys: ["1"], expect: {queue: greening}}\n')
    (desk.folder / "hotline.yaml").write_text(small(*changes)["hotline.yaml"])
    with structlog.testing.capture_logs() as logs, pytest.raises(Broken):
        await desk.publish()
    (line,) = logs
    assert (line["event"], line["log_level"], line["actor"]) == ("publish-refused", "warning", "user:wang")
    assert why in str(line["problems"])
    assert (desk.greeting, desk.asterisk.reloads) == ("您好", 0)
    assert [each.number for each in VersionStore(desk.settings.folder.versions).history] == [1]


async def test_when_asterisk_fails_the_old_one_is_in_use_and_nothing_is_kept(desk: Desk) -> None:
    desk.edit("您好", "欢迎")
    desk.edit("correct-horse", "battery-staple", "agents.yaml")
    desk.asterisk.fails = 1
    with pytest.raises(NotDone, match="was not taken into use: Asterisk does not answer"):
        await desk.publish()
    assert desk.greeting == "您好"
    assert desk.asterisk.prepared[-1][0] == "您好", "Asterisk has the configuration of before"
    assert desk.passwords["1002"] == "correct-horse"
    assert sorted(each.name for each in desk.settings.folder.versions.iterdir()) == ["000001.json"]
    assert await desk.publish() == 2


async def test_a_version_that_cannot_be_kept_is_not_used(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    desk.edit("您好", "欢迎")
    monkeypatch.setattr(desk.publishing.store, "keep", full)
    with pytest.raises(NotDone, match="No space left on device"):
        await desk.publish()
    assert (desk.greeting, desk.asterisk.prepared[-1][0]) == ("您好", "您好")
    monkeypatch.setattr(desk.publishing.store, "write", full)
    with pytest.raises(NotDone, match="No space left on device"):
        await desk.publish()
    assert desk.asterisk.reloads == 2, "it was not even tried"


async def test_no_version_has_a_password_and_the_phones_keep_theirs(desk: Desk) -> None:
    desk.edit("您好", "欢迎")
    await desk.publish()
    assert desk.passwords["1002"] == "correct-horse"
    kept = "".join(file.read_text() for file in desk.settings.folder.versions.iterdir())
    assert "correct-horse" not in kept
    assert '"1002"' in kept.replace("\\", "")
    await desk.publish(Wanted(number=1))
    assert desk.passwords["1002"] == "correct-horse"
    again = started(desk.settings, desk.asterisk)
    await again.publish(Wanted(files=again.files("你好")))
    assert again.passwords["1002"] == "correct-horse"
    # a weak one is taken out of the file: a strong one is made
    again.edit("欢迎", "早上好")
    again.edit(", password: correct-horse", "", "agents.yaml")
    await again.publish()
    assert again.passwords["1002"] != "correct-horse"


async def test_a_start_takes_what_was_published_and_says_so_of_a_broken_folder(desk: Desk) -> None:
    desk.edit("您好", "欢迎")  # and not published
    again = started(desk.settings, desk.asterisk)
    assert (again.greeting, again.publishing.fault) == ("您好", None)
    desk.edit("menus:", "manus:")
    broken = started(desk.settings, desk.asterisk)
    assert broken.greeting == "您好"
    assert "is not used: version 1 of system is" in (broken.publishing.fault or "")
    await broken.publish(Wanted(files=broken.files("早")))
    assert broken.publishing.fault is None


def test_a_start_passes_over_a_version_that_is_damaged(desk: Desk) -> None:
    (desk.settings.folder.versions / "000001.json").write_text("{}")
    desk.edit("您好", "欢迎")
    again = started(desk.settings, desk.asterisk)
    assert again.greeting == "欢迎"
    assert "damaged: 000001.json" in (again.publishing.fault or "")
    assert again.publishing.version is not None
    assert again.publishing.version.number == 2, "no number is used twice"


def test_another_folder_begins_anew(desk: Desk, tmp_path: Path) -> None:
    other = _folder(tmp_path, "other", small(("您好", "喂")))
    settings = desk.settings.model_copy(update={"hotline": other})
    assert started(settings, desk.asterisk).greeting == "喂"


@pytest.mark.parametrize(
    ("edits", "greeting", "told"),
    [
        ([], "您好", ""),
        ([("您好", "欢迎")], "欢迎", ""),
        ([("menus:", "manus:")], "您好", "has 2 errors"),
    ],
)
def test_a_person_starts_the_edited_folder_if_it_passes(
    desk: Desk, edits: list[tuple[str, str]], greeting: str, told: str
) -> None:
    for edit in edits:
        desk.edit(*edit)
    start, _ = starting.by_person(desk.settings, VersionStore(desk.settings.folder.versions))
    assert start.hotline.greeting["zh"] == greeting
    assert told in (start.fault or "")
    assert (start.fault is None) is (told == "")


async def test_a_person_does_not_undo_by_a_start_what_was_published_elsewhere(desk: Desk) -> None:
    await desk.publish(Wanted(files=desk.files("欢迎")))
    store = VersionStore(desk.settings.folder.versions)
    start, _ = starting.by_person(desk.settings, store)
    assert (start.hotline.greeting["zh"], start.version and start.version.number) == ("欢迎", 2)
    assert "published elsewhere" in (start.fault or "")


async def test_an_edited_folder_says_what_of_elsewhere_it_takes_back(desk: Desk) -> None:
    await desk.publish(Wanted(files=desk.files("欢迎")))
    desk.edit("您好", "早上好")
    start, _ = starting.by_person(desk.settings, VersionStore(desk.settings.folder.versions))
    assert (start.taken_back and start.taken_back.number, start.fault) == (2, None)
    with structlog.testing.capture_logs() as logs:
        made = await desk.publishing.publish(FOLDER, WANG)
    assert (made.taken_back and made.taken_back.number, desk.greeting) == (2, "早上好")
    assert [line["number"] for line in logs if line["event"] == "version-taken-back"] == [2]
    desk.edit("早上好", "晚上好")
    assert (await desk.publishing.publish(FOLDER, WANG)).taken_back is None
    assert (await desk.publishing.publish(Wanted(number=2), WANG)).taken_back is None, "no folder"


def test_a_person_with_a_broken_folder_and_no_version_gets_the_problems(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path / "state", hotline=written(tmp_path, small(("menus:", "manus:"))))
    with pytest.raises(starting.Broken, match="manus"):
        starting.by_person(settings, VersionStore(settings.folder.versions))


# -- recordings and lists ----------------------------------------------------------------------------------------------


def heard(hotline: Hotline) -> bytes | None:
    """The recording of the greeting."""
    found = read(hotline.prompts, hotline.languages).find("zh", hotline.greeting["zh"])
    return None if found is None else found.file.read_bytes()


async def test_a_rollback_brings_the_recordings_and_lists_back(desk: Desk) -> None:
    editions, contents = desk.publishing.editions, desk.settings.folder.versions / "contents"
    desk.edit("entry: main\n", "entry: main\ncallers: {seniors: {file: seniors.txt}}\n")
    sounds = list[bytes | None]()
    for sample, number in enumerate(("13800000000", "13800000001")):
        (desk.folder / "seniors.txt").write_text(number)
        recorded(desk.folder, "您好", sample)
        await desk.publish()
        sounds.append(heard(editions.in_use.hotline))
    assert len(set(sounds)) == 2
    assert len(list(contents.iterdir())) == 5, "two of each, and the index once"
    shutil.rmtree(desk.folder / "prompts")
    assert heard(editions.in_use.hotline) == sounds[1], "nobody takes it away from a version"

    assert await desk.publish(Wanted(number=2)) == 4
    assert heard(editions.in_use.hotline) == sounds[0]
    assert editions.in_use.hotline.filed["seniors"] == {"13800000000"}
    again = started(desk.settings, desk.asterisk)
    assert heard(again.publishing.editions.in_use.hotline) == sounds[0], "so does a start"
    assert await desk.publish(Wanted(number=1)) == 5
    assert heard(editions.in_use.hotline) is None


async def test_a_reload_does_not_undo_the_recordings_that_a_rollback_brought_back(desk: Desk) -> None:
    for sample in (1, 2):
        await desk.publish()
        recorded(desk.folder, "您好", sample)
    assert await desk.publish() == 3
    assert await desk.publish(Wanted(number=2)) == 4
    back = heard(desk.publishing.editions.in_use.hotline)
    before = desk.publishing.version
    assert await desk.publish(Wanted(number=2)) == 4, "it is in use already"
    assert desk.publishing.version is before
    for wanted in Wanted(), Wanted(anew=True):
        with pytest.raises(Behind, match="Version 4 of user:wang was published elsewhere"):
            await desk.publish(wanted)
    start, _ = starting.by_person(desk.settings, desk.publishing.store)
    assert (heard(start.hotline), start.version) == (back, before)
    assert heard(desk.publishing.editions.in_use.hotline) == back
    recorded(desk.folder, "您好", 3)
    assert await desk.publish() == 5
    assert heard(desk.publishing.editions.in_use.hotline) not in (None, back)


async def test_a_recording_is_taken_away_from_a_version_that_was_published_elsewhere(desk: Desk) -> None:
    await desk.publish(Wanted(files=desk.files("欢迎")))
    recorded(desk.folder, "欢迎", 1)
    assert await desk.publish(Wanted(anew=True)) == 3
    assert heard(desk.publishing.editions.in_use.hotline) is not None
    shutil.rmtree(desk.folder / "prompts")
    assert await desk.publish(Wanted(anew=True)) == 4
    assert (heard(desk.publishing.editions.in_use.hotline), desk.greeting) == (None, "欢迎")
    with pytest.raises(Behind):
        await desk.publish(Wanted(anew=True))


async def test_a_lost_recording_is_a_clear_error_and_changes_nothing(desk: Desk) -> None:
    for sample in (1, 2):
        recorded(desk.folder, "您好", sample)
        await desk.publish()
    store = desk.publishing.store
    paths = store.paths(2)
    assert paths is not None
    paths["prompts/zh/said.wav"].unlink()
    used = desk.publishing.editions.in_use
    with structlog.testing.capture_logs() as logs:
        with pytest.raises(NotDone, match=r"Version 2 cannot be used: its prompts/zh/said\.wav is lost or damaged"):
            await desk.publish(Wanted(number=2))
        with pytest.raises(NotDone, match="Version 2 cannot be used"):
            await desk.publish(Wanted(number=2, percent=10))
    assert [line["event"] for line in logs] == ["publish-refused"] * 2
    assert (desk.publishing.editions.in_use, len(store.history), desk.publishing.editions.trial) == (used, 3, None)
    version = store.of(2)
    assert version is not None
    assert desk.publishing.lost(version) == ["prompts/zh/said.wav"]
    (store.paths(3) or {})["prompts/zh/said.wav"].write_bytes(b"")
    recorded(desk.folder, "您好", 3)
    again = started(desk.settings, desk.asterisk)
    assert "Version 3 cannot be used" in (again.publishing.fault or "")
    assert again.publishing.version is not None
    assert again.publishing.version.number == 1, "the newest that is whole"
    recorded(desk.folder, "您好", 2)
    assert await again.publish(Wanted(over=True)) == 4
    assert store.lost(store.history[2]) == [], "the folder has that one: it is whole again"


@pytest.mark.parametrize("damage", [b"", None])
async def test_what_is_lost_of_the_version_in_use_comes_back_from_the_folder(desk: Desk, damage: bytes | None) -> None:
    """`damage`: what is in the file; None: other bytes, as many."""
    recorded(desk.folder, "您好", 1)
    await desk.publish()

    def lose() -> None:
        at = (desk.publishing.store.paths(2) or {})["prompts/zh/said.wav"]
        at.write_bytes(at.read_bytes()[::-1] if damage is None else damage)

    lose()
    assert await desk.publish() == 2
    lose()
    again = started(desk.settings, desk.asterisk)
    assert again.publishing.version is not None
    assert (again.publishing.version.number, again.publishing.fault) == (2, None), "a restart without anybody, too"
    lose()
    start, _ = starting.by_person(desk.settings, desk.publishing.store)
    assert start.keep(desk.publishing.store, 0, SYSTEM) == desk.publishing.version
    again = started(desk.settings, desk.asterisk)
    assert again.publishing.version is not None
    assert (again.publishing.version.number, again.publishing.fault) == (2, None)


async def test_recordings_can_be_on_trial(desk: Desk) -> None:
    recorded(desk.folder, "您好", 1)
    await desk.publish()
    first = heard(desk.publishing.editions.in_use.hotline)
    recorded(desk.folder, "您好", 2)
    assert await desk.publish(Wanted(percent=10)) == 3
    editions = desk.publishing.editions
    assert editions.trial is not None
    assert heard(editions.in_use.hotline) == first != heard(editions.trial.hotline)
    with pytest.raises(Behind, match="on trial"):
        await desk.publish(Wanted(anew=True))
    kept = desk.publishing.trial.trials.kept()
    shutil.rmtree(desk.folder / "prompts")
    after = started(desk.settings, desk.asterisk, Trials.restored(kept, ()))
    await after.publishing.trial.take_up()
    assert after.publishing.editions.trial is not None
    assert heard(after.publishing.editions.trial.hotline) == heard(editions.trial.hotline)
    assert await after.publish(Wanted(number=3)) == 4
    assert heard(after.publishing.editions.in_use.hotline) == heard(editions.trial.hotline)


async def test_what_a_refused_publish_put_is_removed(desk: Desk) -> None:
    recorded(desk.folder, "您好", 1)
    desk.asterisk.fails = 1
    with pytest.raises(NotDone, match="does not answer"):
        await desk.publish()
    assert list((desk.settings.folder.versions / "contents").iterdir()) == []
    assert heard(desk.publishing.editions.in_use.hotline) is not None, "the folder has it, and it is not published"


def test_a_person_starts_the_edited_recordings(desk: Desk) -> None:
    recorded(desk.folder, "您好", 1)
    start, _ = starting.by_person(desk.settings, desk.publishing.store)
    assert start.version is None
    made = start.keep(desk.publishing.store, 0, SYSTEM)
    assert made is not None
    assert made.number == 2
    start, _ = starting.by_person(desk.settings, VersionStore(desk.settings.folder.versions))
    assert start.version == made
