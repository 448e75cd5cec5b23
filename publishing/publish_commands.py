"""`./wutong publish` and `rollback`: what a person sees before anything changes, and what the service answers."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from base.failure import NotDone
from commands.client import Client, Refused
from commands.options import consent, fail, say, step
from hotline.extras import Paths
from hotline.files import Given, folder_files
from hotline.loader import load
from hotline.model import Hotline
from hotline.problem import Problem
from hotline.treetests import covered, load_tested
from hotline.trial import MOST_PERCENT
from processes.running import as_running
from publishing.comparing import nothing
from publishing.differences import differences
from publishing.elsewhere import Callers, elsewhere
from publishing.passwordless import Unkeepable, texts
from publishing.prompts import build_before_reload, voice_before_reload
from publishing.speech import unvoiced
from publishing.store import VersionStore
from publishing.versions import taken_back, taken_back_in_words
from sentences.languages import language_here
from sentences.sentence import Sentence
from settings.settings import Settings


def percent(given: str) -> int:
    """Of callers: `10%` or `10`. Ends the program with a sentence if it is not one."""
    number = given.strip().removesuffix("%").strip()
    if not number.isdecimal() or not 1 <= int(number) <= MOST_PERCENT:
        fail(Sentence("--trial {given}: give 1% to {most}%", given=given, most=MOST_PERCENT))
    return int(number)


def to_all_callers(
    client: Client, settings: Settings, note: str, *, callers: Callers, yes: bool, as_json: bool
) -> None:
    """`publish --all`: the version that is on trial."""
    running = on_trial(client.versions())
    if running is None:
        raise NotDone(Sentence("no version is on trial: ./wutong versions lists them"))
    _bring_back(client, settings, running["number"], note, callers=callers, yes=yes, as_json=as_json)


def on_trial(listed: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The version that is on trial now."""
    return next((each for each in listed if each["trial"] and each["trial"]["verdict"] == "running"), None)


def publish(
    client: Client,
    settings: Settings,
    folder: Path | None,
    note: str,
    *,
    over: bool,
    trial: int | None,
    callers: Callers,
    yes: bool,
    as_json: bool,
) -> None:
    """The command. `trial`: so many percent of the callers get it; None: all. `callers`: who is replayed.

    The service checks once more, and only what was seen here is published: by the tag, and as the files that were read
    here, unless they are the running hotline's own folder.
    """
    hotline = as_running(settings).hotline.absolute()
    where = hotline if folder is None else folder.expanduser().absolute()
    given, tag = folder_files(where), client.version("current")[1]
    language = language_here()
    loaded, report = load_tested(
        hotline if given is not None else where,
        datetime.now(UTC),
        trunk=settings.trunk is not None,
        exposed=settings.exposed,
        language=language,
        given=given,
    )
    show_problems(loaded.problems)
    if report is not None:
        typer.echo(covered(report, language), err=True)
    body: dict[str, Any] = {"note": note, **({} if trial is None else {"trial": {"percent": trial}})}
    if where != hotline or loaded.hotline is None:  # refused: the service writes into its log why
        if given is None:
            fail(Sentence("nothing was published"))
        body["files"] = _sent(given)
    elif over:
        body["over"] = True
    if loaded.hotline is not None:
        if where == hotline and trial is None:
            _show_taken_back(settings, hotline, given or {})
        in_draft = _ask(
            client,
            settings,
            loaded.hotline,
            given or {},
            callers=callers,
            yes=yes,
            question=Sentence("New calls get this.")
            if trial is None
            else Sentence("{trial} % of callers get this.", trial=trial),
        )
        if folder_files(where) != given:
            raise NotDone("{where} was edited meanwhile, and nothing was published: look again", where=where)
        build_before_reload(settings.folder, step, given, unvoiced=in_draft)
    _send(client, body, tag, as_json=as_json)


def rollback(
    client: Client,
    settings: Settings,
    number: int | None,
    note: str,
    *,
    callers: Callers,
    yes: bool,
    as_json: bool,
) -> None:
    """The command. `callers`: who is replayed."""
    wanted = number if number is not None else _before(client, settings)
    if wanted is None:
        raise NotDone(Sentence("there is no earlier version to go back to: ./wutong versions lists them"))
    _bring_back(client, settings, wanted, note, callers=callers, yes=yes, as_json=as_json)


def _before(client: Client, settings: Settings) -> int | None:
    """The version before the one in use, which all callers got; from a trial, the one that the others get."""
    listed = client.versions()
    current = next((each["number"] for each in listed if each["current"]), None)
    if current is not None and on_trial(listed) is not None:
        return int(current)
    store, folder = VersionStore(settings.folder.versions), str(as_running(settings).hotline.absolute())
    earlier = [each.number for each in store.for_all if each.number != current and each.folder == folder]
    return max(earlier, default=None)


def _bring_back(
    client: Client, settings: Settings, wanted: int, note: str, *, callers: Callers, yes: bool, as_json: bool
) -> None:
    tag = client.version("current")[1]
    hotline = as_running(settings).hotline
    given = _given(client.version_files(str(wanted)))
    paths = _paths(settings, wanted)
    loaded = load(hotline, trunk=settings.trunk is not None, exposed=settings.exposed, given=given, paths=paths)
    show_problems(problem for problem in loaded.problems if problem.level == "error")
    if loaded.hotline is not None:
        question = Sentence("All new calls get version {wanted}.", wanted=wanted)
        in_draft = _ask(
            client, settings, loaded.hotline, given, callers=callers, yes=yes, question=question, draft=str(wanted)
        )
        build_before_reload(settings.folder, step, given, paths, unvoiced=in_draft)
    _send(client, {"version": wanted, "note": note}, tag, as_json=as_json)


def show_problems(problems: Iterable[Problem]) -> None:
    """One line each."""
    for problem in problems:
        say(problem.words, err=True)


def _show_taken_back(settings: Settings, folder: Path, given: Given) -> None:
    """Show the version in use, if these files of the folder undo it."""
    try:
        undone = taken_back(texts(given), str(folder), VersionStore(settings.folder.versions).history)
    except Unkeepable as error:
        raise NotDone("nothing was published: {why}", why=str(error)) from error
    if undone is not None:
        typer.echo(taken_back_in_words(undone, language_here()), err=True)


def _ask(
    client: Client,
    settings: Settings,
    new: Hotline,
    given: Given,
    *,
    callers: Callers,
    yes: bool,
    question: str,
    draft: str = "DRAFT",
) -> bool:
    """Show what changes for callers, and ask. `given`: the files of `new`; `draft`: what they are, for `replay`.

    Answers whether only the draft voice can speak some of it, which is shown then.
    """
    language = language_here()
    if (running := on_trial(client.versions())) is not None:
        say(Sentence("The trial of version {number} ends", number=running["number"]), err=True)
    old = _in_use(client, settings)
    if old is None:
        say(Sentence("The version in use cannot be compared"), err=True)
    else:
        found = [difference.sentence for difference in differences(old, new, language)]
        for sentence in found or [nothing(language)]:
            typer.echo(sentence, err=True)
    for sentence in elsewhere(client, _sent(given), callers, language, draft):
        typer.echo(sentence, err=True)
    voice_before_reload(settings, new, step)
    without_voice = unvoiced(new, settings)
    show_problems(without_voice)
    consent(question, yes=yes)
    return bool(without_voice)


def _in_use(client: Client, settings: Settings) -> Hotline | None:
    """The version in use; None: none is kept, or it cannot be read any more."""
    try:
        number = client.version("current")[0]["number"]
        given, paths = _given(client.version_files(str(number))), _paths(settings, number)
    except (Refused, NotDone):
        return None
    return load(as_running(settings).hotline, given=given, paths=paths).hotline


def _paths(settings: Settings, number: int) -> Paths | None:
    """Where the recordings and lists of a version are, which the service has listed. Raises NotDone: they are lost."""
    store = VersionStore(settings.folder.versions)
    return None if store.of(number) is None else store.paths(number)


def _send(client: Client, body: dict[str, Any], tag: str, *, as_json: bool) -> None:
    try:
        made = client.publish(body, tag)
    except Refused as refused:
        if as_json:
            typer.echo(json.dumps(refused.problem, ensure_ascii=False))
        fail(refused.problem["detail"])
    if as_json:
        typer.echo(json.dumps(made, ensure_ascii=False))
        return
    for sentence in made["removed"]:
        typer.echo(sentence, err=True)
    if made["trial"] is not None and made["trial"]["verdict"] == "running":
        say(
            Sentence(
                "version {number} is on trial for {percent} % of callers; ./wutong versions shows the result",
                number=made["number"],
                percent=made["trial"]["percent"],
            )
        )
        return
    same = "" if made["changed"] else Sentence("; callers notice nothing")
    say(
        Sentence(
            "version {number} ({digest}) is in use{same}",
            number=made["number"],
            digest=made["digest"],
            same=same,
        )
    )


def _sent(given: Given) -> dict[str, str]:
    return {name: data.decode("utf-8", "replace") for name, data in given.items()}


def _given(files: dict[str, str]) -> Given:
    return {name: text.encode() for name, text in files.items()}
