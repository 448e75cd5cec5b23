"""Roles: the page for people follows the tables, and `reach` reads them right."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.model import EVERYTHING, Account, Reach
from accounts.roles import AUDITED, OPEN, ROUTES, RULES, Permission, reach
from base.role import Role
from tests.product import SOURCES

CHECKOUT = Path(__file__).resolve().parents[3]
PAGE = CHECKOUT / "docs" / "roles.md"


def tables() -> str:
    """What docs/roles.md has to say."""
    lines = [f"| may | {' | '.join(Role)} |", f"| --- |{' --- |' * len(Role)}"]
    for permission, extents in RULES.items():
        cells = (extents[role].value if role in extents else "no" for role in Role)
        lines.append(f"| {permission} | {' | '.join(cells)} |")
    lines += ["", "| route | needs to | in the audit |", "| --- | --- | --- |"]
    lines += [f"| `{method} {path}` | nothing: it is open | {told} |" for (method, path), told in OPEN.items()]
    for (method, path), rule in ROUTES.items():
        audited = "no" if rule.audited is None else f"`{rule.audited}`"
        lines.append(f"| `{method} {path}` | {rule.permission} | {audited} |")
    return "\n".join(lines)


def test_the_page_follows_the_tables() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for table in tables().split("\n\n"):
        assert table in text, f"put this into docs/roles.md:\n{table}"


def test_every_permission_has_a_rule_and_a_route() -> None:
    assert set(RULES) == set(Permission)
    assert {rule.permission for rule in ROUTES.values()} == set(Permission)


def test_every_change_and_every_look_at_callers_is_audited() -> None:
    for (method, path), rule in ROUTES.items():
        if rule.permission is Permission.DRAFT:
            continue  # a draft is sent to be looked at: it changes nothing
        if method != "GET" or rule.permission is Permission.SEE_CALLS:
            assert rule.audited, f"{method} {path}"


def test_every_kind_of_entry_is_known() -> None:
    """The console has words for those of AUDITED: its types are made of them."""
    written = {kind for file in SOURCES for kind in _kinds(ast.parse(file.read_text(encoding="utf-8")))}
    assert {"signed-in", "sign-in-refused", "listening-ended"} <= written <= set(AUDITED)


def _kinds(module: ast.Module) -> Iterator[str]:
    """The kinds that are named where an entry is made outside of the table of routes."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            named = {"Entry": 2, "_note": 0}.get(getattr(node.func, "attr", getattr(node.func, "id", "")))
            argument = None if named is None or len(node.args) <= named else node.args[named]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def account(*roles: Role, queues: tuple[str, ...] = (), agent: str | None = None) -> Account:
    return Account(name="x", roles=frozenset(roles), queues=frozenset(queues), agent=agent)


GREENING = frozenset({"greening"})
R, P = Role, Permission


@pytest.mark.parametrize(
    ("who", "permission", "expected"),
    [
        (account(R.SUPERVISOR), P.SEE_CALLS, EVERYTHING),
        (account(R.SUPERVISOR, queues=("greening",)), P.SEE_CALLS, Reach(queues=GREENING)),
        (account(R.DEPARTMENT), P.SEE_CALLS, Reach()),
        (account(R.DEPARTMENT), P.SEE_AGENTS, None),
        (account(R.AGENT, agent="1001"), P.SEE_AGENTS, Reach(agent="1001")),
        (account(R.AGENT, agent="1001"), P.SEE_QUEUES, Reach()),
        (account(R.AGENT, agent="1001"), P.RELOAD, None),
        (account(R.OPERATIONS), P.SEE_CALLS, None),
        (account(R.ADMINISTRATOR), P.MANAGE, EVERYTHING),
        # an account that is limited to a part must not make one without limits
        (account(R.ADMINISTRATOR, queues=("greening",)), P.MANAGE, None),
        (account(R.ADMINISTRATOR, queues=("greening",)), P.RELOAD, None),
        # one role's reach does not widen another's permission
        (account(R.AGENT, R.OPERATIONS, agent="1001"), P.SEE_CALLS, Reach(agent="1001")),
        (
            account(R.AGENT, R.SUPERVISOR, agent="1001", queues=("greening",)),
            P.SEE_AGENTS,
            Reach(queues=GREENING, agent="1001"),
        ),
        (account(R.AGENT, queues=("greening",), agent="1001"), P.SEE_CALLS, Reach(agent="1001")),
        (account(), P.OWN_SESSION, None),
    ],
)
def test_reach(who: Account, permission: Permission, expected: Reach | None) -> None:
    assert reach(who, permission) == expected


def test_what_a_reach_has() -> None:
    part = Reach(queues=GREENING, departments=frozenset({"gas"}), agent="1001")
    assert part.has_queue("greening")
    assert not part.has_queue("general")
    assert part.has_agent("1001", lambda: ())
    assert part.has_agent("1002", lambda: ["greening"])
    assert not part.has_agent("1003", lambda: ["general"])
    assert part.has_call("greening", None, None)
    assert part.has_call(None, "1001", None)
    assert part.has_call("general", "1003", "gas")
    assert not part.has_call("general", "1003", "water")
    assert not part.has_call(None, None, None)
    nothing = Reach()
    assert not nothing.has_call(None, None, None)
    assert not nothing.has_agent("1001", lambda: ["greening"])
