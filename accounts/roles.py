"""Roles: two tables of what each may do, and the one function that reads them. docs/roles.md shows them to people."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from accounts.model import EVERYTHING, Account, Reach
from base.role import Role


class Permission(StrEnum):
    """Something that a role may do or not."""

    SEE_QUEUES = "see queues"
    SEE_NAMES = "see what queues and departments are called"
    SEE_AGENTS = "see agents"
    CHANGE_AGENTS = "change agents' states"
    OWN_PHONE = "take calls in the browser"
    TRANSFER = "see where a call can be transferred"
    SEND_ON = "hold and transfer calls over HTTP"
    DIAL = "have an agent's phone call somebody"
    EDIT_SKILLS = "set agents' skills until the next reload"
    SEE_CALLS = "see calls, with callers' numbers"
    MISSED = "see missed callers, with their numbers, and take them off the list"
    CALLBACKS = "see callbacks, with their numbers, take and cancel them"
    MESSAGES = "see, hear, take and finish messages, with their numbers"
    DELETE_MESSAGES = "delete messages"
    PAUSE = "begin and pause the recording of a talk"
    HEAR_TALKS = "hear recordings of talks"
    WRAP_UP_CALLS = "write wrap-up codes and notes, link numbers of a citizen"
    MOVE_CALLS = "move waiting callers"
    SURVEYS = "see what callers said of talks, by queue and agent"
    REPORTS = "see reports"
    DAILY_SHEET = "see the daily sheet"
    LISTEN = "listen to talks, whisper and join"
    CALL_HELP = "call for help in a talk"
    PLACE_CALLS = "place test calls"
    RELOAD = "take an edited hotline into use"
    READ_FILES = "read the hotline's files and their versions"
    DRAFT = "check, walk, test and replay a draft of the hotline"
    OPERATE = "restart and drain, forget a machine"
    HEAR = "see and hear the prompts"
    RECORD = "record the prompts"
    SEE_EMERGENCY = "see the emergency message"
    EMERGENCY = "switch the emergency message on and off"
    SEE_NOTICE = "see the supervisors' news for the desks"
    NOTICE = "write the supervisors' news for the desks"
    EXAMINE = "see how it runs, and what `doctor` finds"
    MANAGE = "manage people and tokens"
    AUDIT = "read the audit"
    PRIVACY = "remove old data; forget or hand out what is known of a number"
    OWN_SESSION = "see and end the own session"


class Extent(StrEnum):
    """How far a permission goes."""

    ALL = "all"  # every account, whatever it is limited to: nothing of the hotline but names is seen, nothing changed
    WHOLE = "whole"  # the whole hotline; refused to an account that is limited to a part of it
    SCOPE = "scope"  # the account's queues and departments; without any, the whole hotline
    NAMED = "named"  # the account's queues and departments; without any, nothing
    SELF = "self"  # the account's own agent


class Rule(NamedTuple):
    """What a route needs. `audited`: what the audit calls it; None: it is not a change and shows no personal data."""

    permission: Permission
    audited: str | None = None
    quiet: bool = False  # pages ask by themselves, again and again: that keeps nobody signed in
    costly: bool = False  # takes long and changes nothing: two at a time for one account, and ended with their client


P, R, E = Permission, Role, Extent

RULES: Mapping[Permission, Mapping[Role, Extent]] = {
    P.SEE_QUEUES: {
        R.AGENT: E.NAMED,
        R.SUPERVISOR: E.SCOPE,
        R.ADMINISTRATOR: E.SCOPE,
        R.OPERATIONS: E.SCOPE,
        R.DEPARTMENT: E.NAMED,
    },
    P.SEE_NAMES: {
        R.AGENT: E.ALL,
        R.SUPERVISOR: E.SCOPE,
        R.ADMINISTRATOR: E.SCOPE,
        R.OPERATIONS: E.SCOPE,
        R.DEPARTMENT: E.NAMED,
    },
    P.SEE_AGENTS: {
        R.AGENT: E.SELF,
        R.SUPERVISOR: E.SCOPE,
        R.ADMINISTRATOR: E.SCOPE,
        R.OPERATIONS: E.SCOPE,
    },
    P.CHANGE_AGENTS: {R.AGENT: E.SELF, R.SUPERVISOR: E.SCOPE, R.ADMINISTRATOR: E.SCOPE},
    P.OWN_PHONE: {R.AGENT: E.SELF},
    P.TRANSFER: {R.AGENT: E.SELF},
    P.DIAL: {R.AGENT: E.SELF, R.SUPERVISOR: E.SCOPE, R.ADMINISTRATOR: E.SCOPE},
    P.SEND_ON: {R.AGENT: E.SELF, R.SUPERVISOR: E.SCOPE, R.ADMINISTRATOR: E.SCOPE},
    P.EDIT_SKILLS: {R.SUPERVISOR: E.SCOPE, R.ADMINISTRATOR: E.SCOPE},
    P.SEE_CALLS: {
        R.AGENT: E.SELF,
        R.SUPERVISOR: E.SCOPE,
        R.ADMINISTRATOR: E.SCOPE,
        R.DEPARTMENT: E.NAMED,
    },
    P.MISSED: {R.AGENT: E.SELF, R.SUPERVISOR: E.SCOPE, R.ADMINISTRATOR: E.SCOPE, R.DEPARTMENT: E.NAMED},
    P.CALLBACKS: {R.AGENT: E.SELF, R.SUPERVISOR: E.SCOPE, R.ADMINISTRATOR: E.SCOPE, R.DEPARTMENT: E.NAMED},
    P.SURVEYS: {R.SUPERVISOR: E.SCOPE, R.ADMINISTRATOR: E.SCOPE},
    P.REPORTS: {R.SUPERVISOR: E.SCOPE, R.ADMINISTRATOR: E.SCOPE, R.OPERATIONS: E.SCOPE, R.DEPARTMENT: E.NAMED},
    P.DAILY_SHEET: {R.SUPERVISOR: E.WHOLE, R.ADMINISTRATOR: E.WHOLE, R.OPERATIONS: E.WHOLE},
    P.MESSAGES: {R.AGENT: E.SELF, R.SUPERVISOR: E.SCOPE, R.ADMINISTRATOR: E.SCOPE, R.DEPARTMENT: E.NAMED},
    P.DELETE_MESSAGES: {R.SUPERVISOR: E.SCOPE, R.ADMINISTRATOR: E.SCOPE},
    P.PAUSE: {R.AGENT: E.SELF, R.SUPERVISOR: E.SCOPE, R.ADMINISTRATOR: E.SCOPE},
    P.HEAR_TALKS: {R.SUPERVISOR: E.SCOPE, R.ADMINISTRATOR: E.SCOPE, R.DEPARTMENT: E.NAMED},
    P.WRAP_UP_CALLS: {R.AGENT: E.SELF, R.SUPERVISOR: E.SCOPE, R.ADMINISTRATOR: E.SCOPE},
    P.MOVE_CALLS: {R.SUPERVISOR: E.SCOPE, R.ADMINISTRATOR: E.SCOPE},
    P.LISTEN: {R.SUPERVISOR: E.SCOPE, R.ADMINISTRATOR: E.SCOPE},
    P.CALL_HELP: {R.AGENT: E.SELF},
    P.PLACE_CALLS: {R.ADMINISTRATOR: E.WHOLE, R.OPERATIONS: E.WHOLE},
    P.RELOAD: {R.ADMINISTRATOR: E.WHOLE},
    P.READ_FILES: {R.SUPERVISOR: E.WHOLE, R.ADMINISTRATOR: E.WHOLE},
    P.DRAFT: {R.ADMINISTRATOR: E.WHOLE},
    P.OPERATE: {R.ADMINISTRATOR: E.WHOLE, R.OPERATIONS: E.WHOLE},
    P.HEAR: {R.SUPERVISOR: E.WHOLE, R.ADMINISTRATOR: E.WHOLE, R.OPERATIONS: E.WHOLE},
    P.RECORD: {R.ADMINISTRATOR: E.WHOLE},
    P.SEE_EMERGENCY: dict.fromkeys(R, E.ALL),
    P.EMERGENCY: {R.SUPERVISOR: E.WHOLE, R.ADMINISTRATOR: E.WHOLE, R.OPERATIONS: E.WHOLE},
    P.SEE_NOTICE: dict.fromkeys(R, E.ALL),
    P.NOTICE: {R.SUPERVISOR: E.WHOLE, R.ADMINISTRATOR: E.WHOLE},
    P.EXAMINE: {R.ADMINISTRATOR: E.WHOLE, R.OPERATIONS: E.WHOLE},
    P.MANAGE: {R.ADMINISTRATOR: E.WHOLE},
    P.AUDIT: {R.ADMINISTRATOR: E.WHOLE},
    P.PRIVACY: {R.ADMINISTRATOR: E.WHOLE},
    P.OWN_SESSION: dict.fromkeys(R, E.ALL),
}
"""Permission → which roles have it, and how far. A role that is not named does not have it."""

ROUTES: Mapping[tuple[str, str], Rule] = {
    ("GET", "/queues"): Rule(P.SEE_QUEUES),
    ("GET", "/queues/{queue_id}"): Rule(P.SEE_QUEUES),
    ("GET", "/queues/{queue_id}/last-hour"): Rule(P.SEE_QUEUES),
    ("GET", "/names"): Rule(P.SEE_NAMES),
    ("GET", "/queues/{queue_id}/callers"): Rule(P.SEE_CALLS, "callers-listed"),
    ("GET", "/events"): Rule(P.SEE_QUEUES, "events-watched"),
    ("GET", "/agents"): Rule(P.SEE_AGENTS),
    ("GET", "/agents/{agent_id}"): Rule(P.SEE_AGENTS),
    ("GET", "/agents/{agent_id}/day"): Rule(P.SEE_AGENTS),
    ("PUT", "/agents/{agent_id}/state"): Rule(P.CHANGE_AGENTS, "agent-state"),
    ("PUT", "/agents/{agent_id}/skills"): Rule(P.EDIT_SKILLS, "agent-skills"),
    ("POST", "/agents/{agent_id}/wrap-up"): Rule(P.CHANGE_AGENTS, "agent-wrap-up"),
    ("POST", "/agents/{agent_id}/browser-phone"): Rule(P.OWN_PHONE, "browser-phone"),
    ("DELETE", "/agents/{agent_id}/browser-phone"): Rule(P.OWN_PHONE, "browser-phone-ended"),
    ("POST", "/agents/{agent_id}/help"): Rule(P.CALL_HELP, "help-called"),
    ("DELETE", "/agents/{agent_id}/help"): Rule(P.CALL_HELP, "help-over"),
    ("POST", "/agents/{agent_id}/dial"): Rule(P.DIAL, "agent-dialled"),
    ("GET", "/agents/{agent_id}/targets"): Rule(P.TRANSFER),
    ("GET", "/agents/{agent_id}/transfers/{call_id}"): Rule(P.TRANSFER),
    ("GET", "/agents/{agent_id}/calls"): Rule(P.WRAP_UP_CALLS, "agent-calls-listed"),
    ("GET", "/calls"): Rule(P.SEE_CALLS, "calls-listed"),
    ("GET", "/calls/{call_id}"): Rule(P.SEE_CALLS, "call-read"),
    ("GET", "/calls/{call_id}/earlier"): Rule(P.SEE_CALLS, "earlier-calls-read"),
    ("GET", "/calls/{call_id}/earlier/{earlier_id}"): Rule(P.SEE_CALLS, "earlier-call-read"),
    ("GET", "/calls/{call_id}/numbers"): Rule(P.SEE_CALLS, "linked-numbers-read"),
    ("PUT", "/calls/{call_id}/numbers"): Rule(P.WRAP_UP_CALLS, "number-linked"),
    ("GET", "/missed"): Rule(P.MISSED, "missed-listed"),
    ("POST", "/missed/{missed_id}/done"): Rule(P.MISSED, "missed-done"),
    ("GET", "/callbacks"): Rule(P.CALLBACKS, "callbacks-listed"),
    ("GET", "/callbacks-today"): Rule(P.CALLBACKS),
    ("POST", "/callbacks/{callback_id}/take"): Rule(P.CALLBACKS, "callback-taken"),
    ("POST", "/callbacks/{callback_id}/return"): Rule(P.CALLBACKS, "callback-returned"),
    ("POST", "/callbacks/{callback_id}/not-reached"): Rule(P.CALLBACKS, "callback-not-reached"),
    ("DELETE", "/callbacks/{callback_id}"): Rule(P.CALLBACKS, "callback-cancelled"),
    ("GET", "/reports"): Rule(P.REPORTS),
    ("GET", "/daily-sheet"): Rule(P.DAILY_SHEET, costly=True),
    ("GET", "/reports/{kind}"): Rule(P.REPORTS, costly=True),
    ("GET", "/reports/agents/{agent_id}/day"): Rule(P.SEE_AGENTS, costly=True),
    ("GET", "/surveys"): Rule(P.SURVEYS),
    ("GET", "/messages"): Rule(P.MESSAGES, "messages-listed"),
    ("GET", "/messages/{message_id}/audio"): Rule(P.MESSAGES, "message-heard"),
    ("POST", "/messages/{message_id}/take"): Rule(P.MESSAGES, "message-taken"),
    ("POST", "/messages/{message_id}/return"): Rule(P.MESSAGES, "message-returned"),
    ("POST", "/messages/{message_id}/done"): Rule(P.MESSAGES, "message-done"),
    ("DELETE", "/messages/{message_id}"): Rule(P.DELETE_MESSAGES, "message-deleted"),
    ("GET", "/calls/{call_id}/recordings"): Rule(P.HEAR_TALKS, "recordings-listed"),
    ("GET", "/recordings/{recording_id}"): Rule(P.HEAR_TALKS, "recording-heard"),
    ("GET", "/calls/{call_id}/wrap-up"): Rule(P.WRAP_UP_CALLS, "wrap-up-read"),
    ("PUT", "/calls/{call_id}/wrap-up"): Rule(P.WRAP_UP_CALLS, "wrap-up-written"),
    ("POST", "/calls/{call_id}/move"): Rule(P.MOVE_CALLS, "call-moved"),
    ("POST", "/calls/{call_id}/transfer"): Rule(P.SEND_ON, "call-transferred"),
    ("POST", "/calls/{call_id}/hold"): Rule(P.SEND_ON, "call-held"),
    ("POST", "/calls/{call_id}/unhold"): Rule(P.SEND_ON, "call-unheld"),
    ("POST", "/calls/{call_id}/recording/start"): Rule(P.PAUSE, "recording-started"),
    ("POST", "/calls/{call_id}/recording/pause"): Rule(P.PAUSE, "recording-paused"),
    ("POST", "/calls/{call_id}/recording/resume"): Rule(P.PAUSE, "recording-resumed"),
    ("POST", "/calls/{call_id}/return"): Rule(P.SEND_ON, "consult-returned"),
    ("POST", "/calls/{call_id}/complete"): Rule(P.SEND_ON, "consult-completed"),
    ("POST", "/calls/{call_id}/join"): Rule(P.SEND_ON, "consult-joined"),
    ("GET", "/calls/{call_id}/listen"): Rule(P.LISTEN),
    ("POST", "/calls/{call_id}/listen"): Rule(P.LISTEN, "listening-asked"),
    ("PUT", "/calls/{call_id}/listen"): Rule(P.LISTEN, "listening-changed"),
    ("DELETE", "/calls/{call_id}/listen"): Rule(P.LISTEN, "listening-stopped"),
    ("POST", "/calls"): Rule(P.PLACE_CALLS, "call-placed"),
    ("GET", "/prompts"): Rule(P.HEAR, costly=True),
    ("GET", "/prompts/{prompt_id}/sound"): Rule(P.HEAR),
    ("GET", "/hotline/picture"): Rule(P.SEE_QUEUES, costly=True),
    ("GET", "/hotline/outline"): Rule(P.SEE_QUEUES, quiet=True, costly=True),
    ("GET", "/prompts/{key}/recording"): Rule(P.HEAR, costly=True),
    ("PUT", "/prompts/{key}/recording"): Rule(P.RECORD, "prompt-recorded"),
    ("DELETE", "/prompts/{key}/recording"): Rule(P.RECORD, "recording-removed"),
    ("GET", "/emergency"): Rule(P.SEE_EMERGENCY, quiet=True),
    ("PUT", "/emergency"): Rule(P.EMERGENCY, "emergency-on"),
    ("DELETE", "/emergency"): Rule(P.EMERGENCY, "emergency-off"),
    ("POST", "/emergency/hear"): Rule(P.EMERGENCY, "emergency-heard", costly=True),
    ("POST", "/emergency/takes"): Rule(P.EMERGENCY, "emergency-recorded"),
    ("GET", "/emergency/takes/{take}"): Rule(P.SEE_EMERGENCY),
    ("GET", "/emergency/pins"): Rule(P.MANAGE),
    ("PUT", "/emergency/pins/{name}"): Rule(P.MANAGE, "emergency-pin"),
    ("DELETE", "/emergency/pins/{name}"): Rule(P.MANAGE, "emergency-pin-removed"),
    ("GET", "/notice"): Rule(P.SEE_NOTICE),
    ("PUT", "/notice"): Rule(P.NOTICE, "notice-written"),
    ("DELETE", "/notice"): Rule(P.NOTICE, "notice-removed"),
    ("GET", "/check"): Rule(P.RELOAD, costly=True),
    ("POST", "/reload"): Rule(P.RELOAD, "reload"),
    ("GET", "/versions"): Rule(P.READ_FILES),
    ("GET", "/versions/{number}"): Rule(P.READ_FILES, quiet=True),
    ("GET", "/versions/{number}/files"): Rule(P.READ_FILES, "files-read"),  # numbers of callers may stand in them
    ("POST", "/versions"): Rule(P.RELOAD, "published"),
    ("POST", "/drafts/check"): Rule(P.DRAFT, costly=True),
    ("POST", "/drafts/outline"): Rule(P.DRAFT, costly=True),
    ("POST", "/drafts/walk"): Rule(P.DRAFT, costly=True),
    ("POST", "/drafts/tests"): Rule(P.DRAFT, costly=True),
    ("POST", "/drafts/replay"): Rule(P.DRAFT, "draft-replayed", costly=True),
    ("POST", "/drafts/differences"): Rule(P.DRAFT, costly=True),
    ("POST", "/drafts/edit"): Rule(P.DRAFT, costly=True),
    ("GET", "/drafts/sounds/{sound_id}"): Rule(P.DRAFT, costly=True),
    ("GET", "/schema"): Rule(P.READ_FILES),
    ("POST", "/restart"): Rule(P.OPERATE, "restart"),
    ("PUT", "/drain"): Rule(P.OPERATE, "drain"),
    ("GET", "/selftest"): Rule(P.EXAMINE, quiet=True),
    ("POST", "/selftest"): Rule(P.PLACE_CALLS, "selftest-begun"),
    ("DELETE", "/selftest"): Rule(P.PLACE_CALLS, "selftest-stopped"),
    ("GET", "/nodes"): Rule(P.EXAMINE),
    ("DELETE", "/nodes/{name}"): Rule(P.OPERATE, "node-removed"),
    ("GET", "/intake"): Rule(P.EXAMINE),
    ("GET", "/doctor"): Rule(P.EXAMINE, costly=True),
    ("POST", "/privacy/purge"): Rule(P.PRIVACY, "purge"),
    ("POST", "/privacy/forget"): Rule(P.PRIVACY, "number-forgotten"),
    ("POST", "/privacy/export"): Rule(P.PRIVACY, "number-exported", costly=True),
    ("GET", "/session"): Rule(P.OWN_SESSION),
    ("DELETE", "/session"): Rule(P.OWN_SESSION, "signed-out"),
    ("PUT", "/session/password"): Rule(P.OWN_SESSION, "own-password"),
    ("POST", "/session/second-factor"): Rule(P.OWN_SESSION, "second-factor-offered"),
    ("PUT", "/session/second-factor"): Rule(P.OWN_SESSION, "second-factor-set"),
    ("GET", "/users"): Rule(P.MANAGE, "users-listed"),
    ("POST", "/users"): Rule(P.MANAGE, "user-added"),
    ("PUT", "/users/{name}"): Rule(P.MANAGE, "user-changed"),
    ("PUT", "/users/{name}/password"): Rule(P.MANAGE, "user-password"),
    ("DELETE", "/users/{name}/second-factor"): Rule(P.MANAGE, "second-factor-removed"),
    ("DELETE", "/users/{name}"): Rule(P.MANAGE, "user-removed"),
    ("GET", "/tokens"): Rule(P.MANAGE, "tokens-listed"),
    ("POST", "/tokens"): Rule(P.MANAGE, "token-added"),
    ("DELETE", "/tokens/{name}"): Rule(P.MANAGE, "token-revoked"),
    ("GET", "/audit"): Rule(P.AUDIT, "audit-read"),
}
"""Method and path under /api/v1 → what it needs. A route without a row is refused, and the service does not start."""

SIGN_IN = "`signed-in`, `sign-in-refused`"
OPEN = {
    ("POST", "/session"): SIGN_IN,
    ("GET", "/session/openid"): SIGN_IN,
    ("GET", "/session/openid/callback"): SIGN_IN,
    ("GET", "/session/ways"): "no",
}
"""Routes that need no session and no token, and the audit's entries of each."""

AUDITED: tuple[str, ...] = tuple(
    dict.fromkeys(
        (
            # no rule names these
            *("signed-in", "sign-in-refused", "recovery-code-used", "listening-ended"),
            *("emergency-pin-refused", "emergency-pin-locked", "emergency-ending", "emergency-ended"),
            *("trial-taken-back", "trial-ended"),
            *(rule.audited for rule in ROUTES.values() if rule.audited is not None),
        )
    )
)
"""Every kind of entry in the audit. The console has words for each."""


def reach(account: Account, permission: Permission) -> Reach | None:
    """What the account may reach by that permission; None: it does not have it."""
    rules = RULES[permission]
    extents = {rules[role] for role in account.roles if role in rules}
    if E.ALL in extents or (not account.limited and extents & {E.WHOLE, E.SCOPE}):
        return EVERYTHING
    parts = extents & {E.SCOPE, E.NAMED}
    if not parts and E.SELF not in extents:
        return None
    return Reach(
        queues=account.queues if parts else frozenset(),
        departments=account.departments if parts else frozenset(),
        agent=account.agent if E.SELF in extents else None,
    )
