"""The console's lock file is read: which packages, and which one each of them uses."""

import json
from typing import Any

import pytest

from lab.supply.console_lock import BadLock, read

DIGEST = {"integrity": "sha512-AAAA", "license": "MIT"}


def lock(packages: dict[str, Any]) -> str:
    return json.dumps({"lockfileVersion": 3, "packages": packages})


def test_the_nearest_package_of_a_name_is_used_as_nodejs_finds_it() -> None:
    packages, named = read(
        lock(
            {
                "": {"dependencies": {"a": "1"}, "devDependencies": {"@x/b": "1"}},
                "node_modules/a": {"version": "1.0.0", "dependencies": {"c": "2"}, **DIGEST},
                "node_modules/a/node_modules/c": {"version": "2.0.0", "dependencies": {"d": "1"}, **DIGEST},
                "node_modules/c": {"version": "1.0.0", "dev": True, **DIGEST},
                "node_modules/d": {"version": "1.0.0", **DIGEST},
                "node_modules/@x/b": {
                    "version": "1.0.0",
                    "dev": True,
                    "dependencies": {"c": "1"},
                    "optionalDependencies": {"of-another-system": "1"},
                    **DIGEST,
                },
            }
        )
    )
    assert named == ["npm:@x/b@1.0.0", "npm:a@1.0.0"]
    assert {each.ref: (each.built, each.uses) for each in packages} == {
        "npm:a@1.0.0": (True, ["npm:c@2.0.0"]),
        "npm:c@2.0.0": (True, ["npm:d@1.0.0"]),
        "npm:c@1.0.0": (False, []),
        "npm:d@1.0.0": (True, []),
        "npm:@x/b@1.0.0": (False, ["npm:c@1.0.0"]),
    }
    assert {each.digest for each in packages} == {"000000"}


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"packages": []}',
        lock({"node_modules/a": {}}),
        lock({"": {}, "node_modules/a": {"version": "1", "integrity": "sha1-AAAA"}}),
    ],
)
def test_what_is_no_lock_is_said(text: str) -> None:
    with pytest.raises(BadLock):
        read(text)
