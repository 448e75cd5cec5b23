"""What is shown of the running hotline, wired: the board, the stream of changes, the metrics. It only watches."""

from calls.live.intake import Full
from calls.live.listening import Listenings
from calls.talks import LastTalks
from emergency.emergencies import Emergencies
from events.board import Board
from events.broadcast import Broadcast
from events.latest import Colleagues, Listened, emergency_of, notice_of, trial_of, zone_of
from events.lineup import Lineup
from service.app.centre import Centre
from service.app.changing import Changing
from service.app.memory import Memory
from service.http.metrics import Metrics, Readings


class Views:
    """`trunk`: whether the installation has one."""

    def __init__(
        self, centre: Centre, memory: Memory, listenings: Listenings, changing: Changing, *, trunk: bool
    ) -> None:
        emergencies = changing.emergencies
        book, now, editions, recorder = memory.book, centre.clock.now, centre.editions, centre.recorder
        self.board = Board(
            centre.distributor, centre.last_hour, lambda: editions.in_use.hotline, book.beside, trunk=trunk
        )
        lineup, listened = Lineup(self.board, book.number_of), Listened(listenings.listenings)
        colleagues = Colleagues(self.board, self.board)
        notice, trial = notice_of(changing.notices.told), trial_of(lambda: centre.trials.latest)
        latest = emergency_of(emergencies.told), notice, trial, zone_of(emergencies.timezone)
        self.broadcast = Broadcast(self.board, self.board, lineup, listened, colleagues, now, latest)
        recorder.add("broadcast", self.broadcast.note)
        self.talked = LastTalks()
        recorder.add("last talks", self.talked.note)
        self.metrics = Metrics(_readings(centre, memory, emergencies, self.board), centre.failures)
        recorder.add("metrics", lambda record: self.metrics.note(record, book.summary(record)))


def _readings(centre: Centre, memory: Memory, emergencies: Emergencies, board: Board) -> Readings:
    agi, journal, spool = centre.agi, memory.journal, memory.spool
    return Readings(
        queues=board,
        agents=board,
        live_calls=memory.book.live,
        journal_waiting=lambda: journal.waiting,
        journal_dropped=lambda: journal.dropped,
        ami=lambda: centre.reconciler.link.figures,
        journal_behind_s=lambda: journal.behind(centre.clock.now()),
        spool_bytes=lambda: spool.size,
        spool_up=lambda: spool.fault is None,
        agi_sessions=lambda: agi.sessions,
        agi_refused=lambda: agi.refused,
        calls_refused=lambda: {why: centre.room.refused[why] for why in Full},
        agi_dropped=lambda: agi.dropped,
        drained=lambda: centre.intake.drained,
        emergency_s=emergencies.left_s,
        emergency_nodes=emergencies.nodes,
        agi_strangers=lambda: centre.reception.refused,
        observer_failures=lambda: centre.recorder.failures,
        task_failures=lambda: centre.failures.counts,
    )
