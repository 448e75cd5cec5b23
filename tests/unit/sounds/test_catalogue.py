from pathlib import Path

import pytest

from sounds.catalogue import Catalogue, Clip, Unspoken
from sounds.model import Counted, Phrase, Speech, Texts, Unsayable, Words
from sounds.numbers import UnknownLanguage
from sounds.phrases import needed_phrases, phrases
from sounds.recordings import INDEX
from sounds.shipped import ShippedClip
from sounds.voice import Source
from tests.unit.sounds.making import FakeVoice, tone

GREETING: Texts = {"zh": "您好", "en": "Hello"}


def catalogue(tmp_path: Path, *, prompts: Path | None = None, identity: str = "fake") -> Catalogue:
    return Catalogue(tmp_path / "sounds", prompts, ["zh", "en"], FakeVoice(name=identity))


def pretend_to_build(of: Catalogue, texts: list[Texts]) -> None:
    for clip in of.needed(texts):
        clip.path.parent.mkdir(parents=True, exist_ok=True)
        clip.path.write_bytes(b"x" * 100)


def test_the_text_of_a_speech_is_what_is_said(tmp_path: Path) -> None:
    speech: Speech = (Words(GREETING), Counted("queue-position", 2), Counted("estimate", 15))
    assert catalogue(tmp_path).text(speech, "zh") == "您好 您前面还有两位。 预计等待约十五分钟。"
    assert (
        catalogue(tmp_path).text(speech, "en")
        == "Hello There are two people before you. You will wait for about fifteen minutes."
    )


def test_files_are_absolute_in_order_and_without_extension(tmp_path: Path) -> None:
    of = catalogue(tmp_path)
    pretend_to_build(of, [GREETING])
    files = of.files((Words(GREETING), Counted("estimate", 105), Phrase("please-hold")), "en")
    pieces = ["You will wait for about", "one hundred", "and", "five", "minutes."]
    expected = ["Hello", *pieces, phrases("en")["please-hold"]]
    assert files == [str(of.clip("en", words).path.with_suffix("")) for words in expected]
    assert all(file.startswith(str(tmp_path / "sounds/en/")) and Path(f"{file}.wav").is_file() for file in files)


def test_a_relative_folder_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert (
        Catalogue(Path("sounds"), None, ["zh"], FakeVoice())
        .clip("zh", "您好")
        .path.is_relative_to(tmp_path / "sounds/zh")
    )


def test_a_clip_that_was_not_built_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unspoken, match="'Hello' in en") as failure:
        catalogue(tmp_path).files((Words(GREETING),), "en")
    assert failure.value.clip.words == "Hello"


def test_a_clip_is_looked_for_until_it_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of, speech = catalogue(tmp_path), (Words(GREETING),)
    with pytest.raises(Unspoken):
        of.files(speech, "en")
    pretend_to_build(of, [GREETING])
    found = of.files(speech, "en")

    def look(clip: Clip) -> bool:
        raise AssertionError(f"looked for {clip.path} again")

    monkeypatch.setattr(Clip, "built", look)
    assert of.files(speech, "en") == found


def test_what_a_power_cut_left_is_no_clip(tmp_path: Path) -> None:
    clip = catalogue(tmp_path).clip("en", "Hello")
    clip.path.parent.mkdir(parents=True)
    clip.path.touch()
    assert not clip.built()
    clip.path.write_bytes(b"x" * 100)
    assert clip.built()


def test_everything_that_may_be_asked_for_is_needed(tmp_path: Path) -> None:
    of = catalogue(tmp_path)
    needed = of.needed([GREETING, {"*": "12319"}, {"zh": "绿化"}])
    words = {(clip.language, clip.words) for clip in needed}
    assert len(needed) == len(words) == len({clip.path for clip in needed})
    assert {("zh", "您好"), ("en", "Hello"), ("zh", "12319"), ("en", "12319"), ("zh", "绿化")} <= words
    assert ("en", "绿化") not in words
    for language in ("zh", "en"):
        assert words.issuperset((language, phrase) for phrase in needed_phrases(language))


def test_a_text_that_is_not_translated_is_spoken_in_its_own_language(tmp_path: Path) -> None:
    of = catalogue(tmp_path)
    pretend_to_build(of, [{"zh": "绿化"}])
    assert of.files((Words({"zh": "绿化"}),), "en") == of.files((Words({"zh": "绿化"}),), "zh")


def test_an_edited_text_gets_a_new_file_and_the_old_stays(tmp_path: Path) -> None:
    of = catalogue(tmp_path)
    pretend_to_build(of, [GREETING])
    old = of.files((Words(GREETING),), "zh")
    edited: Texts = {"zh": "您好！", "en": "Hello"}
    pretend_to_build(catalogue(tmp_path), [edited])
    assert of.files((Words(GREETING),), "zh") == old
    assert of.files((Words(edited),), "zh") != old
    assert of.files((Words(edited),), "en") == of.files((Words(GREETING),), "en")


def test_names_depend_on_voice_language_and_words_but_not_on_white_space(tmp_path: Path) -> None:
    of = catalogue(tmp_path)
    clips = [of.clip("zh", "a"), of.clip("en", "a"), of.clip("zh", "b")]
    clips.append(catalogue(tmp_path, identity="other").clip("zh", "a"))
    assert len({clip.path.name for clip in clips}) == 4
    assert of.clip("zh", " 请按1\n请按2") == of.clip("zh", "请按1 请按2")


def test_a_recording_replaces_the_voice(tmp_path: Path) -> None:
    prompts = tmp_path / "prompts"
    tone(prompts / "zh/hello.wav")
    (prompts / INDEX).write_text("zh: {hello.wav: 您好}\n", encoding="utf-8")
    plain, recorded = catalogue(tmp_path), catalogue(tmp_path, prompts=prompts)
    clip = recorded.clip("zh", "您好")
    assert clip.recording is not None
    assert clip.recording.file == prompts / "zh/hello.wav"
    assert clip.path != plain.clip("zh", "您好").path
    # Another voice leaves a recording as it is; a new take does not.
    assert catalogue(tmp_path, prompts=prompts, identity="other").clip("zh", "您好").path == clip.path
    tone(prompts / "zh/hello.wav", seconds=1)
    assert catalogue(tmp_path, prompts=prompts).clip("zh", "您好").path != clip.path
    assert recorded.clip("en", "Hello") == plain.clip("en", "Hello")


def test_what_cannot_be_said_is_refused(tmp_path: Path) -> None:
    of = catalogue(tmp_path)
    with pytest.raises(Unsayable):
        of.needed([{"zh": "a\0b"}])
    with pytest.raises(Unsayable):
        of.files((Words({}),), "zh")
    with pytest.raises(KeyError):
        of.text((Phrase("no-such"),), "zh")
    with pytest.raises(ValueError, match="cannot be spoken"):
        of.text((Counted("estimate", -1),), "zh")


def test_languages_are_checked(tmp_path: Path) -> None:
    with pytest.raises(UnknownLanguage, match="fr"):
        Catalogue(tmp_path, None, ["zh", "fr"], FakeVoice())
    with pytest.raises(ValueError, match="at least one"):
        Catalogue(tmp_path, None, [], FakeVoice())


def test_a_draft_that_was_found_stays_in_use_beside_the_wanted_clip(tmp_path: Path) -> None:
    of = catalogue(tmp_path)
    wanted = of.clip("zh", "您好")
    draft = of.draft(wanted)
    tone(draft.path)
    assert list(of.heard(wanted)) == [draft]
    of.files((Words(GREETING),), "zh")
    tone(wanted.path)
    assert set(of.heard(wanted)) == {draft, wanted}  # calls go on with the draft, so it must not be removed
    assert list(catalogue(tmp_path).heard(wanted)) == [wanted]


def test_a_draft_is_played_until_the_wanted_clip_is_there(tmp_path: Path) -> None:
    of = catalogue(tmp_path)
    wanted = of.clip("zh", "您好")
    draft = of.draft(wanted)
    assert (wanted.source, draft.source) == (Source.VOICE, Source.DRAFT)
    assert of.played(wanted) is None
    tone(draft.path)
    assert of.played(wanted) == draft
    assert of.files((Words(GREETING),), "zh") == [str(draft.path.with_suffix(""))]
    tone(wanted.path)
    assert of.played(wanted) == wanted
    # The version in use goes on with what it has found; the next one takes the better clip.
    assert of.files((Words(GREETING),), "zh") == [str(draft.path.with_suffix(""))]
    assert catalogue(tmp_path).files((Words(GREETING),), "zh") == [str(wanted.path.with_suffix(""))]


def test_what_ships_comes_before_the_voice_and_after_a_recording(tmp_path: Path) -> None:
    prompts = tmp_path / "prompts"
    tone(prompts / "zh/hello.wav")
    (prompts / INDEX).write_text("zh: {hello.wav: 您好}\n", encoding="utf-8")
    ships = {words: ShippedClip(words, tmp_path / f"{words}.ogg", "0" * 64, 16_000, 1.0) for words in ("您好", "再见")}
    of = Catalogue(tmp_path / "sounds", prompts, ["zh"], FakeVoice(ships=ships))
    assert of.clip("zh", "您好").source is Source.RECORDING
    shipped, spoken = of.clip("zh", "再见"), of.clip("zh", "绿化")
    assert (shipped.source, shipped.shipped) == (Source.VOICE, ships["再见"])
    assert (spoken.source, spoken.shipped) == (Source.VOICE, None)
    # Other audio for the same words has another name, so that an upgrade is heard.
    newer = {"再见": ShippedClip("再见", tmp_path / "再见.ogg", "1" * 64, 16_000, 1.0)}
    after = Catalogue(tmp_path / "sounds", prompts, ["zh"], FakeVoice(ships=newer)).clip("zh", "再见")
    assert after.path != shipped.path
