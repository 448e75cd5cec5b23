"""Checks across a whole hotline: parts that are right alone but wrong together. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from base.hints import did_you_mean, one_of, shown
from base.phone_passwords import PASSWORD, PASSWORD_RULE, weakness
from hotline.caller_checks import calls_out, districts, greeted, lines, numbering
from hotline.defaults import NO_ZONE
from hotline.document import Path, node_at
from hotline.draft import Draft
from hotline.menu_checks import guidance, promises
from hotline.model import SECTIONS
from hotline.opening import opening
from hotline.problem import Problem, error, warning
from hotline.prompts import prompts
from hotline.queue_checks import callbacks, codes, coverage, limits, shifts, sticky
from hotline.reachability import routes
from hotline.removed import removed
from hotline.texts import placed_texts, shown_texts, tongues
from ivr.model import KINDS, PASSED, ToMenu, ToMessage
from sentences.sentence import Sentence, template
from sounds.model import EVERY

MOST = {
    "callers": 50,
    **dict.fromkeys(PASSED, 200),
    "inputs": 100,
    "menus": 500,
    "queues": 200,
    "sub_hotlines": 500,
    "outside_numbers": 500,
    "breaks": 50,
    "skills": 500,
    "removed_queues": 200,
    "agents": 5_000,
}
"""More than any hotline has; a limit so that a faulty generator of files does not fill the memory."""

_TOO_MANY = {
    "callers": template("{count:,} callers"),
    "outside_numbers": template("{count:,} outside_numbers"),
    "breaks": template("{count:,} breaks"),
    "skills": template("{count:,} skills"),
    "removed_queues": template("{count:,} removed_queues"),
    "agents": template("{count:,} agents"),
}
"""What is said of more than `MOST`."""

_TOO_MANY_NODES = template("there are {count:,} of the kind {kind}")

_UNSAFE = frozenset('"\\<>;$[]{}|`')
"""Characters that mean something in Asterisk's configuration or in a caller's name on a phone."""


_WRITE = Sentence("write what is to be said")


def check(
    draft: Draft,
    timezones: Collection[str],
    spoken: Collection[str],
    *,
    trunk: bool | None = None,
    exposed: bool = False,
    unknown: Mapping[str, Sequence[str]] | None = None,
    today: date | None = None,
) -> list[Problem]:
    """Every problem between the parts of a hotline.

    `timezones`: the names that this machine knows. `spoken`: the languages that Wutong has sentences and numbers in.
    `trunk`: whether there is a line to the telephone network; None: not known. `exposed`: phones are served beyond
    loopback. `unknown`, `today`: as `opening` has them.
    """
    checks = (
        _sizes,
        _names,
        _safe,
        _texts,
        codes,
        limits,
        callbacks,
        sticky,
        numbering,
        routes,
        promises,
        guidance,
        greeted,
        districts,
        removed,
        tongues,
    )
    problems = [found for look in checks for found in look(draft)]
    # A language that cannot be spoken at all is one problem: nothing else that it lacks is reported.
    languages = tuple(language for language in draft.hotline.languages if language in spoken)
    speakable = replace(draft, hotline=draft.hotline.model_copy(update={"languages": languages}))
    problems += [
        *_translations(speakable),
        *prompts(speakable),
        *coverage(speakable),
        *_languages(draft, spoken),
        *lines(draft, trunk),
        *calls_out(draft, trunk),
    ]
    problems += _passwords(draft, exposed)
    problems += shifts(draft)
    problems += opening(draft, unknown or {}, today)
    return [*problems, *_timezone(draft, timezones), *_spoken(draft, spoken)]


def _sizes(draft: Draft) -> Iterator[Problem]:
    counts = {section: len(draft.names(section)) for section in SECTIONS}
    counts["callers"] = len(draft.hotline.callers)
    counts |= {
        name: len(getattr(draft.hotline, name)) for name in ("outside_numbers", "removed_queues", "breaks", "skills")
    }
    counts["agents"] = len(draft.agents or ())
    for section, count in counts.items():
        if count > MOST[section]:
            spot = draft.spot((section,), key=True)
            yield error(
                "too-many",
                spot,
                Sentence(_TOO_MANY.get(section, _TOO_MANY_NODES), count=count, kind=SECTIONS.get(section)),
                Sentence("use {count:,} at most", count=MOST[section]),
            )


def _names(draft: Draft) -> Iterator[Problem]:
    """Destinations that lead nowhere, and `repeat` outside a menu."""
    for way in draft.ways:
        target, below = way.destination.node, tuple[str, ...]()
        if isinstance(way.destination, ToMessage):
            target, below = ("queues", way.destination.message.queue), (ToMessage.key,)
        if target is not None and target[1] not in draft.names(target[0]):
            section, name = target
            key = next(kind.key for kind in KINDS.values() if kind.section == section)
            known = draft.names(section)
            otherwise = Sentence("add it under `{section}`", section=section)
            if known:
                names = one_of(sorted(known))
                otherwise = Sentence("add it under `{section}`, or use {names}", section=section, names=names)
            hint = did_you_mean(name, known, otherwise)
            spot = draft.spot((*way.path, *below, key))
            yield error(
                "dangling", spot, Sentence("there is no {kind} {name}", kind=SECTIONS[section], name=shown(name)), hint
            )
        within = way.source is not None and way.source[0] == "menus"
        if way.destination.in_menu and not within:
            spot = draft.spot(way.path)
            yield error(
                "repeat-outside-menu",
                spot,
                Sentence("there is no menu to repeat here"),
                Sentence("name a menu: {{menu: …}}"),
            )


def _safe(draft: Draft) -> Iterator[Problem]:
    """Names go to the displays of phones and into configuration files; passwords into a configuration file."""
    named: list[tuple[Path, str]] = [
        (("name", language) if language != EVERY else ("name",), words)
        for language, words in draft.hotline.name.items()
    ]
    for section in ("queues", "sub_hotlines"):
        for name, item in getattr(draft.hotline, section).items():
            named.extend(((section, name, "name", language), words) for language, words in item.name.items())
    for name, menu in draft.hotline.menus.items():
        named.extend((("menus", name, "name", language), words) for language, words in (menu.name or {}).items())
    for number, names in draft.hotline.outside_numbers.items():
        named.extend((("outside_numbers", number, language), words) for language, words in names.items())
    for break_id, reason in draft.hotline.breaks.items():
        named.extend((("breaks", break_id, language), words) for language, words in reason.items())
    for skill, names in draft.hotline.skills.items():
        named.extend((("skills", skill, language), words) for language, words in names.items())
    named.extend((("agents", index, "name"), agent.name) for index, agent in enumerate(draft.agents or ()))
    for path, words in named:
        unsafe = sorted(_UNSAFE & set(words))
        if unsafe:
            yield error(
                "unsafe-name",
                draft.spot(path),
                Sentence("the character {character} cannot be in a name", character=unsafe[0]),
                Sentence("leave it out"),
            )
        if len(words) > 80:
            yield error(
                "too-long",
                draft.spot(path),
                Sentence("a name of {count} characters", count=len(words)),
                Sentence("use 80 at most"),
            )


def _passwords(draft: Draft, exposed: bool) -> Iterator[Problem]:
    for index, agent in enumerate(draft.agents or ()):
        if agent.password is None:
            continue
        secret, spot = agent.password.get_secret_value(), draft.spot(("agents", index, "password"))
        if not PASSWORD.fullmatch(secret):
            hint = Sentence("use {rule}, or leave it out and one is made", rule=PASSWORD_RULE)
            yield error(
                "unsafe-password", spot, Sentence("this password cannot be written into Asterisk's files"), hint
            )
        elif (why := weakness(secret, agent.id)) is not None:
            hint = Sentence("leave it out, and a strong one is made")
            found = error if exposed else warning
            yield found("weak-password", spot, Sentence("this password is easy to guess: {why}", why=why), hint)


def _texts(draft: Draft) -> Iterator[Problem]:
    languages = draft.hotline.languages
    for path, texts in chain(placed_texts(draft.hotline), shown_texts(draft.hotline)):
        for language in texts:
            at = (*path, language)
            if not texts[language].strip():
                yield error("empty-text", draft.spot(at), Sentence("there are no words here"), _WRITE)
            if languages and language not in (*languages, EVERY):
                hint = did_you_mean(
                    language, languages, Sentence("use {names}, or add it to `languages`", names=one_of(languages))
                )
                spot = draft.spot(at, key=True)
                yield error(
                    "unknown-language",
                    spot,
                    Sentence("the hotline has no language {language}", language=shown(language)),
                    hint,
                )
        if not texts and node_at(draft.tree, path) is not None:
            yield error("empty-text", draft.spot(path, key=True), Sentence("there are no words here"), _WRITE)


def _translations(draft: Draft) -> Iterator[Problem]:
    for path, texts in chain(placed_texts(draft.hotline), shown_texts(draft.hotline)):
        missing = [language for language in draft.hotline.languages if language not in texts and EVERY not in texts]
        if missing and texts:
            message = Sentence("this text is missing in {names}", names=one_of(missing))
            yield warning(
                "missing-translation", draft.spot(path, key=True), message, Sentence("add `{key}: …`", key=missing[0])
            )


def _languages(draft: Draft, spoken: Collection[str]) -> Iterator[Problem]:
    """Languages that are named but missing, or there but not reachable."""
    languages = draft.hotline.languages
    if not languages:
        return
    chosen = {languages[0]}
    for way in draft.ways:
        if isinstance(way.destination, ToMenu) and way.destination.language is not None:
            language = way.destination.language
            chosen.add(language)
            if language not in languages:
                hint = did_you_mean(language, languages, Sentence("use {names}", names=one_of(languages)))
                spot = draft.spot((*way.path, "language"))
                yield error(
                    "unknown-language",
                    spot,
                    Sentence("the hotline has no language {language}", language=shown(language)),
                    hint,
                )
    for index, language in enumerate(languages):
        if language in languages[:index]:
            spot = draft.spot(("languages", index))
            yield error(
                "duplicate-language",
                spot,
                Sentence("the language {language} is given twice", language=language),
                Sentence("keep one of them"),
            )
        elif language in spoken and language not in chosen | draft.mentioned and chosen <= {*languages}:
            hint = Sentence("give a key {{language: {language}, menu: …}}, or take the language out", language=language)
            yield warning(
                "unreachable",
                draft.spot(("languages", index)),
                Sentence("no key leads to the language {language}", language=language),
                hint,
            )
    for index, agent in enumerate(draft.agents or ()):
        for at, language in enumerate(agent.languages):
            if language not in languages:
                hint = did_you_mean(language, languages, Sentence("the hotline has {names}", names=one_of(languages)))
                spot = draft.spot(("agents", index, "languages", at))
                yield warning(
                    "unknown-language",
                    spot,
                    Sentence("the hotline has no language {language}", language=shown(language)),
                    hint,
                )


def _timezone(draft: Draft, timezones: Collection[str]) -> Iterator[Problem]:
    zone = draft.hotline.timezone
    if zone and zone not in timezones:
        hint = (
            did_you_mean(zone, timezones, Sentence("use a name such as Asia/Shanghai"))
            if timezones
            else Sentence("install tzdata")
        )
        yield error(
            "unknown-timezone",
            draft.spot(("timezone",)),
            Sentence("there is no time zone {name}", name=shown(zone)),
            hint,
        )
    elif zone == NO_ZONE and node_at(draft.tree, ("timezone",)) is None:
        message = Sentence("there is no `timezone`, so all times are {zone}", zone=NO_ZONE)
        yield warning("no-timezone", draft.spot(()), message, Sentence("add `timezone: …`, such as Europe/Dublin"))


def _spoken(draft: Draft, spoken: Collection[str]) -> Iterator[Problem]:
    for index, language in enumerate(draft.hotline.languages):
        if language not in spoken:
            spot = draft.spot(("languages", index))
            message = Sentence("Wutong has no sentences of its own in the language {language}", language=language)
            yield error("unspoken-language", spot, message, Sentence("use {names}", names=one_of(sorted(spoken))))
