"""What pip-audit says, and what it must not be taken for."""

import json

import pytest

from lab.supply.advisories import FOUND, GOOD, NOT_ASKED, Audit, understood, understood_of_console
from lab.supply.console_lock import Shipped

CLEAN = {"name": "h11", "version": "0.16.0", "vulns": []}
HARMFUL = {
    "name": "jinja2",
    "version": "3.1.0",
    "vulns": [{"id": "PYSEC-2025-1", "fix_versions": ["3.1.6"], "aliases": [], "description": "…"}],
}
SKIPPED = {"name": "uvloop", "skip_reason": "Dependency not found on PyPI and could not be audited: uvloop (0.23.0)"}


def said(*dependencies: object) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def test_all_answered_and_nothing_known_is_good() -> None:
    audit = understood(said(CLEAN), "No known vulnerabilities found")
    assert audit.status == GOOD
    assert audit.lines() == ["1 packages, 0 known vulnerabilities."]


def test_an_advisory_is_told_with_what_mends_it() -> None:
    audit = understood(said(CLEAN, HARMFUL, SKIPPED), "Found 1 known vulnerability in 1 package")
    assert audit.status == FOUND
    assert audit.lines()[0] == "jinja2 3.1.0: PYSEC-2025-1; fixed in 3.1.6"
    assert "Could not ask about 1 of 3 packages: uvloop." in audit.lines()[1]


def test_packages_that_could_not_be_asked_about_are_no_clean_result() -> None:
    # pip-audit itself ends with status 0 here, and says: No known vulnerabilities found
    audit = understood(said(CLEAN, SKIPPED), "No known vulnerabilities found")
    assert audit.status == NOT_ASKED
    assert "That is not a clean result." in audit.lines()[0]


def test_no_answer_at_all_is_no_clean_result() -> None:
    for output, complaints in (("", "ERROR:pip_audit._cli:Could not connect\n"), ("{}", ""), (said(), "")):
        audit = understood(output, complaints)
        assert audit.status == NOT_ASKED
        assert "Could not ask" in audit.lines()[0]
    assert "Could not connect" in understood("", "Traceback …\nERROR: Could not connect.\n").lines()[0]


CONSOLE = [
    Shipped("npm:jssip@3.13.8", "jssip", "3.13.8", "MIT", "00", True, ["npm:debug@4.4.3"]),
    Shipped("npm:debug@4.4.3", "debug", "4.4.3", "MIT", "00", True, []),
]


def said_by_npm(**vulnerabilities: object) -> str:
    return json.dumps({"auditReportVersion": 2, "vulnerabilities": vulnerabilities, "metadata": {}})


def test_npms_answer_is_for_every_package_of_the_console() -> None:
    audit = understood_of_console(said_by_npm(), "", CONSOLE)
    assert (audit.status, audit.lines()) == (GOOD, ["2 packages, 0 known vulnerabilities."])


def test_an_advisory_of_npms_is_told_once_with_the_versions_that_have_it() -> None:
    via = {"source": 1, "name": "debug", "url": "https://github.com/advisories/GHSA-aaaa-bbbb-cccc", "range": "<4.4.4"}
    found = said_by_npm(
        debug={"name": "debug", "via": [via], "range": "<4.4.4", "fixAvailable": True},
        jssip={"name": "jssip", "via": ["debug"], "range": "*", "fixAvailable": True},
    )
    audit = understood_of_console(found, "", CONSOLE)
    assert audit.status == FOUND
    assert audit.lines()[0] == "debug 4.4.3: GHSA-aaaa-bbbb-cccc; versions <4.4.4 have it"
    assert len(audit.advisories) == 1


@pytest.mark.parametrize("output", ["", "[]", '{"message": "405", "error": {}}', '{"vulnerabilities": {"debug": {}}}'])
def test_what_npm_could_not_ask_is_no_clean_result(output: str) -> None:
    audit = understood_of_console(output, "npm warn audit 405 Method Not Allowed\n", CONSOLE)
    assert audit.status == NOT_ASKED
    assert "npm:jssip@3.13.8" in audit.lines()[0]
    assert "405 Method Not Allowed" in audit.lines()[0]


def test_both_answers_are_one_result() -> None:
    clean, away = Audit(["h11"], {}, []), Audit([], {}, [], "no network")
    console = Audit(["npm:jssip@3.13.8"], {}, [])
    assert clean.also(["h11"], console).lines() == ["2 packages, 0 known vulnerabilities."]
    half = away.also(["h11"], console)
    assert half.status == NOT_ASKED
    assert half.lines() == [
        "Could not ask about 1 of 2 packages: h11. The first reason: no network. That is not a clean result."
    ]
    nothing = away.also(["h11"], Audit([], {"npm:jssip@3.13.8": "npm: not found"}, []))
    assert "Could not ask about 2 of 2 packages" in nothing.lines()[0]
