"""What pip-audit says, and what it must not be taken for."""

import json

from lab.supply.advisories import FOUND, GOOD, NOT_ASKED, understood

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
    assert "That is no clean result." in audit.lines()[0]


def test_no_answer_at_all_is_no_clean_result() -> None:
    for output, complaints in (("", "ERROR:pip_audit._cli:Could not connect\n"), ("{}", ""), (said(), "")):
        audit = understood(output, complaints)
        assert audit.status == NOT_ASKED
        assert "Could not ask" in audit.lines()[0]
    assert "Could not connect" in understood("", "Traceback …\nERROR: Could not connect.\n").lines()[0]
