"""Which account follows from claims."""

from typing import Any

import pytest
from pydantic import ValidationError

from accounts.directory import Directory
from accounts.openid.flow import NotAdmitted, admit, given
from base.role import Role
from settings.sections import OpenId
from tests.unit.accounts.stores import FakeStore

GIVEN: dict[str, Any] = {
    "issuer": "https://login.example",
    "client_id": "wutong",
    "client_secret": "secret",
    "callback": "https://hotline.example/api/v1/session/openid/callback",
    "roles_claim": "realm_access.roles",
    "agent_claim": "agent",
    "grants": {
        "greening": {"roles": ["supervisor"], "queues": ["greening"]},
        "water": {"roles": ["supervisor"], "queues": ["water"], "departments": ["gas"]},
        "phones": {"roles": ["agent"]},
        "all": {"roles": ["administrator"]},
    },
}
SETTINGS = OpenId.model_validate(GIVEN)


def claims(*roles: Any, **more: Any) -> dict[str, Any]:
    return {"sub": "7", "preferred_username": "Li", "realm_access": {"roles": list(roles)}, **more}


def test_rights_of_several_values_are_joined() -> None:
    rights = given(claims("greening", "water", "unknown", 7, None, ["all"]), SETTINGS)
    assert rights["roles"] == {Role.SUPERVISOR}
    assert (rights["queues"], rights["departments"], rights["agent"]) == ({"greening", "water"}, {"gas"}, None)
    assert given(claims("phones", agent="1001"), SETTINGS)["agent"] == "1001"
    assert given({"realm_access.roles": "all"}, SETTINGS)["roles"] == {Role.ADMINISTRATOR}, "a name with dots in it"


@pytest.mark.parametrize(
    "wrong",
    [
        claims(),
        claims("unknown"),
        claims("ALL"),
        {"sub": "7"},
        {"realm_access": "all"},
        {"realm_access": {"roles": {"all": True}}},
        {"realm_access": {"roles": 7}},
        claims("phones"),
        claims("phones", agent="1"),
        claims("phones", agent=1001),
        claims("phones", agent="1001\n"),
    ],
    ids=str,
)
def test_claims_that_give_nothing(wrong: dict[str, Any]) -> None:
    with pytest.raises(NotAdmitted):
        given(wrong, SETTINGS)


@pytest.mark.parametrize("name", [None, 7, "", "李", "li wei", "a@b", "x" * 41, "li\n", ["li"], "\u212aim"])
async def test_what_is_no_name(name: object) -> None:
    directory = Directory(FakeStore(), lambda: 1.0)
    with pytest.raises(NotAdmitted):
        await admit(claims("all", preferred_username=name), SETTINGS, directory, 1.0)
    assert directory.people == {}


async def test_an_account_belongs_to_the_issuers_id() -> None:
    directory = Directory(FakeStore(), lambda: 1.0)
    li, what = await admit(claims("all"), SETTINGS, directory, 1.0)
    assert what == "user-added"
    assert (li.name, li.password, li.subject) == ("li", None, "https://login.example 7")
    assert await admit(claims("all", preferred_username="wang"), SETTINGS, directory, 2.0) == (li, None)
    changed, what = await admit(claims("greening"), SETTINGS, directory, 2.0)
    assert (changed.name, what) == ("li", "user-changed")
    assert changed.roles == {Role.SUPERVISOR}
    assert changed.queues == {"greening"}
    with pytest.raises(NotAdmitted):
        await admit(claims("all", sub="8"), SETTINGS, directory, 2.0)
    other = SETTINGS.model_copy(update={"issuer": "https://other.example"})
    with pytest.raises(NotAdmitted):
        await admit(claims("all"), other, directory, 2.0)
    for sub in ("", "x" * 256):
        with pytest.raises(NotAdmitted):
            await admit(claims("all", sub=sub, preferred_username="zhao"), SETTINGS, directory, 2.0)


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "http://login.example"},
        {"issuer": "login.example"},
        {"issuer": "https://user@login.example"},
        {"callback": "http://hotline.example/api/v1/session/openid/callback"},
        {"callback": "https://hotline.example/elsewhere"},
        {"scope": "openid\nprofile"},
        {"scope": "profile"},
        {"grants": {}},
        {"grants": {"a": {"roles": []}}},
        {"grants": {"a": {"roles": ["king"]}}},
        {"grants": {"a": {"roles": ["agent"], "queue": ["x"]}}},
        {"nonsense": True},
    ],
    ids=str,
)
def test_settings_that_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        OpenId.model_validate(GIVEN | changes)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_on_loopback_http_will_do(host: str) -> None:
    assert OpenId.model_validate(GIVEN | {"issuer": f"http://{host}:4000"})
