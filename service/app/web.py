"""The HTTP interface of this service, wired: what is shown of the running hotline, and each route with its source."""

from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter

import acd.api
import acd.callers_api
import agents.api
import callbacks.api
import calls.api
import daily.api
import emergency.api
import messages.api
import missed.api
import nodes.api
import privacy.api
import recordings.api
import reports.api
import selftest.api
import surveys.api
from calls import (
    dial_api,
    earlier_api,
    listen_api,
    move_api,
    own_api,
    targets_api,
    transfer_api,
    wrap_up_api,
)
from calls.dial_api import AgentDials
from calls.linked import LinkedNumbers
from calls.live.listening import Listenings
from calls.model import Full
from calls.move_api import Moves
from calls.own_api import HelpCalls
from calls.store import NEWEST
from calls.talks import TALK_BEGINS, LastTalks
from calls.wrap_up_api import Sheets as WrapUpSheets
from daily.mailing import Mailing
from daily.sheets import Sheets
from dialplan import browser_phones_api
from doctor import api as examination
from doctor.api import Examination
from drawing import api as drawing_api
from drawing.drawings import Drawings
from emergency.emergencies import Emergencies
from events import notice_api as notice
from events.board import Board
from events.broadcast import Broadcast
from events.latest import (
    Colleagues,
    Lineup,
    Listened,
    callbacks_of,
    emergency_of,
    messages_of,
    notice_of,
    trial_of,
    zone_of,
)
from hotline import prompts_api, recordings_api
from hotline.edition import Edition
from hotline.model import Hotline
from hotline.prompts_api import Prompts
from journal import database
from messages.api import MessageCount
from missed.api import MissedCount
from nodes.machines import Machines
from privacy.numbers import Numbers
from privacy.retention import Retention
from publishing import administration_api, drafts_api, versions_api
from recordings.api import RecordingFigures
from reports import day_api
from service.app.centre import Centre
from service.app.changing import Changing
from service.app.memory import Memory
from service.app.people import People
from service.http.app import App, Check, app
from service.http.metrics import COUNTED, Metrics, Readings
from settings.settings import Settings
from surveys.api import SurveyCount

# What is shown of the running hotline, wired: the board, the stream of changes, the metrics. It only watches.


class Views:
    def __init__(
        self, settings: Settings, centre: Centre, memory: Memory, listenings: Listenings, changing: Changing
    ) -> None:
        emergencies = changing.emergencies
        book, now, editions, recorder = memory.book, centre.clock.now, centre.editions, centre.recorder

        def hotline() -> Hotline:
            return editions.in_use.hotline

        self.board = Board(centre.distributor, centre.last_hour, hotline, book.beside)
        lineup, listened = Lineup(self.board, book.number_of), Listened(listenings.listenings)
        colleagues = Colleagues(self.board, hotline)
        zone = zone_of(emergencies.timezone)
        notice, trial = notice_of(changing.notices.as_json), trial_of(lambda: centre.trials.latest)
        zone, promised = zone_of(emergencies.timezone), callbacks_of(lambda: centre.callbacks.changes)
        left = messages_of(lambda: centre.messages.changes)
        latest = emergency_of(emergencies.as_json), notice, trial, zone, promised, left
        count = MissedCount(centre.missed, self.board.serves)
        self.broadcast = Broadcast(self.board, lineup, listened, count, colleagues, now, latest)
        recorder.add("broadcast", self.broadcast.note)
        self.talked = LastTalks()
        recorder.add("last talks", self.talked.note, TALK_BEGINS)
        self.metrics = Metrics(_readings(centre, memory, emergencies, self.board), centre.failures)
        recorder.add("metrics", lambda record: self.metrics.note(record, book.summary(record)), COUNTED)
        self.metrics.add(count)
        self.metrics.add(SurveyCount(centre.surveys))
        self.metrics.add(selftest.api.SelftestFigures(changing.selftest))
        self.metrics.add(MessageCount(centre.keeper))
        self.metrics.add(RecordingFigures(centre.recordings))
        self.sheets = Sheets(memory.read, hotline, now, settings.reports)
        write = centre.distributor.write
        self.mailing = Mailing(
            settings, self.sheets, hotline, centre.mailed, write, now, lambda: memory.journal.behind(now())
        )
        self.metrics.add(self.mailing)


def _readings(centre: Centre, memory: Memory, emergencies: Emergencies, board: Board) -> Readings:
    agi, journal, spool = centre.agi, memory.journal, memory.spool
    return Readings(
        board=board,
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


def web(
    settings: Settings,
    centre: Centre,
    memory: Memory,
    changing: Changing,
    people: People,
    views: Views,
    retention: Retention,
    machines: Machines,
) -> App:
    """The app, ready to be served."""
    editions, publishing = centre.editions, changing.publishing
    return app(
        admission=people.admission,
        timezone=changing.emergencies.timezone,
        nouns=_nouns(settings, centre, memory, changing, people, views, retention, machines),
        host_names=settings.host_names,
        phone_port=people.browser_phones.port,
        version=wutong_version(),
        metrics=views.metrics,
        checks={
            "asterisk": _check(centre.reconciler.why_away),
            "intake": _check(centre.intake.why_closed),
            "database": lambda: database.why_unreachable(memory.read, NEWEST),
            "journal": _check(lambda: memory.journal.trouble),
        },
        notes={
            "voice": lambda: editions.in_use.draft,
            "hotline": lambda: publishing.fault,
            "accounts": people.accounts.why_unread,
            "emergency": changing.emergencies.sentence,
        },
    )


def _nouns(
    settings: Settings,
    centre: Centre,
    memory: Memory,
    changing: Changing,
    people: People,
    views: Views,
    retention: Retention,
    machines: Machines,
) -> Sequence[APIRouter]:
    """The routes of each noun, in the order in which they are described."""
    board, book, distributor, now = views.board, memory.book, centre.distributor, centre.clock.now
    administration, at_work = changing.administration, agents.api.at_work(board)
    telephony = centre.switchboard.telephony
    linked, trunk = LinkedNumbers(memory.read), settings.trunk is not None

    def edition() -> Edition:
        return centre.editions.in_use

    def hotline() -> Hotline:
        return centre.editions.in_use.hotline

    sheets, orders = WrapUpSheets(distributor, hotline), centre.orders
    examining = Examination(settings, centre.intake, lambda: hotline().version, book.tally, administration.alone)
    return (
        acd.api.router(board),
        drawing_api.names_router(hotline),
        acd.callers_api.router(board, board.callers, book.number_of, board),
        agents.api.router(board),
        browser_phones_api.router(board, people.browser_phones),
        targets_api.router(hotline, board, board, book, trunk=trunk),
        calls.api.router(book, administration.place_call, at_work, hotline, sheets.codes, now),
        move_api.router(book, Moves(distributor, centre.switchboard, edition), board),
        transfer_api.router(book, orders, hotline, board, board, trunk=trunk),
        transfer_api.hold_router(book, orders),
        dial_api.router(board, AgentDials(telephony, centre.calls_out, distributor, hotline, trunk=trunk), hotline),
        listen_api.router(book, people.listenings, board),
        own_api.help_router(board, HelpCalls(distributor, book)),
        missed.api.router(centre.missed, board.serves, distributor.write, now),
        callbacks.api.router(centre.callbacks, board.serves, distributor, centre.calling.not_reached),
        surveys.api.router(centre.surveys, now),
        daily.api.router(views.sheets),
        reports.api.router(memory.read, hotline, agents.api.of_reach(board), now, settings.reports),
        day_api.router(memory.read, board, hotline, now),
        messages.api.router(centre.keeper, board.serves, distributor.write, now),
        recordings.api.router(book, centre.recordings),
        wrap_up_api.router(book, sheets, at_work, now),
        earlier_api.router(book, sheets, linked, at_work, hotline),
        earlier_api.numbers_router(book, linked, at_work, now),
        own_api.router(book, sheets, board, views.talked.of, at_work, now),
        administration_api.router(administration),
        versions_api.router(changing.publishing),
        examination.router(examining),
        selftest.api.router(changing.selftest),
        prompts_api.router(Prompts(edition)),
        drawing_api.router(Drawings(hotline, memory.read, now)),
        drafts_api.router(changing.drafts),
        recordings_api.router(changing.recording),
        emergency.api.router(changing.emergencies, people.pins, people.accounts),
        notice.router(changing.notices),
        nodes.api.router(machines),
        privacy.api.router(retention, _numbers(settings, centre, memory)),
        views.broadcast.router(),
    )


def _numbers(settings: Settings, centre: Centre, memory: Memory) -> Numbers:
    """Finds and forgets a caller's number, also where the running service remembers it."""

    def forget(number: str) -> None:
        memory.book.forget_recent()
        centre.remembering.forget(number)
        centre.missed.forget(number)
        callbacks.api.forget(centre.callbacks, centre.distributor, number)
        centre.surveys.forget(number)
        centre.keeper.forget(number)
        centre.last_agents.forget(number)
        centre.cut.forget(number)
        memory.counting.forget(number)

    return Numbers(
        memory.read,
        settings.database,
        memory.journal,
        memory.store,
        centre.distributor.write,
        centre.clock.now,
        forget,
        lambda: centre.editions.in_use.hotline,
        lambda number: centre.editions.in_use.hotline.lists_with(number),
        centre.recordings.forget,
    )


def _check(why: Callable[[], str | None]) -> Check:
    async def check() -> str | None:
        return why()

    return check


def wutong_version() -> str:
    try:
        return version("wutong")
    except PackageNotFoundError:  # running from the checkout
        return "0.1.0"
