"""Admission: lets a request under /api in only if its sender may do what the route does.

Only here `accounts.roles` is applied. Routes get the sender by `accounts.asking.Asking`, and show
only what that person or program may see.
"""

import hmac
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from re import Pattern
from typing import NamedTuple
from urllib.parse import unquote_plus, urlsplit

import structlog
from fastapi import APIRouter, HTTPException
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.datastructures import Headers
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from accounts import roles, tokens
from accounts.accounts import Accounts
from accounts.audit import Entry
from accounts.limits import network_of
from accounts.model import LOCAL, Account, Asker, Session
from accounts.roles import Permission, Rule
from accounts.sign_in import Outcome
from base.local_socket import DOOR
from base.log import without_numbers
from base.metrics import each
from base.role import Role
from journal.actor import Actor
from sentences.sentence import Sentence
from web.problems import not_possible, nothing_here, response

log = structlog.get_logger(__name__)

GUARDED = "/api"
API = f"{GUARDED}/v1"

SAFE = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing."""

QUIET_S = 60.0
"""Seconds in which refused tokens from one address are one line of the log."""

MOST_ADDRESSES = 1_000
"""Addresses that have a line in that time. From further ones refused tokens are only counted."""

LONGEST_QUERY = 2_000
"""Characters of a reading's filters that are looked at: masking 60 KB would take a tenth of a second."""

LONGEST_PATH = 300
LONGEST_FILTER, MOST_FILTERS = 60, 10
"""Characters of each filter of a reading, and how many of them, that the audit keeps."""

LONGEST_CHANGE = 20_000
"""Characters that the audit keeps of what a change set: more than the largest one has."""

OF_CALLERS = frozenset(
    {
        Permission.SEE_CALLS,
        Permission.WRAP_UP_CALLS,
        Permission.MOVE_CALLS,
        Permission.SEND_ON,
        Permission.LISTEN,
        Permission.DIAL,
    }
)
"""A request that needs one of these may have a caller's number where an id, or a number of the hotline, belongs."""

ADMINISTRATOR = Account(name=LOCAL, roles=frozenset({Role.ADMINISTRATOR}))
"""Anybody with this installation's own token."""

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="wutong"'}

HINT = Sentence("`./wutong status --json` tells the token of this installation.")

ENDED = Sentence("What this account may do was changed at this moment; ask again.")


class Why(StrEnum):
    """Why a request was refused, as the metrics count it."""

    MISSING = "missing"  # neither a token nor a cookie
    TOKEN = "token"  # noqa: S105 - wrong, revoked or expired
    SESSION = "session"  # the cookie's has ended, or never was
    ORIGIN = "origin"  # a change that another site's page asks for, or without the session's CSRF token
    ROLE = "role"


class _Refusal(NamedTuple):
    status: int
    sentence: str
    headers: dict[str, str] | None = None


class _Ruled(NamedTuple):
    """The routes of one path: method → rule; None: open to everybody."""

    path: Pattern[str]
    rules: dict[str, Rule | None]


@dataclass(frozen=True, slots=True)
class _Known:
    """The sender, before it is known whether the request is allowed."""

    actor: Actor
    account: Account
    alive: Callable[[], bool]
    session: Session | None = None


@dataclass(slots=True)
class _Line:
    """Refused tokens from one address since the last line of the log."""

    at: float
    more: int = field(default=0)


class Admission(Collector):
    """`token`: the installation's own. `refused`: requests by reason."""

    def __init__(self, token: str, accounts: Accounts) -> None:
        self.accounts = accounts
        self.refused: Counter[Why] = Counter()
        self._local = token.encode()
        self._lines: dict[str, _Line] = {}
        self._fixed: dict[str, dict[str, Rule | None]] = {}
        self._rules_of: list[_Ruled] = []
        table: dict[str, dict[str, Rule | None]] = {}
        for (method, path), rule in roles.ROUTES.items():
            table.setdefault(path, {})[method] = rule
        for method, path in roles.OPEN:
            table.setdefault(path, {})[method] = None
        for path, rules in table.items():
            if "{" in path:
                self._rules_of.append(_Ruled(compile_path(API + path)[0], rules))
            else:
                self._fixed[API + path] = rules

    def look(self, scope: Scope) -> tuple[Asker | None, Rule | None] | _Refusal:
        """The sender and the rule of the route; None, None: an open route."""
        method = scope.get("method", "GET")
        rules = self._rules(scope["path"])
        headers = Headers(scope=scope)
        if rules is not None and method in rules and rules[method] is None:
            return (None, None) if _same_site(headers) else self._refuse(Why.ORIGIN, 403, FOREIGN)
        asked = None if rules is None else rules.get(method)
        known = self._who(scope, headers, method, quiet=asked is not None and asked.quiet)
        if isinstance(known, _Refusal):
            return known
        if rules is None:
            return _Refusal(404, nothing_here())
        rule = rules.get(method)
        if rule is None:
            allowed = ", ".join(sorted(rules))
            return _Refusal(405, not_possible(method, allowed), {"Allow": allowed})
        reach = roles.reach(known.account, rule.permission)
        if reach is None:
            self.note(scope, known.actor, rule, 403)
            return self._refuse(Why.ROLE, 403, _not_allowed(known.account, rule))
        return Asker(known.actor, known.account, _address(scope), reach, known.alive, known.session), rule

    def collect(self) -> Iterator[Metric]:
        refused = CounterMetricFamily(
            "wutong_http_unauthorised", "Requests refused because of who asked.", labels=["why"]
        )
        yield each(refused, {why: self.refused[why] for why in Why})
        figures = self.accounts.sign_in.figures
        tries = CounterMetricFamily("wutong_sign_ins", "Tries to sign in, by outcome.", labels=["outcome"])
        yield each(tries, {outcome: figures[outcome] for outcome in Outcome})
        audit = self.accounts.audit
        yield GaugeMetricFamily("wutong_audit_waiting", "Entries that the database does not have yet.", audit.waiting)
        yield CounterMetricFamily("wutong_audit_dropped", "Entries that were lost.", audit.dropped)
        failures = self.accounts.failures + audit.failures
        yield CounterMetricFamily("wutong_account_failures", "Mistakes in accounts and audit; see the log.", failures)

    # -- who asks -----------------------------------------------------------------------------------------------------

    def _who(self, scope: Scope, headers: Headers, method: str, *, quiet: bool) -> _Known | _Refusal:
        authorization = headers.get("Authorization")
        if authorization is not None:
            return self._by_token(scope, authorization)
        cookie = headers.get("Cookie")
        secret = None if cookie is None else tokens.read(cookie, secure=scope.get("scheme") == "https")
        if secret is None:
            return self._unknown(
                Why.MISSING, Sentence("Sign in, or send the header Authorization: Bearer TOKEN. {hint}", hint=HINT)
            )
        found = self.accounts.of_session(secret, quiet=quiet)
        if found is None and not self.accounts.loaded:
            return UNREAD
        if found is None:
            return self._unknown(Why.SESSION, Sentence("The session has ended; sign in again."))
        if method not in SAFE and not (
            _same_site(headers)
            and hmac.compare_digest(headers.get(tokens.CSRF_HEADER, "").encode(), tokens.csrf(secret).encode())
        ):
            return self._refuse(Why.ORIGIN, 403, FOREIGN)
        person, session = found
        return _Known(Actor.user(person.name), person, lambda: self.accounts.unchanged(person, session), session)

    def _by_token(self, scope: Scope, authorization: str) -> _Known | _Refusal:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return self._unknown(Why.TOKEN, Sentence("Only Bearer tokens are accepted. {hint}", hint=HINT))
        token = token.strip()
        # compare_digest takes the same time wherever the tokens differ
        if hmac.compare_digest(token.encode("latin-1", "replace"), self._local):
            return _Known(Actor.token(LOCAL), ADMINISTRATOR, _always)
        machine = self.accounts.of_token(token)
        if machine is None and not self.accounts.loaded:
            return UNREAD
        if machine is None:
            self._log(_address(scope))
            return self._unknown(Why.TOKEN, Sentence("The token is not valid. {hint}", hint=HINT))
        return _Known(Actor.token(machine.name), machine, lambda: self.accounts.good(machine))

    def _unknown(self, why: Why, sentence: str) -> _Refusal:
        return self._refuse(why, 401, sentence, CHALLENGE)

    def _refuse(self, why: Why, status: int, sentence: str, headers: dict[str, str] | None = None) -> _Refusal:
        self.refused[why] += 1
        return _Refusal(status, sentence, headers)

    def _log(self, address: str) -> None:
        """A wrong token, without the token. Nobody can flood the log with them."""
        now, network = time.monotonic(), network_of(address)
        line = self._lines.get(network)
        if line is not None and now - line.at < QUIET_S:
            line.more += 1
            return
        if line is None and len(self._lines) >= MOST_ADDRESSES:
            self._lines = {other: line for other, line in self._lines.items() if now - line.at < QUIET_S}
            if len(self._lines) >= MOST_ADDRESSES:
                return
        log.warning("token-refused", address=address, more=0 if line is None else line.more)
        self._lines[network] = _Line(now)

    # -- rules and the audit ------------------------------------------------------------------------------------------

    def _rules(self, path: str) -> dict[str, Rule | None] | None:
        found = self._fixed.get(path)
        if found is not None:
            return found
        return next((each.rules for each in self._rules_of if each.path.match(path)), None)

    def note(self, scope: Scope, actor: Actor, rule: Rule, status: int) -> None:
        """Note in the audit what was done, or refused."""
        if rule.audited is None:
            return
        target, noted = scope["path"].removeprefix(API), scope.get("state", {}).get("audit_detail")
        if rule.permission in OF_CALLERS:
            target, noted = without_numbers(target[:LONGEST_QUERY]), without_numbers((noted or "")[:LONGEST_QUERY])
        entry = Entry(
            self.accounts.now(),
            actor,
            rule.audited,
            _printable(target, LONGEST_PATH),
            _printable(noted, LONGEST_CHANGE) if noted else _filters(scope.get("query_string", b"")),
            _address(scope),
            status,
        )
        self.accounts.audit.note(entry, change=scope["method"] not in SAFE and status < 400)


UNREAD = _Refusal(
    503,
    Sentence("The database could not be read since the start: people and tokens are not known yet. Ask again later."),
    {"Retry-After": "5"},
)

FOREIGN = Sentence(
    "This change does not come from a page of Wutong's own: send the CSRF token that GET "
    "/api/v1/session tells in the header {header}.",
    header=tokens.CSRF_HEADER,
)


class Guard:
    """Every path under GUARDED needs somebody who may do that, with or without a route."""

    def __init__(self, app: ASGIApp, admission: Admission) -> None:
        self._app = app
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        guarded = path == GUARDED or path.startswith(f"{GUARDED}/")
        if scope["type"] not in ("http", "websocket") or not guarded:
            await self._app(scope, receive, send)
            return
        found = self._admission.look(scope)
        if isinstance(found, _Refusal):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008, "reason": found.sentence})
            else:
                await response(*found)(scope, receive, send)
            return
        asker, rule = found
        scope.setdefault("state", {}).update(asker=asker, costly=rule is not None and rule.costly)
        if asker is None or rule is None:
            await self._app(scope, receive, send)
            return

        async def still_admitted() -> Message:
            """A body may take seconds: rights that were taken away meanwhile no longer count once it is whole."""
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body", False) and not asker.alive():
                raise HTTPException(401, ENDED, CHALLENGE)
            return message

        if rule.audited is None:
            await self._app(scope, still_admitted, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._admission.note(scope, asker.actor, rule, message["status"])  # now: an event stream lasts
            await send(message)

        try:
            await self._app(scope, still_admitted, watched)
        finally:
            if not begun:
                self._admission.note(scope, asker.actor, rule, 500)


def unruled(routers: Iterable[APIRouter]) -> list[str]:
    """Routes without a rule, and rules without a route: the service does not start with any."""
    there = {
        (method, str(getattr(route, "path", route)))
        for router in routers
        for route in router.routes
        for method in getattr(route, "methods", None) or ("WEBSOCKET",)
    }
    ruled: Collection[tuple[str, str]] = roles.ROUTES.keys() | set(roles.OPEN)
    return [f"{method} {path}" for method, path in sorted(there ^ set(ruled))]


def _always() -> bool:
    return True


def _same_site(headers: Headers) -> bool:
    """Whether the page that asks, if it is a page, comes from here. Browsers send Origin with every change."""
    origin = headers.get("Origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc == headers.get("Host")
    except ValueError:  # no URL
        return False


def _not_allowed(account: Account, rule: Rule) -> str:
    allowed = roles.RULES[rule.permission]
    parts = {"task": rule.permission, "roles": ", ".join(role for role in Role if role in allowed)}
    if account.limited and account.roles & allowed.keys():
        return Sentence(
            "Not allowed: to {task} is for these roles for the whole hotline, and this account is limited to a part of "
            "it: {roles}.",
            **parts,
        )
    return Sentence("Not allowed: to {task} is for these roles: {roles}.", **parts)


def _address(scope: Scope) -> str:
    """From where somebody asks; `local`: through the command line's own door."""
    client = scope.get("client")
    return LOCAL if scope.get("state", {}).get(DOOR) else client[0] if client else ""


def _filters(query: bytes) -> str:
    """The filters of a reading, for the audit. Each long one is cut by itself, so that it hides no other."""
    parts = [_filter(part) for part in query[:LONGEST_QUERY].decode("ascii", "replace").split("&")]
    more = ["…"] if len(parts) > MOST_FILTERS or len(query) > LONGEST_QUERY else []
    return "&".join([*(_printable(part, LONGEST_FILTER) for part in parts[:MOST_FILTERS]), *more])


def _filter(part: str) -> str:
    """One filter, without a number, however the address writes that."""
    meant = unquote_plus(part)
    shown = without_numbers(meant)
    return part if shown == meant else shown.replace("&", "%26")


def _printable(text: str, longest: int) -> str:
    """Without control characters, and not too long; `…` shows that something was cut."""
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return "".join(character if character.isprintable() else "?" for character in cut)
