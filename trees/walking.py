"""`./wutong walk`: the tree as one caller meets it, without a call."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import typer

from base.failure import NotDone
from commands.options import say, step
from hotline.inwords import (
    BadMoment,
    clips,
    destination_in_words,
    language_in_words,
    moment,
    node_in_words,
    walked,
    words,
    written,
)
from hotline.model import Hotline
from ivr.model import Destination, NodeId
from ivr.walk import CALLBACKS, KEYS, SILENCE, BadKeys, Facts, Turn, keys_given
from publishing.prepare import FAILURES
from publishing.prompts import loud
from publishing.speaking import Voicing
from publishing.speech import speaker
from sentences.languages import worded
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from sentences.sentence import listed as joined
from settings.settings import Settings
from sounds import audio
from sounds.catalogue import Catalogue
from sounds.model import NoSound, in_language
from sounds.voice import Source


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as the command line says it: when, which number, from which number, in which language."""

    at: str | None = None
    to: str | None = None
    caller: str = ""
    language: str | None = None


class BadCaller(NotDone):
    """The hotline has no such caller. `fault`: what is wrong of it, a field of Caller."""

    def __init__(self, fault: str, why: str) -> None:
        super().__init__(f"--{fault}: {why}")
        self.fault, self.why = fault, why


@dataclass(frozen=True, slots=True)
class Said:
    """One clip that a caller hears. `file`: as it was built, else as it ships. Without a sound yet it has no `speaker`,
    `file` and `seconds`.
    """

    language: str
    words: str
    speaker: Source | None = None
    file: Path | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Sounds:
    """What a caller hears in one go, clip by clip."""

    said: tuple[Said, ...]

    @property
    def unmade(self) -> tuple[Said, ...]:
        """Those without a sound yet."""
        return tuple(each for each in self.said if each.file is None)

    @property
    def files(self) -> tuple[Path, ...]:
        """Those that there are."""
        return tuple(each.file for each in self.said if each.file is not None)

    @property
    def seconds(self) -> float | None:
        """None where one of them has no sound yet."""
        lengths = [each.seconds for each in self.said]
        return None if None in lengths else sum(filter(None, lengths))


class Tour:
    """One caller's walk through a hotline. `language`: of the words for the reader, `zh` or `en`."""

    def __init__(self, settings: Settings, hotline: Hotline, caller: Caller, language: str, now: datetime) -> None:
        """Raises BadCaller where the hotline has no such number or language, or `at` is not a time; and NotDone."""
        if caller.to is not None and caller.to not in hotline.numbers:
            known = joined(hotline.numbers)
            raise BadCaller(
                "to",
                Sentence(
                    "{number} is not a number of this hotline; its numbers: {names}", number=caller.to, names=known
                ),
            )
        if caller.language is not None and caller.language not in hotline.languages:
            spoken = joined(hotline.languages)
            raise BadCaller(
                "language",
                Sentence(
                    "the hotline does not speak {language!r}; its languages: {names}",
                    language=caller.language,
                    names=spoken,
                ),
            )
        try:
            when = now.astimezone(hotline.zone) if caller.at is None else moment(caller.at, hotline.zone, now)
        except BadMoment as bad:
            raise BadCaller("at", str(bad)) from None
        self.settings, self.hotline, self.language = settings, hotline, language
        self.facts = Facts(when, caller.caller, caller.to or hotline.numbers[0], hotline.known(caller.caller))
        self._begins = caller.language or hotline.languages[0]
        try:
            self._catalogue = Catalogue(settings.folder.sounds, hotline.prompts, hotline.languages, speaker(settings))
        except (ValueError, *FAILURES) as problem:
            raise NotDone(recognised(problem)) from problem

    def turns(self, given: Sequence[str]) -> tuple[tuple[Turn, ...], tuple[str, ...]]:
        """The turns of the caller who does `given`, and what of it did nothing."""
        way = walked(self.hotline, self.facts, given, self._begins)
        return way.turns, way.left

    def keys(self, node: NodeId | None) -> dict[str, str]:
        """What may be pressed at a node, and where it leads, in words."""
        section, name = node or ("", "")
        keys: Mapping[Any, Destination] = {}
        match section:
            case "menus":
                keys = self.hotline.menus[name].keys
            case "queues":
                keys = self.hotline.queues[name].keys
            case "scopes" if (transfer := self.hotline.scopes[name].transfer) is not None:
                keys = {self.hotline.scopes[name].key: transfer}
        shown = {str(key): destination_in_words(to, self.language) for key, to in keys.items()}
        if section == "queues" and (rule := self.hotline.queues[name].callback) is not None:
            shown[rule.key] = node_in_words((CALLBACKS, name), self.language)
        return shown

    def sounds(self, turn: Turn) -> Sounds:
        """The clips that a turn plays. Raises NotDone for one that cannot be read."""
        return Sounds(tuple(self._clip(language, said) for language, said in clips(self.hotline, turn)))

    def _clip(self, language: str, said: str) -> Said:
        wanted = self._catalogue.clip(language, said)
        clip = self._catalogue.played(wanted)
        if clip is None:
            shipped = wanted.shipped
            if shipped is None:
                return Said(language, said)
            return Said(language, said, wanted.source, shipped.file, shipped.frames / audio.WIDE_RATE)
        try:
            return Said(language, said, clip.source, audio.wide(clip.path), audio.length(clip.path))
        except (NoSound, OSError) as problem:
            raise NotDone(
                "{path} cannot be read: {why}. Remove it: ./wutong prompts build",
                path=clip.path,
                why=recognised(problem),
            ) from problem

    def head(self) -> str:
        """The caller, in a line."""
        facts, spoken = self.facts, language_in_words(self._begins, self.language)
        when, zone = f"{facts.moment:%Y-%m-%d %H:%M}", self.hotline.timezone
        return worded(
            "{when} ({zone}): {caller} calls {number}, in {language}",
            self.language,
            when=when,
            zone=zone,
            caller=facts.caller or Sentence("an unknown number"),
            number=facts.number,
            language=spoken,
        )

    def where(self, turn: Turn) -> str:
        """Where the caller is, in words."""
        node = turn.node
        said = worded("a message", self.language) if node is None else node_in_words(node, self.language)
        return said if turn.speech else f"{said}{self._named(node)}"

    def met(self, turn: Turn, sounds: Sounds) -> str:
        """What the caller meets, in words."""
        where = self.where(turn)
        if not turn.speech:
            return where
        if sounds.seconds is None:
            long = worded("no sound yet: ./wutong prompts build", self.language)
        else:
            long = f"{sounds.seconds:.1f} s"
        text = words(self.hotline, turn)
        return worded("{where}: “{text}” ({long})", self.language, where=where, text=text, long=long)

    def did(self, turn: Turn) -> str:
        """What the caller does then, in words."""
        if turn.did == SILENCE:
            return worded("no key for {wait:g} s", self.language, wait=turn.wait)
        if turn.leads:
            return worded("key {did}", self.language, did=turn.did)
        return worded("key {did}, which is not a key here", self.language, did=turn.did)

    def _named(self, node: NodeId | None) -> str:
        """The name of where the call goes, and what is dialled or follows."""
        if node is None or node[0] not in ("queues", "sub_hotlines"):
            return ""
        if node[0] == "queues":
            queue = self.hotline.queues[node[1]]
            rule, survey = queue.callback, queue.survey
            offer = "" if rule is None else worded(", key {key} for a callback", self.language, key=rule.key)
            dials = offer + ("" if survey is None else worded(", a survey after the talk", self.language))
            name = queue.name
        else:
            line = self.hotline.sub_hotlines[node[1]]
            name, dials = line.name, worded(", {number}", self.language, number=line.dial)
        name_here = in_language(name, self.language, self.hotline.languages[0])
        return worded(" ({name}{more})", self.language, name=name_here, more=dials)


class Narrator:
    """Shows a walk as it goes on, each thing once. `passed`: seconds so far; None once a clip has no sound. `voicing`:
    has new texts spoken, and all is played; None: nothing is played.
    """

    def __init__(self, tour: Tour, show: Callable[[str], object], voicing: Voicing | None) -> None:
        self.passed: float | None = 0.0
        self.steps: list[dict[str, Any]] = []
        self._tour, self._show, self._voicing = tour, show, voicing
        self._done, self._silent = 0, False

    def narrate(self, turns: Sequence[Turn]) -> None:
        """The turns of the walk so far. Raises NotDone where a clip cannot be read or played."""
        for index, turn in enumerate(turns):
            if index >= len(self.steps):
                self._meet(turn)
            if turn.did is not None and index >= self._done:
                self._show(self._line(self._tour.did(turn)))
                self.steps[index]["did"] = turn.did
                self._done = index + 1
                if turn.did == SILENCE:
                    self._pass(turn.wait)

    def _meet(self, turn: Turn) -> None:
        sounds = self._tour.sounds(turn)
        if sounds.unmade and self._voicing is not None and not self._silent:
            self._speak(sounds.unmade, self._voicing)
            sounds = self._tour.sounds(turn)
        self._show(self._line(self._tour.met(turn, sounds)))
        self.steps.append(
            {
                "at_s": self.passed,
                "place": None if turn.node is None else written(turn.node),
                "language": turn.language,
                "words": words(self._tour.hotline, turn),
                "seconds": sounds.seconds if turn.speech else None,
                "wait_s": turn.wait or None,
                "did": None,
            }
        )
        if self._voicing is not None and sounds.files:
            loud(sounds.files, Sentence("walk without --play, or ./wutong call with --record FILE"))
        self._pass(sounds.seconds)

    def _speak(self, new: Sequence[Said], voicing: Voicing) -> None:
        """Have new texts spoken. A failure is shown, and no text is tried after it."""
        step(Sentence("speaking new sentences"))
        try:
            for said in new:
                voicing.speak(said.language, said.words)
        except NotDone as problem:
            self._silent = True
            say(str(problem), err=True)

    def _pass(self, seconds: float | None) -> None:
        self.passed = None if self.passed is None or seconds is None else round(self.passed + seconds, 3)

    def _line(self, said: str) -> str:
        return f"{'     ?' if self.passed is None else f'{self.passed:6.1f}'} s  {said}"


def go(tour: Tour, given: Sequence[str], *, play: bool, show: Callable[[str], object]) -> None:
    """The whole walk with these keys. Raises NotDone."""
    show(tour.head())
    turns, left = tour.turns(given)
    with _voicing(tour, play=play) as voicing:
        Narrator(tour, show, voicing).narrate(turns)
    if left:
        show(_unused(left, tour.language))


def as_document(tour: Tour, given: Sequence[str], *, play: bool) -> dict[str, Any]:
    """The same for programs. Raises NotDone."""
    turns, left = tour.turns(given)
    with _voicing(tour, play=play) as voicing:
        narrator = Narrator(tour, lambda line: None, voicing)
        narrator.narrate(turns)
    end = turns[-1].node
    assert end is not None, "a walk ends at a node"
    return {
        "at": tour.facts.moment.isoformat(),
        "number": tour.facts.number,
        "from": tour.facts.caller,
        "steps": narrator.steps,
        "end": written(end),
        "language": turns[-1].language,
        "seconds": narrator.passed,
        "left": list(left),
    }


def explore(tour: Tour, *, play: bool, show: Callable[[str], object], ask: Callable[[], str | None]) -> None:
    """Walk on with each key that `ask` answers, until it answers None or the call leaves the tree. Raises NotDone."""
    show(tour.head())
    with _voicing(tour, play=play) as voicing:
        _explore(tour, Narrator(tour, show, voicing), show, ask)


def _explore(tour: Tour, narrator: Narrator, show: Callable[[str], object], ask: Callable[[], str | None]) -> None:
    given = list[str]()
    while True:
        turns, left = tour.turns(given)
        narrator.narrate(turns)
        if left:
            show(_unused(left, tour.language))
            given = given[: -len(left)]
        keys = tour.keys(turns[-1].node)
        if not keys and not turns[-1].wait:
            return
        if keys:
            names = joined(Sentence("{key}: {words}", key=key, words=to) for key, to in keys.items())
            show(f"{'':10}{worded('keys: {names}', tour.language, names=names)}")
        did = ask()
        if did is None:
            return
        given.append(did)


@contextmanager
def _voicing(tour: Tour, *, play: bool) -> Iterator[Voicing | None]:
    """What speaks new texts, if the walk is played."""
    if not play:
        yield None
        return
    with closing(Voicing(tour.settings, tour.hotline.folder, tour.language)) as voicing:
        yield voicing


def key_typed(language: str) -> str | None:
    """A key of a telephone that is typed, at once on a terminal, else a line: Enter is silence; None: hang up."""
    typer.echo(worded("A key, Enter for silence, q to hang up: ", language), err=True, nl=False)
    while True:
        try:
            typed = click.getchar() if sys.stdin.isatty() else sys.stdin.readline()
        except (EOFError, KeyboardInterrupt):
            typed = ""
        if typed in ("", "q", "\x04"):
            typer.echo(err=True)
            return None
        key = typed.strip()
        if key in ("", SILENCE) or (len(key) == 1 and key in KEYS):
            typer.echo(key if sys.stdin.isatty() else "", err=True)
            return key or SILENCE


def keys_asked(text: str) -> tuple[str, ...]:
    """The keys of `--keys`. Raises NotDone."""
    try:
        return keys_given(text)
    except BadKeys as bad:
        raise NotDone("--keys: {why}, as in --keys 1,2", why=str(bad)) from None


def _unused(left: Sequence[str], language: str) -> str:
    return f"{'':10}{worded('without effect: {keys}', language, keys=', '.join(left))}"
