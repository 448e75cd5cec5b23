"""What changes the hotline that is in use, wired: publishing, trials, recordings, the emergency message,
the supervisors' news, drafts.
"""

import ssl
from collections.abc import Callable

from accounts.audit import Entry
from dialplan.control import AsteriskControl
from emergency.emergencies import Emergencies
from events.notice_api import Notices
from hotline.recording import Recording
from journal.records import Kind
from publishing.drafts import Workshop
from publishing.operations import Administration
from publishing.publisher import Publishing
from publishing.store import VersionStore
from publishing.trial_run import TrialRun
from publishing.versions import Version
from selftest.model import Stopped
from selftest.run import Selftest
from service.app.centre import Centre
from settings.settings import Settings


class Changing:
    """kept     the versions
    version  the one in use; None: it could not be kept
    fault    see `Publishing`
    tls      what HTTP is served with; None: nothing
    alone    why nothing would restart the service if it ended now; None: something would
    audit    notes who switched an emergency message, and that a trial was taken back
    """

    def __init__(
        self,
        settings: Settings,
        centre: Centre,
        control: AsteriskControl,
        kept: VersionStore,
        version: Version | None,
        fault: str | None,
        tls: ssl.SSLContext | None,
        alone: Callable[[], str | None],
        audit: Callable[[Entry], None],
    ) -> None:
        editions, distributor, reconciler = centre.editions, centre.distributor, centre.reconciler
        self.trial = TrialRun(settings, editions, kept, centre.trials, distributor.write, centre.clock.now, audit=audit)
        centre.recorder.add("trial", self.trial.note, {Kind.CALL_FINISHED})
        self.publishing = Publishing(
            *(settings, editions, kept, distributor, control, reconciler, self.trial),
            version=version,
            fault=fault,
            tls=tls,
        )
        self.administration = Administration(
            settings, editions, self.publishing, distributor, centre.rehearsals, reconciler, centre.intake, alone=alone
        )
        self.recording = Recording(lambda: editions.in_use, self.publishing.lock)
        self.emergencies = Emergencies(
            settings.emergency,
            settings.folder.emergency,
            settings.folder.sounds,
            lambda: editions.in_use,
            self.recording.taken,
            centre.clock,
            distributor.write,
            audit=audit,
        )
        self.selftest = Selftest(
            settings,
            editions,
            centre.rehearsals,
            centre.selftest,
            centre.tasks,
            distributor.write,
            centre.clock.now,
            not_now=lambda: _no_test(centre, self.emergencies),
            busy=lambda: _busy(centre, settings),
            connects=lambda: centre.reconciler.link.figures.connects,
        )
        centre.recorder.add("selftest-run", self.selftest.note)
        self.notices = Notices(settings.folder.notice, centre.clock, distributor.write)
        self.drafts = Workshop(settings, lambda: editions.in_use.hotline.folder, self.publishing)


def _no_test(centre: Centre, emergencies: Emergencies) -> Stopped | None:
    """Why no self-test can call now; None: it can."""
    if centre.reconciler.why_away() is not None:
        return Stopped.AWAY
    return Stopped.CLOSED if centre.intake.why_closed() is not None or emergencies.all_on else None


def _busy(centre: Centre, settings: Settings) -> bool:
    """Whether a self-test would be in the way: somebody waits in a queue, or half of the room for calls is taken."""
    engine, now = centre.distributor.engine, centre.clock.now()
    waiting = any(engine.queue_view(queue, now).waiting for queue in centre.editions.in_use.hotline.queues)
    return waiting or centre.room.live > settings.max_calls // 2
