"""Answers of a provider that count, and some that do not. The flow at a real one: tests/integration/test_openid.py."""

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from accounts.openid import provider
from accounts.openid.flow import Away, Flow, NotProven
from accounts.openid.provider import Provider
from settings.sections import OpenId

ISSUER = "https://login.example"
NOW = 1_700_000_000.0
FLOW = Flow("a secret of the browser")
RSA, OTHER = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("k1", "k2"))
EC = ECKey.generate_key("P-256", {"kid": "k3"})

SETTINGS = OpenId.model_validate(
    {
        "issuer": ISSUER,
        "client_id": "wutong",
        "client_secret": "s:%/",
        "callback": "https://hotline.example/api/v1/session/openid/callback",
        "grants": {"staff": {"roles": ["supervisor"]}},
    }
)
CLAIMS = {
    "iss": ISSUER,
    "sub": "7",
    "aud": "wutong",
    "exp": NOW + 60,
    "iat": NOW,
    "nonce": FLOW.nonce,
    "preferred_username": "li",
    "groups": ["staff"],
}
METADATA: dict[str, Any] = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth?tenant=1",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
    "userinfo_endpoint": f"{ISSUER}/me",
}


class Issuer:
    """A provider whose answers a test changes."""

    def __init__(self) -> None:
        self.metadata = dict(METADATA)
        self.keys: list[dict[str, Any]] = [{"kty": "new kind", "kid": "k0"}, {"kty": "RSA", "kid": "broken"}]
        self.keys.append(dict(RSA.as_dict(private=False)))
        self.token: Any = signed(CLAIMS)
        self.told: Any = {"sub": "7"}
        self.raw: Response | None = None
        self.asked: list[str] = []
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.clock = 0.0

    async def answer(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        self.bodies.append(await request.body())
        self.headers.append(dict(request.headers))
        await self.gate.wait()
        if self.raw is not None:
            return self.raw
        match request.url.path:
            case "/.well-known/openid-configuration":
                return JSONResponse(self.metadata)
            case "/keys":
                return JSONResponse({"keys": self.keys})
            case "/me":
                return JSONResponse(self.told)
        return JSONResponse({"access_token": "a", "token_type": "Bearer", "id_token": self.token})


def signed(claims: dict[str, Any], key: Any = RSA, alg: str = "RS256", **header: Any) -> str:
    return jwt.encode({"alg": alg, "kid": key.kid, **header}, claims, key, algorithms=[alg])


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
async def asked(issuer: Issuer) -> AsyncIterator[Provider]:
    app = Starlette(routes=[Route("/{path:path}", issuer.answer, methods=["GET", "POST"])])
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app))
    made = Provider(SETTINGS, lambda: NOW, clock=lambda: issuer.clock, client=client)
    yield made
    await made.close()


async def test_what_is_asked(asked: Provider, issuer: Issuer) -> None:
    there = await asked.authorize(FLOW)
    assert there.startswith(f"{ISSUER}/auth?tenant=1&response_type=code&client_id=wutong&")
    assert "code_challenge_method=S256" in there
    assert FLOW.verifier not in there
    assert (await asked.claims("c", FLOW))["preferred_username"] == "li"
    assert issuer.asked == ["/.well-known/openid-configuration", "/token", "/keys"], "each kept, userinfo not needed"
    assert f"code_verifier={FLOW.verifier}".encode() in issuer.bodies[1]
    assert httpx2.BasicAuth("wutong", "s%3A%25%2F")._auth_header == issuer.headers[1]["authorization"]
    issuer.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    issuer.clock += provider.KEPT_S
    await asked.claims("c", FLOW)
    assert b"client_secret=s%3A%25%2F" in issuer.bodies[-2]


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": ["wutong", "another"]},
        {"aud": ["wutong", "another"], "azp": "another"},
        {"azp": "another"},
        {"exp": NOW - 61},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": NOW + 3_600},
        {"nbf": NOW + 3_600},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": 7},
    ],
    ids=str,
)
async def test_claims_of_another_sign_in_are_not_believed(
    asked: Provider, issuer: Issuer, changes: dict[str, Any]
) -> None:
    issuer.token = signed({name: value for name, value in (CLAIMS | changes).items() if value is not None})
    with pytest.raises(NotProven):
        await asked.claims("c", FLOW)


async def test_an_audience_of_several_that_names_us_is_believed(asked: Provider, issuer: Issuer) -> None:
    issuer.token = signed(CLAIMS | {"aud": ["wutong", "another"], "azp": "wutong", "exp": NOW - 30})
    assert (await asked.claims("c", FLOW))["sub"] == "7"


def _unsigned() -> str:
    return ".".join((*signed(CLAIMS, alg="RS256").split(".")[:2], ""))


def _none() -> str:
    header, claims = _base64(b'{"alg":"none"}'), signed(CLAIMS).split(".")[1]
    return f"{header}.{claims}."


def _by_public_key() -> str:
    """Signed with the public key, which everybody has, as if it were a shared secret."""
    header, claims = _base64(b'{"alg":"HS256","kid":"k1"}'), signed(CLAIMS).split(".")[1]
    told = f"{header}.{claims}"
    return f"{told}.{_base64(hmac.digest(RSA.as_pem(private=False), told.encode(), 'sha256'))}"


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "token",
    [
        None,
        7,
        "",
        "a.b.c",
        "é.é.é",
        _unsigned(),
        _none(),
        signed(CLAIMS, OTHER),
        signed(CLAIMS, OTHER, kid="k1"),
        _by_public_key(),
    ],
    ids=["none", "number", "empty", "junk", "odd", "unsigned", "alg none", "unknown key", "forged kid", "HS256"],
)
async def test_a_token_without_the_providers_signature_is_not_believed(
    asked: Provider, issuer: Issuer, token: object
) -> None:
    issuer.token = token
    with pytest.raises(NotProven):
        await asked.claims("c", FLOW)


async def test_new_keys_are_fetched_and_not_for_every_token(asked: Provider, issuer: Issuer) -> None:
    await asked.claims("c", FLOW)
    issuer.token = signed(CLAIMS, EC, "ES256")
    with pytest.raises(NotProven):
        await asked.claims("c", FLOW)
    assert issuer.asked.count("/keys") == 1
    issuer.keys.append(dict(EC.as_dict(private=False)))
    issuer.clock += provider.NEW_KEYS_S
    await asked.claims("c", FLOW)
    await asked.claims("c", FLOW)
    assert issuer.asked.count("/keys") == 2


async def test_claims_of_userinfo_are_the_same_persons(asked: Provider, issuer: Issuer) -> None:
    bare = {name: value for name, value in CLAIMS.items() if name not in ("preferred_username", "groups")}
    issuer.token = signed(bare)
    issuer.told = {"sub": "7", "preferred_username": "li", "groups": ["staff"], "iss": "x"}
    found = await asked.claims("c", FLOW)
    assert (found["groups"], found["iss"]) == (["staff"], ISSUER)
    assert issuer.headers[-1]["authorization"] == "Bearer a"
    issuer.told["sub"] = "8"
    with pytest.raises(NotProven):
        await asked.claims("c", FLOW)


@pytest.mark.parametrize(
    "raw",
    [
        Response("no JSON"),
        Response("[1]"),
        Response("[" * 100_000),
        Response(json.dumps(METADATA) + " " * provider.LARGEST),
        Response(json.dumps({"issuer": "https://other.example"})),
        RedirectResponse("https://elsewhere.example", 302),
        Response("{}", 500),
    ],
    ids=["text", "list", "deep", "large", "incomplete", "redirect", "500"],
)
async def test_a_description_that_cannot_be_used(asked: Provider, issuer: Issuer, raw: Response) -> None:
    issuer.raw = raw
    with pytest.raises(Away):
        await asked.authorize(FLOW)
    issuer.raw = None
    with pytest.raises(Away):
        await asked.authorize(FLOW)
    assert len(issuer.asked) == 1, "left alone for a while"
    issuer.clock += provider.AWAY_S
    await asked.authorize(FLOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": f"{ISSUER}/"},
        {"token_endpoint": "http://login.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"userinfo_endpoint": "http://login.example/me"},
    ],
    ids=str,
)
async def test_a_description_that_leads_elsewhere(asked: Provider, issuer: Issuer, changes: dict[str, Any]) -> None:
    issuer.metadata |= changes
    with pytest.raises(Away):
        await asked.authorize(FLOW)


async def test_a_provider_that_does_not_answer_is_not_waited_for(
    asked: Provider, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asked.authorize(FLOW)
    issuer.gate.clear()
    monkeypatch.setattr(provider, "ANSWER_S", 0.2)
    outcomes = await asyncio.gather(
        *(asked.claims("c", FLOW) for _ in range(provider.MOST_ASKED + 5)), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [Away] * len(outcomes)
    assert issuer.asked.count("/token") == provider.MOST_ASKED
    issuer.gate.set()
    assert (await asked.claims("c", FLOW))["sub"] == "7", "no slot stays taken"


async def test_no_crowd_waits_for_a_provider_that_hangs(
    asked: Provider, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them would hold one of the slots that all of HTTP has; anybody may begin to sign in."""
    issuer.gate.clear()
    tries = [asyncio.create_task(asked.authorize(FLOW)) for _ in range(provider.MOST_ASKED + 5)]
    done, waiting = await asyncio.wait(tries, timeout=0.1)
    assert [type(task.exception()) for task in done] == [Away] * 5
    issuer.gate.set()
    await asyncio.wait(waiting)
    assert all(task.exception() is None for task in waiting)
    assert issuer.asked == ["/.well-known/openid-configuration"], "asked once for all"
    assert await asked.authorize(FLOW)


async def test_a_refusal_of_the_service_itself_is_no_ones_mistake(asked: Provider, issuer: Issuer) -> None:
    await asked.authorize(FLOW)
    issuer.raw = JSONResponse({"error": "invalid_client"}, 401)
    with pytest.raises(Away, match="log tells why"):
        await asked.claims("c", FLOW)
    issuer.raw = JSONResponse({"error": "invalid_grant"}, 400)
    with pytest.raises(NotProven, match="too old"):
        await asked.claims("c", FLOW)


def test_what_follows_from_a_browsers_secret() -> None:
    parts = {FLOW.state, FLOW.nonce, FLOW.verifier, FLOW.challenge, Flow("another").state}
    assert len(parts) == 5
    assert all(len(part) == 43 for part in parts), "RFC 7636: 43 to 128 characters"
