"""The actor: a person, a program, or the system. Every request has one, and every Record that a person causes."""


class Actor(str):
    """Written as it is stored and shown: `system`, `caller`, `stranger`, `agent:1001`, `token:local`, `user:wang`."""

    __slots__ = ()

    @classmethod
    def agent(cls, agent_id: str) -> "Actor":
        """An agent, by that agent's own phone."""
        return cls(f"agent:{agent_id}")

    @classmethod
    def token(cls, name: str) -> "Actor":
        """The token of that name; the journal does not know which person used it."""
        return cls(f"token:{name}")

    @classmethod
    def user(cls, name: str) -> "Actor":
        """A person who signed in under that name."""
        return cls(f"user:{name}")


SYSTEM = Actor("system")
"""No person: a rule, a timer, or a report from Asterisk."""

STRANGER = Actor("stranger")
"""Somebody who has not proven who it is, and gave no name that is known here."""

CALLER = Actor("caller")
"""The caller of the call that the Record is about."""
