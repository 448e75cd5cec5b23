"""People who sign in, wired: their accounts, PINs, phones in the browser, and the talks that supervisors hear."""

import time

from sqlalchemy.ext.asyncio import AsyncEngine

from accounts import roles
from accounts.accounts import Accounts
from accounts.audit import AuditTable, Entry
from accounts.openid.flow import Asked
from accounts.roles import Permission
from accounts.store import AccountStore
from base.clock import Clock
from calls.live.listening import Listenings
from dialplan.browser_phones import BrowserPhones
from emergency.duty import Duty
from emergency.emergencies import Emergencies
from emergency.kept_pins import TOO_MANY, Pins
from service.app.centre import Centre
from service.app.memory import Memory
from service.http.admission import Admission
from settings.secrets import Secrets
from settings.settings import Settings


class People:
    """`everybody`: from `accounts`. What the service before this one knew is taken up."""

    def __init__(
        self,
        settings: Settings,
        known: Secrets,
        centre: Centre,
        memory: Memory,
        everybody: Accounts,
        emergencies: Emergencies,
    ) -> None:
        def audit(entry: Entry) -> None:
            everybody.audit.note(entry, change=entry.status != TOO_MANY)

        editions, now = centre.editions, centre.clock.now
        self.accounts = everybody
        self.admission = Admission(known.token.get_secret_value(), everybody)
        self.pins = Pins(settings.folder.emergency_pins, everybody, now)
        self.pins.take_up()
        centre.reception.duty = Duty(
            emergencies,
            self.pins,
            lambda: editions.in_use,
            settings.folder.recordings,
            settings.asterisk_folder / "etc" / "tone",
            now,
            audit=audit,
        ).answer
        self.browser_phones = BrowserPhones(
            centre.reconciler.telephony, settings.ports.websocket, settings.folder.browser_phones, self._may_be_phone
        )
        self.listenings = Listenings(
            centre.switchboard, centre.distributor, memory.book, lambda: editions.in_use, audit=audit
        )
        self.listenings.take_up((*memory.before.calls, *memory.before.heard))
        centre.recorder.add("listenings", self.listenings.note)
        everybody.agent_shut_out = self.listenings.shut_out

    def _may_be_phone(self, agent_id: str, holder: str) -> bool:
        """Whether the session or token with that digest may be this agent's phone in the browser. Before accounts are
        read from the database nobody knows, and nobody's talk is ended.
        """
        if not self.accounts.loaded:
            return True
        account = self.accounts.account_of(holder)
        reach = None if account is None else roles.reach(account, Permission.OWN_PHONE)
        return reach is not None and reach.agent == agent_id


def accounts(settings: Settings, known: Secrets, read: AsyncEngine, clock: Clock) -> Accounts:
    """Everybody who may sign in. Nobody is read from the database yet."""
    return Accounts(
        AccountStore(read),
        AuditTable(read),
        idle=settings.session_idle,
        longest=settings.session_longest,
        audit_days=settings.audit_days,
        rest=settings.folder.audit_rest,
        seal=known.seal.get_secret_value(),
        openid=_openid(settings),
        now=clock.now,
        wall=time.time,
    )


def _openid(settings: Settings) -> Asked | None:
    """The city's own sign-in. Without one its libraries are not loaded: they would take 0.2 s of every start."""
    if settings.openid is None:
        return None
    from accounts.openid.provider import Provider

    return Provider(settings.openid, time.time)  # its tokens follow the time of day
