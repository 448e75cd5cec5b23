"""`./wutong init`: what it asks, and how it writes the files of a new hotline."""

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import available_timezones

from base.failure import NotDone
from base.hints import did_you_mean, one_of
from hotline.beginning import MOST_AGENTS, YAML, Answers, files
from hotline.loader import load
from sentences.languages import worded
from sentences.sentence import Sentence, lines, template
from sounds.phrases import LANGUAGES

Ask = Callable[[str, str], str]
"""Asks a person: the question and the answer that counts if the person only presses Enter. Returns the answer."""

_NUMBER = re.compile(r"\+?[0-9]{2,19}")

QUESTIONS = {
    "languages": template("Languages, the default one first"),
    "name": template("Name of the hotline in {language}"),
    "number": template("Number that callers dial"),
    "timezone": template("Time zone"),
    "agents": template("How many agents"),
}
NAMES = {"zh": "服务热线", "en": "City services"}
"""The names of a hotline for which none is given."""

NUMBER, AGENTS = "12300", "2"


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line gives; None, and no names: it is asked for, or has a default."""

    names: Sequence[str] = ()
    languages: str | None = None
    number: str | None = None
    timezone: str | None = None
    agents: int | None = None


def answered(options: Options, ask: Ask | None, words: str, *, here: str | None) -> Answers:
    """The answers: from the options, else asked for in the language `words` (zh or en), else, where nobody can be asked
    (`ask` is None), the defaults. `here`: this machine's time zone, if it is known. Raises `NotDone`.
    """

    def answer(given: str | None, key: str, default: str, language: str = "") -> str:
        if given is not None:
            return given
        return default if ask is None else ask(worded(QUESTIONS[key], words, language=language), default)

    languages = _languages(answer(options.languages, "languages", "zh,en"))
    if len(options.names) > len(languages):
        raise NotDone(
            "there are {count} names and {languages} languages: give one name for each",
            count=len(options.names),
            languages=len(languages),
        )
    given = [*options.names, *[None] * (len(languages) - len(options.names))]
    return Answers(
        names={
            language: answer(name, "name", NAMES[language], language)
            for language, name in zip(languages, given, strict=True)
        },
        number=_number(answer(options.number, "number", NUMBER)),
        timezone=_zone(answer(options.timezone, "timezone", here or "Asia/Shanghai")),
        agents=_agents(answer(None if options.agents is None else str(options.agents), "agents", AGENTS)),
    )


def write(folder: Path, shown: str, answers: Answers, words: str) -> list[Path]:
    """Write the files, with comments in the language `words`, and return their paths.

    `shown` is the folder as the user calls it. The files are checked before they are in the folder. Raises `NotDone` if
    one is there already, or if the answers make no hotline, and `OSError`; no file is left then.
    """
    made = files(answers, shown if shown.isprintable() else "DIR", words)
    for name in made:
        if os.path.lexists(folder / name):
            raise NotDone(
                "{file} is there already, and init overwrites nothing: give another folder", file=folder / name
            )
    with tempfile.TemporaryDirectory(prefix="wutong-init-") as trial:
        for name in YAML:
            Path(trial, name).write_text(made[name], encoding="utf-8")
        problems = load(Path(trial)).problems
    if problems:
        raise NotDone(lines(problem.words for problem in problems))
    return _put(folder, made)


def zone_here(link: Path = Path("/etc/localtime")) -> str | None:
    """This machine's time zone by its name, if that is known and says where it is."""
    parts = os.path.realpath(link).partition("/zoneinfo/")
    name = os.environ.get("TZ", "").lstrip(":") or parts[2]
    return name if "/" in name and not name.startswith("Etc/") and name in available_timezones() else None


def _put(folder: Path, made: dict[str, str]) -> list[Path]:
    """All of the files or none: where one cannot be written, those before it are taken back."""
    done: list[Path] = []
    try:
        for name, text in made.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with (folder / name).open("x", encoding="utf-8") as file:
                done.append(folder / name)
                file.write(text)
    except OSError:
        for path in done:
            path.unlink(missing_ok=True)
        raise
    return done


def _languages(answer: str) -> list[str]:
    languages = [language for language in re.split(r"[\s,，、]+", answer.strip()) if language]
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown or not languages or len(set(languages)) < len(languages):
        raise NotDone(
            "{answer!r} is not a list of languages: give one or more of {names}, each once",
            answer=answer,
            names=", ".join(LANGUAGES),
        )
    return languages


def _number(answer: str) -> str:
    if not _NUMBER.fullmatch(answer.strip()):
        raise NotDone("{answer!r} is not a number of a hotline: give 2 to 19 digits", answer=answer)
    return answer.strip()


def _zone(answer: str) -> str:
    zones = available_timezones()
    if answer.strip() not in zones:
        examples = one_of(["Asia/Shanghai", "Europe/Dublin"])
        hint = did_you_mean(answer, zones, Sentence("give one such as {examples}", examples=examples))
        raise NotDone("there is no time zone {answer!r}: {hint}", answer=answer, hint=hint)
    return answer.strip()


def _agents(answer: str) -> int:
    if not answer.strip().isdecimal() or not 1 <= int(answer) <= MOST_AGENTS:
        raise NotDone(
            "{answer!r} is not a number of agents: give 1 to {most}; add more to agents.yaml",
            answer=answer,
            most=MOST_AGENTS,
        )
    return int(answer)
