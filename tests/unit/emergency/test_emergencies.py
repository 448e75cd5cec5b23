"""The emergency message: made into clips, kept for the next start, told before its end, ended by itself. With sox."""

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from accounts.audit import Entry
from base.clock import Clock
from base.failure import NotDone
from emergency import file
from emergency.emergencies import Emergencies
from emergency.model import BadEnd, When
from emergency.order import EmergencyIn, InDraft, WordsIn, WrongOrder
from hotline.edition import Edition
from journal.actor import SYSTEM, Actor
from journal.records import Kind, Record
from settings.sections import EmergencySettings
from sounds import audio
from sounds.catalogue import Catalogue
from sounds.takes import BadTake
from tests.unit.service.studio import Studio, pieces
from tests.unit.sounds.making import AbsentVoice, FakeVoice, tone

WANG = Actor.user("wang")
NOW = 1_700_000_000.0


class FakeClock(Clock):
    """Stands still until it is set."""

    time = NOW

    def now(self) -> float:
        return self.time


class Office:
    """Everything that a message needs; `begins` is another start of the service."""

    def __init__(self, folder: Path) -> None:
        self.studio, self.clock = Studio(folder), FakeClock()
        hotline = self.studio.hotline
        voice = FakeVoice()
        self.studio.edition = Edition(hotline, Catalogue(folder / "sounds", None, hotline.languages, voice))
        self.state = folder / "emergency.json"
        self.records: list[Record] = []
        self.audited: list[Entry] = []
        self.begins()

    def begins(self) -> Emergencies:
        self.emergencies = Emergencies(
            EmergencySettings(),
            self.state,
            self.studio.folder / "sounds",
            lambda: self.studio.edition,
            self.studio.recording.taken,
            self.clock,
            self.records.append,
            self.audited.append,
        )
        self.emergencies.take_up()
        return self.emergencies

    async def on(self, **wanted: Any) -> list[str]:
        order = EmergencyIn.model_validate({"texts": {"zh": "虹口燃气泄漏", "en": "A gas leak"}, **wanted})
        return (await self.emergencies.switch_on(order, WANG))[1]

    async def take(self, *, seconds: float) -> str:
        sound = tone(self.studio.folder / "sound", seconds=seconds, silence=0.5, rate=16_000, loudness=0.1).read_bytes()
        return (await self.emergencies.keep_take(pieces(sound))).take

    def told(self, kind: Kind) -> list[Record]:
        return [record for record in self.records if record.kind is kind]

    async def passes(self, seconds: float) -> None:
        """The clock shows so much more, and the alarm looks at it."""
        self.clock.time += seconds
        self.emergencies._due()
        await asyncio.sleep(0)


@pytest.fixture
async def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


async def test_texts_become_clips_of_the_message(office: Office) -> None:
    assert await office.on(until="2h") == []
    emergency = office.emergencies.on
    assert emergency is not None
    assert [(each.language, each.words) for each in emergency.spoken] == [("zh", "虹口燃气泄漏"), ("en", "A gas leak")]
    for each in emergency.spoken:
        clip = office.emergencies.path(each.clip)
        assert clip is not None
        assert audio.length(clip) == pytest.approx(each.seconds, abs=0.01)
        assert audio.length(audio.wide(clip)) == pytest.approx(each.seconds, abs=0.01)
    [record] = office.told(Kind.EMERGENCY_ON)
    assert record.actor == WANG
    assert record.data == {
        "id": emergency.id,
        "mode": "before",
        "after": "goodbye",
        "begun": "2023-11-14T22:13:20.000+00:00",
        "until": "2023-11-15T00:13:20.000+00:00",
        "texts": {"zh": "虹口燃气泄漏", "en": "A gas leak"},
    }
    assert file.read(office.state) == (emergency,)


async def test_a_recording_is_judged_and_used(office: Office, tmp_path: Path) -> None:
    sound = tone(tmp_path / "sound", seconds=1, silence=0.5, rate=16_000, loudness=0.1).read_bytes()
    with pytest.raises(BadTake):
        await office.emergencies.keep_take(pieces(b"#EXTM3U\n/etc/passwd"))
    kept = await office.emergencies.keep_take(pieces(sound))
    assert kept.seconds == pytest.approx(1.1, abs=0.1)
    warnings = await office.on(texts={}, recordings={"zh": kept.take})
    assert warnings == ["It has no words in en: those callers hear it in zh."]
    emergency = office.emergencies.on
    assert emergency is not None
    assert emergency.spoken[0].clip == kept.take
    with pytest.raises(WrongOrder, match="no recording"):
        await office.on(texts={}, recordings={"zh": "0" * 32})
    assert office.emergencies.on == emergency, "what was refused changed nothing"


async def test_it_says_that_its_end_is_near_and_ends_by_itself(office: Office) -> None:
    await office.on(until="2h")
    await office.passes(5_300)
    assert not office.told(Kind.EMERGENCY_ENDING)
    await office.passes(200)
    await office.passes(1)
    assert len(office.told(Kind.EMERGENCY_ENDING)) == 1
    assert office.emergencies.left_s() == pytest.approx(1_699)
    await office.passes(1_698)
    assert office.emergencies.on is not None
    await office.passes(2)
    assert office.emergencies.on is None
    assert [(over.data["why"], over.actor) for over in office.told(Kind.EMERGENCY_OVER)] == [("ended", SYSTEM)]
    assert [entry.what for entry in office.audited] == ["emergency-ending", "emergency-ended"]
    assert file.read(office.state) == ()


async def test_it_goes_on_longer_only_if_somebody_says_so(office: Office) -> None:
    with pytest.raises(WrongOrder, match="No message is on"):
        await office.on(texts={}, until="1h")
    await office.on(until="24h")
    first = office.emergencies.on
    assert first is not None
    with pytest.raises(BadEnd, match="more than 24h"):
        await office.on(until="25h")
    await office.passes(23 * 3_600)
    await office.on(texts={}, until="20h")
    second = office.emergencies.on
    assert second == first.model_copy(update={"until": NOW + 43 * 3_600})
    await office.passes(3_600)
    assert office.emergencies.on == second
    assert len(office.told(Kind.EMERGENCY_ON)) == 2


async def test_left_out_the_end_is_the_settings(office: Office) -> None:
    await office.on(mode="instead", after="person")
    emergency = office.emergencies.on
    assert emergency is not None
    assert (emergency.mode, emergency.until) == (When.INSTEAD, NOW + 4 * 3_600)


async def test_it_is_switched_off_once(office: Office) -> None:
    await office.on()
    assert await office.emergencies.switch_off(WANG)
    assert not await office.emergencies.switch_off(WANG)
    assert [over.data["why"] for over in office.told(Kind.EMERGENCY_OVER)] == ["switched-off"]
    assert office.begins().on is None


async def test_a_restart_keeps_it_and_its_end(office: Office) -> None:
    await office.on(until="1h")
    before = office.emergencies.on
    assert office.begins().on == before
    office.clock.time += 3_601
    assert office.begins().on is None, "it ended while the service was away"
    await office.passes(0)
    assert [over.data["why"] for over in office.told(Kind.EMERGENCY_OVER)] == ["ended"]
    assert office.begins().on is None


async def test_a_file_that_cannot_be_read_keeps_no_start_away(office: Office) -> None:
    office.state.write_text("{")
    assert office.begins().on is None


async def test_what_cannot_be_kept_is_not_switched(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.on()
    office.state.unlink()
    office.state.with_name(f".{office.state.name}.{os.getpid()}").mkdir()
    before = office.emergencies.on
    with pytest.raises(NotDone, match="Nothing was changed"):
        await office.on(mode="instead")
    assert office.emergencies.on == before
    assert len(office.told(Kind.EMERGENCY_ON)) == 1


async def test_a_text_that_cannot_be_spoken_is_refused(office: Office) -> None:
    with pytest.raises(WrongOrder, match="control character"):
        await office.on(texts={"zh": "a\x00b"})
    assert office.emergencies.on is None


async def test_at_the_start_languages_whose_clips_are_gone_are_left_out(office: Office) -> None:
    take = await office.take(seconds=1)
    await office.on(texts={"zh": "虹口燃气泄漏"}, recordings={"en": take})
    emergency = office.emergencies.on
    assert emergency is not None
    chinese, english = (office.emergencies.path(each.clip) for each in emergency.spoken)
    assert chinese is not None
    assert english is not None
    english.unlink()
    found = office.begins().on
    assert found is not None
    assert [each.language for each in found.spoken] == ["zh"]
    chinese.unlink()
    assert office.begins().on is None, "callers hear the menus, and no silence before a goodbye"
    assert [over.data["why"] for over in office.told(Kind.EMERGENCY_OVER)] == ["sounds-lost"]
    assert file.read(office.state) == ()


async def test_after_a_day_nothing_is_left_of_what_nobody_hears(office: Office) -> None:
    first, second = await office.take(seconds=1), await office.take(seconds=2)
    folder = office.studio.folder / "sounds" / "emergency"
    await office.on(texts={}, recordings={"zh": first})
    await office.on(texts={}, recordings={"zh": second})
    office.emergencies.sweep()
    assert {clip.name.partition(".")[0] for clip in folder.iterdir()} == {first, second}
    for clip in folder.iterdir():
        os.utime(clip, (0, 0))
    office.emergencies.sweep()
    assert {clip.name.partition(".")[0] for clip in folder.iterdir()} == {second}
    await office.emergencies.switch_off(WANG)
    office.begins()
    assert list(folder.iterdir()) == []


async def test_messages_that_are_on_leave_room_for_takes(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emergency.emergencies.MOST_TAKES", 2)
    await office.on()
    await office.on(where="queue:general", texts={"zh": "供水管道破裂", "en": "A broken main"})
    for seconds in (1, 1.5):
        await office.take(seconds=seconds)
    with pytest.raises(NotDone, match="2 recordings are kept already"):
        await office.take(seconds=2)


async def test_a_node_has_a_message_of_its_own(office: Office) -> None:
    await office.on(until="4h")
    await office.on(where="queue:general", until="1h")
    await office.on(where="menu:main", until="3h", mode="instead")
    whole, menu, queue = office.emergencies.all_on
    assert [each.where for each in (whole, menu, queue)] == ["", "menu:main", "queue:general"]
    assert office.emergencies.on == whole
    assert office.emergencies.nodes() == 2
    assert len(office.emergencies.as_json()) == 3
    assert (office.emergencies.sentence() or "").count("; ") == 2
    assert [record.data.get("where") for record in office.told(Kind.EMERGENCY_ON)] == [
        None,
        "queue:general",
        "menu:main",
    ]
    await office.on(where="queue:general", texts={}, until="2h")
    assert office.emergencies.all_on[2] == queue.model_copy(update={"until": NOW + 7_200})
    with pytest.raises(WrongOrder, match="No message is on"):
        await office.on(where="menu:trees", texts={}, until="2h")
    assert await office.emergencies.switch_off(WANG)
    assert office.emergencies.on is None
    assert office.begins().nodes() == 2, "a restart keeps them"
    await office.passes(7_300)
    assert [(over.data.get("where"), over.data["why"]) for over in office.told(Kind.EMERGENCY_OVER)] == [
        (None, "switched-off"),
        ("queue:general", "ended"),
    ]
    assert [each.where for each in file.read(office.state)] == ["menu:main"]
    assert office.audited[-1].detail.startswith("where=queue:general until=")
    assert await office.emergencies.switch_off(WANG, "menu:main")
    assert file.read(office.state) == ()


async def test_so_many_messages_and_no_more(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emergency.emergencies.MOST", 2)
    await office.on(where="queue:general")
    await office.on(where="queue:greening")
    with pytest.raises(WrongOrder, match="2 menus, queues or sub-hotlines have a message"):
        await office.on(where="menu:main")
    await office.on(where="queue:general", mode="instead")
    assert office.emergencies.nodes() == 2
    await office.on()
    assert office.emergencies.on is not None, "the one for all callers has its room always: *90 cannot make any"


async def test_what_only_the_draft_voice_can_speak_is_not_live_before_somebody_has_said_so(office: Office) -> None:
    voice = AbsentVoice()
    languages = office.studio.hotline.languages
    office.studio.edition = Edition(
        office.studio.hotline, Catalogue(office.studio.folder / "sounds", None, languages, voice)
    )
    take = await office.take(seconds=1)
    assert office.emergencies.draft_voice
    with pytest.raises(InDraft) as refused:
        await office.on(recordings={"en": take})
    assert list(refused.value.takes) == ["zh"], "the recording needs no voice"
    heard = office.emergencies.path(refused.value.takes["zh"])
    assert heard is not None
    assert audio.length(heard) > 0.2, "it can be heard before"
    assert (office.emergencies.on, office.told(Kind.EMERGENCY_ON)) == (None, [])
    assert not office.state.exists()

    assert await office.on(texts={}, recordings={"zh": take, "en": take}) == [], "a recording is never asked about"
    [warning] = await office.on(recordings={"en": take}, draft=True)
    assert warning.startswith("The draft voice speaks it")
    assert await office.on(texts={}, until="3h") == [], "nor is another end"

    voice.absent = False
    assert not office.emergencies.draft_voice
    assert await office.on(recordings={"en": take}) == []


@pytest.mark.parametrize("absent", [True, False])
async def test_words_are_heard_and_nothing_is_on_whatever_voice_speaks(office: Office, absent: bool) -> None:
    voice = AbsentVoice()
    voice.absent = absent
    languages = office.studio.hotline.languages
    office.studio.edition = Edition(
        office.studio.hotline, Catalogue(office.studio.folder / "sounds", None, languages, voice)
    )
    words = WordsIn(texts={"zh": "虹口燃气泄漏", "en": "A gas leak"})
    spoken, drafts = await office.emergencies.hear(words)
    assert drafts == (frozenset({"zh", "en"}) if absent else frozenset())
    for each in spoken:
        clip = office.emergencies.path(each.clip)
        assert clip is not None
        assert audio.length(clip) > 0.2
    assert [each.language for each in spoken] == ["zh", "en"]
    assert (office.emergencies.on, office.records) == (None, [])
    assert not office.state.exists()
    with pytest.raises(WrongOrder):
        await office.emergencies.hear(WordsIn(texts={"fr": "Une fuite de gaz"}))


async def test_hearing_keeps_no_more_clips_than_recordings(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emergency.emergencies.MOST_TAKES", 1)
    await office.emergencies.hear(WordsIn(texts={"zh": "虹口燃气泄漏"}))
    with pytest.raises(NotDone, match="1 recordings are kept"):
        await office.emergencies.hear(WordsIn(texts={"zh": "停水"}))
