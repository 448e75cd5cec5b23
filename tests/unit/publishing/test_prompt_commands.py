"""`./wutong prompts`, except speaking: that needs the voice, see tests/voices."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from base.failure import NotDone
from base.folders import SAMPLE_HOTLINE
from publishing import findings
from publishing.prepare import load_hotline
from publishing.prompts import build, entries, play
from publishing.speech import speaker, unvoiced
from service.cli.commands import app
from settings.settings import Settings
from sounds.audio import wide
from sounds.catalogue import Catalogue
from sounds.phrases import needed_phrases
from sounds.shipped import DamagedClip
from sounds.voice import DraftVoice, NaturalVoice
from tests.unit.sounds.making import tone

RUN = CliRunner()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A hotline with one text that does not ship, and neither a voice nor a recogniser on this machine."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shutil.copytree(SAMPLE_HOTLINE, tmp_path / "hotline")
    file = tmp_path / "hotline" / "hotline.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("感谢您的来电，再见。", "谢谢，再会。"), encoding="utf-8")
    made = Settings(state=tmp_path / "state", hotline=tmp_path / "hotline")
    made.folder.make()
    return made


def catalogue(settings: Settings) -> Catalogue:
    return Catalogue(settings.folder.sounds, settings.hotline / "prompts", ("zh", "en"), speaker(settings))


def put(settings: Settings, language: str, words: str, *, draft: bool = False) -> Path:
    """A clip as if it had been built."""
    of = catalogue(settings)
    clip = of.clip(language, words)
    path = (of.draft(clip) if draft else clip).path
    tone(path, channels=1)
    tone(wide(path), channels=1, rate=16_000)
    return path


def arguments(settings: Settings, command: str, *more: str) -> list[str]:
    return ["prompts", command, "--hotline", str(settings.hotline), "--state", str(settings.state), *more]


def test_every_text_is_listed_with_its_spots_once(settings: Settings) -> None:
    listed = entries(settings, load_hotline(settings))
    assert len({(entry.language, entry.text) for entry in listed}) == len(listed)
    where = {entry.text: entry.where for entry in listed}
    assert where["谢谢，再会。"] == ("goodbye",)
    assert where["绿化"] == ("queues.greening.name", "queues.greening.whisper")
    assert where["如果闻到燃气味，请先关阀门、开窗，到室外再打电话。"] == ("menus.utilities.keys.3.say",)
    assert where["下一位就是您。"] == ("phrase queue-position-next",)
    assert where["您前面还有三位。"] == ("number",)
    for language in ("zh", "en"):
        said = {entry.text for entry in listed if entry.language == language}
        assert said.issuperset(needed_phrases(language))


def test_a_text_says_who_speaks_it(settings: Settings) -> None:
    path = put(settings, "zh", "谢谢，再会。", draft=True)
    (draft,) = (entry for entry in entries(settings, load_hotline(settings)) if entry.text == "谢谢，再会。")
    assert (draft.source, draft.path, draft.id) == ("draft", str(path), path.stem[:8])
    assert draft.seconds == 0.5
    assert draft.age_s is not None
    put(settings, "zh", "谢谢，再会。")
    (spoken,) = (entry for entry in entries(settings, load_hotline(settings)) if entry.text == "谢谢，再会。")
    assert spoken.source == "voice"


def test_the_list_for_machines_has_the_names_that_others_rely_on(settings: Settings) -> None:
    put(settings, "en", "Greening")
    done = RUN.invoke(app, arguments(settings, "list", "--json"))
    assert done.exit_code == 0, done.output
    listed = json.loads(done.stdout)
    assert {"language", "text", "path", "source", "seconds", "where"} <= listed[0].keys()
    (greening,) = (entry for entry in listed if entry["text"] == "Greening")
    assert greening["seconds"] == 0.5
    assert Path(greening["path"]).is_file()
    unbuilt = next(entry for entry in listed if entry["where"] == ["greeting"])
    assert unbuilt["seconds"] is None


def test_a_damaged_index_of_clips_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_: object) -> None:
        raise DamagedClip([Path("/somewhere/sounds/zh/clips.json")])

    monkeypatch.setattr(NaturalVoice, "shipped", damaged)
    hotline = load_hotline(settings)
    with pytest.raises(NotDone, match=r"clips\.json is missing or damaged: restore it with git"):
        entries(settings, hotline)
    assert unvoiced(hotline, settings) == []
    finding = findings.voice(settings)
    assert (finding.level, "clips.json is missing or damaged" in finding.sentence) == ("wrong", True)


def test_a_command_line_that_is_none_is_told_by_install(settings: Settings) -> None:
    (settings.state / "settings.toml").write_text('voice = "speak \'x"\n')
    done = RUN.invoke(app, ["prompts", "install", "--state", str(settings.state)])
    assert done.exit_code == 1
    assert "the quotes in the setting `voice` have an error" in done.output


def test_a_sample_that_cannot_be_written_is_told(settings: Settings, tmp_path: Path) -> None:
    to = str(tmp_path / "nowhere" / "x.ogg")
    done = RUN.invoke(app, ["prompts", "voices", "--play", "emma", "--to", to, "--state", str(settings.state)])
    assert done.exit_code == 1
    assert "cannot be written: No such file or directory" in done.output


def test_a_beginning_of_an_id_that_may_be_words_is_no_id(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken: list[str] = []

    async def speak(_: object, words: str, language: str, target: Path) -> None:
        spoken.append(words)
        tone(target)

    monkeypatch.setattr(DraftVoice, "speak", speak)
    path = put(settings, "zh", "谢谢，再会。")
    told: list[str] = []
    assert play(settings, load_hotline(settings), path.stem[:4], None, tmp_path / "x.wav", told.append) is None
    assert spoken == [path.stem[:4]]
    (line,) = told
    assert line.startswith("this is the draft voice, which callers do not understand: the natural voice is not inst")
    assert line.endswith("./wutong prompts install")


def test_a_broken_hotline_is_told_with_its_spot(settings: Settings) -> None:
    (settings.hotline / "hotline.yaml").write_text("hotline: [\n")
    done = RUN.invoke(app, arguments(settings, "list"))
    assert done.exit_code == 1
    assert "hotline.yaml:" in done.output


def test_a_clip_is_played_into_a_file_by_its_words_or_its_id(settings: Settings, tmp_path: Path) -> None:
    path = put(settings, "zh", "谢谢，再会。")
    hotline = load_hotline(settings)
    for wanted in ("谢谢，再会。", path.stem[:8]):
        to = tmp_path / "heard.wav"
        entry = play(settings, hotline, wanted, None, to)
        assert entry is not None
        assert entry.text == "谢谢，再会。"
        assert to.read_bytes() == wide(path).read_bytes()
    with pytest.raises(NotDone, match=r"has no sound yet: \./wutong prompts build"):
        play(settings, hotline, "绿化", None, tmp_path / "x.wav")
    with pytest.raises(NotDone, match="cannot be written"):
        play(settings, hotline, "谢谢，再会。", None, tmp_path / "nowhere" / "x.wav")
    with pytest.raises(NotDone, match="does not speak 'fr'"):
        play(settings, hotline, "bonjour", "fr", None)


@pytest.mark.parametrize(
    ("words", "why"), [("😀", "cannot be spoken"), ("……", "nothing to be said"), ("字" * 2001, "2001")]
)
def test_words_that_cannot_be_spoken_are_told(settings: Settings, tmp_path: Path, words: str, why: str) -> None:
    with pytest.raises(NotDone, match=why):
        play(settings, load_hotline(settings), words, None, tmp_path / "x.wav")


def test_without_a_recogniser_check_says_how_to_get_one(settings: Settings) -> None:
    done = RUN.invoke(app, arguments(settings, "check"))
    assert done.exit_code == 1
    assert "./wutong prompts install --recogniser" in done.output


def test_the_voices_are_listed_and_the_used_ones_marked(settings: Settings) -> None:
    (settings.state / "settings.toml").write_text('[voices]\nzh = "xiaobei"\n')
    done = RUN.invoke(app, ["prompts", "voices", "--state", str(settings.state), "--json"])
    used = {voice["name"] for voice in json.loads(done.stdout) if voice["used"]}
    assert used == {"xiaobei", "heart"}
    wrong = RUN.invoke(app, ["prompts", "voices", "--play", "nobody", "--state", str(settings.state)])
    assert wrong.exit_code == 1
    assert "there is no voice 'nobody'" in wrong.output


def test_a_voice_that_is_none_is_told_by_its_setting(settings: Settings) -> None:
    (settings.state / "settings.toml").write_text('[voices]\nzh = "heart"\n')
    done = RUN.invoke(app, ["prompts", "voices", "--state", str(settings.state)])
    assert done.exit_code == 1
    assert "yunxi, yunjian, xiaobei, xiaoxiao" in done.output


def test_a_full_disk_is_told_and_leaves_nothing_half_built(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "/var/lib/wutong/sounds")

    monkeypatch.setattr("sounds.build.unpack", full)
    monkeypatch.setattr("sounds.audio.level", full)
    settings = settings.model_copy(update={"voice": "sox -n -r 16000 -b 16 {target} synth 0.6 sine 300"})
    with pytest.raises(NotDone, match="No space left on device"):
        build(settings, load_hotline(settings), lambda line: None)
    assert not list(settings.folder.sounds.rglob("*.wav"))
