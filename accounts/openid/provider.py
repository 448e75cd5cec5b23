"""The questions to the provider, by HTTP: its description, its keys, and the claims of a person who signed in there.

Every answer is bounded, by size and time. Description and keys are kept for a while, as they hardly change. joserfc
checks signatures and claims.
"""

import asyncio
import json
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2
import structlog
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import JWKRegistry, KeySet
from pydantic import BaseModel, ValidationError

from accounts.openid.flow import Away, Flow, NotProven, with_query
from sentences.sentence import Sentence
from settings.sections import LOOPBACK, OpenId, Url, find

log = structlog.get_logger(__name__)

ANSWER_S = 10.0
"""Seconds for one answer, as a whole."""

LARGEST = 256 * 1024
"""Bytes of one answer; real ones have a few thousand."""

MOST_ASKED = 20
"""People for whom the provider is being asked; a further one is refused. Each holds one of HTTP's slots."""

KEPT_S = 3_600.0
"""Seconds for which the provider's description and keys are kept."""

NEW_KEYS_S = 10.0
"""Seconds between two fetches of the keys because of a token with an unknown one: providers change keys at any time."""

AWAY_S = 5.0
"""Seconds for which a provider that did not answer is not asked again for its description."""

LEEWAY_S = 60
"""Seconds that the provider's clock may be wrong."""

MOST_KEYS = 50
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Of an ID token's signature. None with a shared secret, and not `none`."""


class Metadata(BaseModel):
    """The part of the provider's description that is used (OpenID Connect Discovery, 3)."""

    issuer: str
    authorization_endpoint: Url
    token_endpoint: Url
    jwks_uri: Url
    userinfo_endpoint: Url | None = None
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]


class Provider:
    """
    now     seconds since the epoch
    clock   seconds on any clock that does not go back
    client  asks by HTTP; None: one that trusts what this system trusts
    """

    def __init__(
        self,
        settings: OpenId,
        now: Callable[[], float],
        *,
        clock: Callable[[], float] = time.monotonic,
        client: httpx2.AsyncClient | None = None,
    ) -> None:
        self.settings = settings
        self._now, self._clock = now, clock
        self._client = client
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._away: tuple[float, Away] | None = None
        self._asked = 0
        self._looking = asyncio.Lock()

    async def authorize(self, flow: Flow) -> str:
        """The address where the person signs in. Raises Away."""
        with self._slot():
            metadata = await self._describe()
        return with_query(
            metadata.authorization_endpoint,
            {
                "response_type": "code",
                "client_id": self.settings.client_id,
                "redirect_uri": self.settings.callback,
                "scope": self.settings.scope,
                "state": flow.state,
                "nonce": flow.nonce,
                "code_challenge": flow.challenge,
                "code_challenge_method": "S256",
            },
        )

    async def claims(self, code: str, flow: Flow) -> Mapping[str, Any]:
        """The provider's claims of the person who has signed in there and came back with `code`.

        Where the ID token lacks a claim that the settings name, the provider's userinfo is asked too. Raises Away,
        NotProven.
        """
        with self._slot():
            return await self._claims(code, flow)

    async def _claims(self, code: str, flow: Flow) -> Mapping[str, Any]:
        metadata = await self._describe()
        answer = await self._exchange(metadata, code, flow)
        claims = await self._verified(metadata, answer.get("id_token"), flow.nonce)
        if metadata.userinfo_endpoint is None or all(find(claims, name) is not None for name in self.settings.claims):
            return claims
        headers = {"Authorization": f"Bearer {answer.get('access_token')}"}
        status, more = await self._ask("GET", metadata.userinfo_endpoint, headers=headers)
        if status != 200 or more.get("sub") != claims["sub"]:  # Core, 5.3.2: else it is of somebody else
            raise NotProven(Sentence("The provider's userinfo does not fit its ID token."))
        return {**more, **claims}

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    @contextmanager
    def _slot(self) -> Iterator[None]:
        """One of MOST_ASKED. Raises Away where none is left."""
        if self._asked >= MOST_ASKED:
            raise Away(Sentence("Too many people sign in at this moment; try again."))
        self._asked += 1
        try:
            yield
        finally:
            self._asked -= 1

    # -- the code and the token ---------------------------------------------------------------------------------------

    async def _exchange(self, metadata: Metadata, code: str, flow: Flow) -> Mapping[str, Any]:
        secret = self.settings.client_secret
        known = (self.settings.client_id, "" if secret is None else secret.get_secret_value())
        data = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.settings.callback,
            "code_verifier": flow.verifier,
        }
        how: dict[str, Any] = {}
        if "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            user, password = (quote(part, safe="") for part in known)  # RFC 6749, 2.3.1: encoded first
            how["auth"] = (user, password)
        else:
            data |= {"client_id": known[0], "client_secret": known[1]}
        status, answer = await self._ask("POST", metadata.token_endpoint, data=data, **how)
        if status == 200:
            return answer
        error = answer.get("error")
        if error == "invalid_grant":
            raise NotProven(
                Sentence("The provider does not accept the code: it is too old, was used, or is another browser's.")
            )
        log.error("openid-refused", status=status, error=str(error)[:100], what_to_do="check client_id and the secret")
        raise Away(Sentence("The provider refuses this service; the service's log tells why."))

    async def _verified(self, metadata: Metadata, token: object, nonce: str) -> dict[str, Any]:
        if not isinstance(token, str):
            raise NotProven(Sentence("The provider sent no ID token."))
        client_id = self.settings.client_id
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self._now()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self.settings.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            try:
                decoded = jwt.decode(token, await self._known_keys(metadata), algorithms=ALGORITHMS)
            except InvalidKeyIdError:
                decoded = jwt.decode(token, await self._known_keys(metadata, NEW_KEYS_S), algorithms=ALGORITHMS)
            claims: dict[str, Any] = decoded.claims
            registry.validate(claims)
        except (JoseError, ValueError, TypeError) as error:
            log.warning("openid-token-refused", why=f"{type(error).__name__}: {error}"[:200])
            raise NotProven(Sentence("The provider's ID token is not valid for this sign-in.")) from error
        audience = claims["aud"]
        several = isinstance(audience, list) and len(audience) > 1
        if claims.get("azp", None if several else client_id) != client_id:  # Core, 3.1.3.7
            raise NotProven(Sentence("The provider's ID token is for another service."))
        return claims

    # -- what hardly changes ------------------------------------------------------------------------------------------

    async def _describe(self) -> Metadata:
        """The provider's description, at most KEPT_S old. Raises Away."""
        async with self._looking:
            now = self._clock()
            if self._metadata is not None and now - self._metadata[0] < KEPT_S:
                return self._metadata[1]
            if self._away is not None and now - self._away[0] < AWAY_S:
                raise self._away[1]
            try:
                metadata = await self._look()
            except Away as error:
                self._away = (self._clock(), error)
                raise
            self._metadata = (now, metadata)
            return metadata

    async def _look(self) -> Metadata:
        issuer = self.settings.issuer
        status, answer = await self._ask("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        try:
            metadata = Metadata.model_validate(answer)
        except ValidationError as error:
            where = ", ".join(".".join(map(str, problem["loc"])) for problem in error.errors()[:5])
            log.error("openid-description", status=status, wrong=where)
            raise Away(
                Sentence("The provider's description of itself cannot be used; the service's log tells more.")
            ) from error
        if metadata.issuer != issuer:  # Discovery, 4.3: else anybody's description would do
            log.error("openid-issuer", setting=issuer, provider=metadata.issuer[:200])
            raise Away(Sentence("The provider calls itself otherwise than the setting openid.issuer."))
        return metadata

    async def _known_keys(self, metadata: Metadata, kept: float = KEPT_S) -> KeySet:
        """The provider's keys, at most `kept` seconds old. Raises Away."""
        async with self._looking:
            now = self._clock()
            if self._keys is None or now - self._keys[0] >= kept:
                _, answer = await self._ask("GET", metadata.jwks_uri)
                self._keys = (now, _key_set(answer))
            return self._keys[1]

    # -- HTTP ---------------------------------------------------------------------------------------------------------

    async def _ask(self, method: str, url: str, **how: Any) -> tuple[int, Mapping[str, Any]]:
        """Status and JSON object of one answer. Raises Away."""
        body = bytearray()
        try:
            async with asyncio.timeout(ANSWER_S):
                client = await self._open()
                async with client.stream(method, url, **how) as answer:
                    async for part in answer.aiter_raw():  # as it comes: unpacking has no bounds
                        body += part
                        if len(body) > LARGEST:
                            raise ValueError(f"more than {LARGEST} bytes")
            fields = json.loads(body)
            if not isinstance(fields, dict):
                raise ValueError("no JSON object")
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, TimeoutError, ValueError, RecursionError) as error:
            host = urlsplit(url).hostname
            log.warning("openid-away", host=host, why=f"{type(error).__name__}: {error}"[:200])
            raise Away(
                Sentence("The city's own sign-in does not answer now. Accounts with a password still work.")
            ) from error
        return answer.status_code, fields

    async def _open(self) -> httpx2.AsyncClient:
        if self._client is None:
            # Reading the certificates of all authorities takes tens of milliseconds: not on the loop.
            trusted = await asyncio.to_thread(ssl.create_default_context)
            if self._client is None:
                self._client = httpx2.AsyncClient(
                    verify=trusted,
                    timeout=ANSWER_S,
                    follow_redirects=False,
                    headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                    trust_env=urlsplit(self.settings.issuer).hostname not in LOOPBACK,
                )
        return self._client


def _key_set(answer: Mapping[str, Any]) -> KeySet:
    """The public keys for signatures. Keys that cannot be read are left out: new kinds come."""
    listed = answer.get("keys")
    keys = []
    for data in listed[:MOST_KEYS] if isinstance(listed, list) else ():
        if isinstance(data, dict) and data.get("kty") in ("RSA", "EC") and data.get("use", "sig") == "sig":
            try:
                keys.append(JWKRegistry.import_key(data))
            except (JoseError, ValueError, TypeError, KeyError) as error:
                log.warning("openid-key-unreadable", why=type(error).__name__)
    if not keys:
        raise Away(Sentence("The provider has no key that can be used."))
    return KeySet(keys)
