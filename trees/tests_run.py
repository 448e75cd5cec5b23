"""`./wutong try`: runs the tests of a hotline's menus, and tells what came of each."""

import asyncio
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from base.failure import NotDone
from commands.client import Client
from hotline.files import TESTS
from hotline.inwords import either, quoted
from hotline.problem import Level
from hotline.treetests import FAILED, Report, covered, load_tested, run
from hotline.walks import written
from publishing.naming import Named
from publishing.speech import recogniser
from settings.settings import Settings
from sounds.environment import CompanionFailed
from sounds.hearing import Recogniser
from trees.trying import Caller, Tried, understood
from trees.walking import Caller as Somebody
from trees.walking import Tour

Show = Callable[[str], object]


def try_out(
    settings: Settings,
    which: Named,
    client: Client | None,
    only: str,
    language: str,
    *,
    heard: bool,
    as_json: bool,
    show: Show,
) -> bool:
    """Run the tests of `which` whose names have `only` in them; whether all pass that were run.

    `client`: of the running service, which is called; None: they are walked. Raises NotDone where there are none, where
    the folder has other errors, and where calls or the recogniser fail.
    """
    report = _tests(settings, which, only, language)
    told: Show = (lambda line: None) if as_json else show
    if client is None:
        tried = [Tried(result.placed, result.problems) for result in report.results]
        for each in tried:
            _tell(each, language, told)
    else:
        tried = _called(settings, client, report, language, heard=heard, show=told)
    failed = sum(bool(each.problems) for each in tried)
    if as_json:
        show(json.dumps(_document(tried, report), ensure_ascii=False))
        return not failed
    skipped = sum(each.skipped is not None for each in tried)
    if client is not None:
        zh = f"{len(tried) - skipped} 个测试已拨打，{failed} 个未通过，{skipped} 个未拨打"
        told(either(zh, f"called: {len(tried) - skipped}, failed: {failed}, not called: {skipped}", language))
    elif not only:
        told(covered(report, language))
    return not failed


def _tests(settings: Settings, which: Named, only: str, language: str) -> Report:
    loaded, report = load_tested(
        which.folder,
        datetime.now(UTC),
        trunk=settings.trunk is not None,
        exposed=settings.exposed,
        language=language,
        given=which.given,
        paths=which.paths,
    )
    errors = [str(each) for each in loaded.problems if each.level is Level.ERROR and each.code != FAILED]
    if errors:
        raise NotDone("\n".join(errors))
    if report is None:
        raise NotDone(f"{which.told} has no {TESTS}: docs/trees.md says how to write tests")
    chosen = [result.placed for result in report.results if only in result.placed.test.name]
    if not chosen:
        raise NotDone(f"--only: no test has {only!r} in its name")
    return run(chosen, report.hotline, language)


def _called(
    settings: Settings, client: Client, report: Report, language: str, *, heard: bool, show: Show
) -> list[Tried]:
    hotline = report.hotline
    tour = Tour(settings, hotline, Somebody(), language, datetime.now(UTC))
    if heard and not recogniser().ready():
        raise NotDone("the recogniser is not installed: ./wutong prompts install --recogniser")
    with tempfile.TemporaryDirectory(prefix="wutong-try-") as folder:
        caller = Caller(
            client, hotline, lambda turn: tour.sounds(turn).seconds, language, Path(folder) if heard else None
        )
        if not heard:
            return caller.call_all(report.results, lambda tried: _tell(tried, language, show))
        called = caller.call_all(report.results, lambda tried: None)
        try:
            return asyncio.run(_heard(called, language, show))
        except CompanionFailed as problem:
            raise NotDone(str(problem)) from problem


async def _heard(called: Sequence[Tried], language: str, show: Show) -> list[Tried]:
    judged = []
    async with Recogniser(recogniser()) as recognising:
        for each in called:
            judged.append(await understood(each, recognising.judge, language))
            _tell(judged[-1], language, show)
    return judged


def _tell(tried: Tried, language: str, show: Show) -> None:
    name = quoted(tried.placed.test.name)
    if tried.skipped is not None:
        show(either(f"－ {name} 未拨打：{tried.skipped}", f"- {name} not called: {tried.skipped}", language))
    elif tried.problems:
        show(f"✗ {name}")
        for problem in tried.problems:
            show(f"  {problem}")
    else:
        show(f"✓ {name}")


def _document(tried: Sequence[Tried], report: Report) -> dict[str, Any]:
    tests = [
        {
            "name": each.placed.test.name,
            "line": each.placed.spot("name").line,
            "passed": not each.problems and each.skipped is None,
            "skipped": each.skipped,
            "problems": [asdict(problem) for problem in each.problems],
        }
        for each in tried
    ]
    missing = [{**written(node), "choice": did} for node, did in report.missing]
    return {"tests": tests, "choices": {"all": report.choices, "missing": missing}}
