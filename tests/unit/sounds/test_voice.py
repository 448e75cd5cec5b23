import sys
from pathlib import Path

import pytest

from sounds.model import Unsayable
from sounds.numbers import UnknownLanguage
from sounds.programs import MissingProgram, ProgramFailed, run
from sounds.voice import BadVoice, CommandVoice, DraftVoice


def test_voices_have_different_identities() -> None:
    commands = ["piper -f {target}", "piper  -f '{target}'", "piper -m zh -f {target}"]
    one, same, other = (CommandVoice(command).identity("zh") for command in commands)
    assert one == same
    assert len({one, other, DraftVoice().identity("zh")}) == 3


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_espeak_speaks(language: str, tmp_path: Path) -> None:
    target = tmp_path / "x.wav"
    await DraftVoice().speak("绿化 greening", language, target)
    assert target.read_bytes().startswith(b"RIFF")


async def test_espeak_takes_no_words_for_options_or_phonemes(tmp_path: Path) -> None:
    spoken = tmp_path / "spoken.wav"
    await DraftVoice().speak("--version [[hello]]", "en", spoken)
    # The same words without characters that look like an option or phonemes give the same audio.
    plain = ["espeak-ng", "-v", "en-gb", "-s", "150", "-D", "-w", str(tmp_path / "plain.wav"), " --version hello"]
    await run(plain, seconds=30, remedy="")
    assert spoken.stat().st_size == (tmp_path / "plain.wav").stat().st_size


async def test_espeak_does_not_know_every_language(tmp_path: Path) -> None:
    with pytest.raises(UnknownLanguage, match="fr"):
        await DraftVoice().speak("arbre", "fr", tmp_path / "x.wav")


async def test_espeak_missing_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgram, match="install the package espeak-ng"):
        await DraftVoice().speak("tree", "en", tmp_path / "x.wav")


async def test_too_long_a_text_is_not_spoken(tmp_path: Path) -> None:
    with pytest.raises(Unsayable, match="2001"):
        await DraftVoice().speak("a" * 2001, "en", tmp_path / "x.wav")


async def test_a_command_gets_words_target_and_language(tmp_path: Path) -> None:
    script = tmp_path / "speak it.py"
    script.write_text("import sys\nopen(sys.argv[1], 'w').write('|'.join(sys.argv[2:]) + '|' + sys.stdin.read())\n")
    target = tmp_path / "{language} $(id);.wav"
    await CommandVoice(f"{sys.executable} '{script}' {{target}} --voice={{language}} ';' '$HOME'").speak(
        "-x; id (HOME) | 您好", "zh", target
    )
    assert target.read_text() == "--voice=zh|;|$HOME|x; id (HOME ) 您好\n"


async def test_a_command_that_writes_nothing_has_failed(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed, match="wrote nothing"):
        await CommandVoice("true {target}").speak("hello", "en", tmp_path / "x.wav")


async def test_a_command_that_is_missing_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(MissingProgram, match=r"no-such-voice.*setting `voice`"):
        await CommandVoice("no-such-voice {target}").speak("hello", "en", tmp_path / "x.wav")


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("piper -f out.wav", r"\{target\}"),
        ("piper -f {target} -m {model}", r"not \{model\}"),
        ("piper -f '{target}", "quotes"),
        ("  ", "empty"),
    ],
)
def test_a_command_line_that_cannot_work_is_refused(command: str, why: str) -> None:
    with pytest.raises(BadVoice, match=why):
        CommandVoice(command)
