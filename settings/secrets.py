"""Secrets: generated once, kept in the state folder with mode 0600, never logged."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from base.failure import NotDone
from base.files import lock, replace
from base.folders import StateFolder
from sentences.sentence import Sentence, listed

PHONE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Characters of a generated phone password. None is easily misread: people type it into phones."""

PHONE_LENGTH = 16
"""16 of 31 characters are 79 bits."""


def _token() -> SecretStr:
    return SecretStr(secrets.token_hex(24))


class Secrets(BaseModel):
    """`repr`, `str` and every dump hide the values. `agi`: by it each AGI session proves that Asterisk has opened it
    (`dialplan.agi_session`). `seal`: opens what the database keeps sealed (`accounts.second_factors`). `agents`:
    generated passwords of phones. `given`: those that were in agents.yaml when it was published, which a version of the
    hotline does not have.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ami: SecretStr
    ami_reload: SecretStr
    agi: SecretStr = Field(default_factory=_token)
    seal: SecretStr = Field(default_factory=_token)
    token: SecretStr
    agents: Mapping[str, SecretStr] = {}
    given: Mapping[str, SecretStr] = {}

    def phone_password(self, agent_id: str, written: SecretStr | None) -> SecretStr:
        """The password of the agent's phone: the one written in `agents.yaml`, else the generated one.

        Raises `KeyError` for an agent without either: `obtain` was not called with this agent.
        """
        return written or self.given.get(agent_id) or self.agents[agent_id]


def obtain(
    folder: StateFolder,
    phones: Mapping[str, SecretStr | None] = MappingProxyType({}),
    token: SecretStr | None = None,
    given: Mapping[str, SecretStr] | None = None,
) -> Secrets:
    """The secrets of this state folder; missing ones are generated and written first.

    `phones`: agents' ids, each with the password of the phone in `agents.yaml`; whoever has none gets one.
    `token`: the one of the settings; it replaces the one in the file, so that `status` knows it. `given`: the
    passwords that agents.yaml has now for any of `phones`; None: those that it had before stay.
    Raises `NotDone`, `OSError`.
    """
    folder.make()
    with lock(folder.secrets.with_suffix(".lock"), lambda: None):  # `up` and a reload may both find a new agent
        known = _read(folder.secrets)
        wanted = known or Secrets(ami=_token(), ami_reload=_token(), token=_token())
        if given is not None:
            others = {agent_id: password for agent_id, password in wanted.given.items() if agent_id not in phones}
            if {**others, **given} != wanted.given:
                wanted = wanted.model_copy(update={"given": {**others, **given}})
        there = wanted.agents.keys() | wanted.given.keys()
        missing = [agent_id for agent_id, written in phones.items() if written is None and agent_id not in there]
        if missing:
            new = {agent_id: _phone_password() for agent_id in missing}
            wanted = wanted.model_copy(update={"agents": {**wanted.agents, **new}})
        if token is not None and token != wanted.token:
            wanted = wanted.model_copy(update={"token": token})
        # a file from an older version lacks some
        if wanted is not known or not {"agi", "seal"} <= wanted.model_fields_set:
            _write(folder.secrets, wanted)
    return wanted


def _phone_password() -> SecretStr:
    return SecretStr("".join(secrets.choice(PHONE_ALPHABET) for _ in range(PHONE_LENGTH)))


def _read(path: Path) -> Secrets | None:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        return Secrets.model_validate_json(text)
    except ValidationError as error:
        # not the error itself: it repeats the file's content
        where = listed(".".join(map(str, problem["loc"])) or Sentence("the whole file") for problem in error.errors())
        raise NotDone(
            "{path} cannot be used ({where}). Mend it, or remove it: a new one is made at the next `up`, and "
            "agents' phones then need their new passwords.",
            path=path,
            where=where,
        ) from None


def _write(path: Path, wanted: Secrets) -> None:
    kept = wanted.model_dump(exclude=set() if wanted.given else {"given"})
    replace(path, f"{json.dumps(kept, indent=1, sort_keys=True, default=SecretStr.get_secret_value)}\n".encode())
