"""The HTTP interface of this service: each route gets its source."""

from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter

import acd.api
import acd.callers_api
import agents.api
import calls.api
import emergency.api
import privacy.api
from agents import phone_api
from calls import (
    dial_api,
    earlier_api,
    help_api,
    hold_api,
    linked_api,
    listen_api,
    move_api,
    own_api,
    targets_api,
    transfer_api,
    wrap_up_api,
)
from calls.dial_api import AgentDials
from calls.help_api import HelpCalls
from calls.linked import LinkedNumbers
from calls.live.orders import TalkOrders
from calls.move_api import Moves
from calls.store import NEWEST
from calls.wrap_up_api import Sheets
from doctor import api as examination
from doctor.examination import Examination
from drawing import api as drawing_api
from drawing.drawings import Drawings
from events import notice_api as notice
from hotline import prompts_api, recordings_api
from hotline.edition import Edition
from hotline.model import Hotline
from hotline.prompts_in_use import Prompts
from journal import database
from privacy.numbers import Numbers
from privacy.retention import Retention
from publishing import administration_api, drafts_api, versions_api
from publishing import names_api as names
from service.app.centre import Centre
from service.app.changing import Changing
from service.app.memory import Memory
from service.app.people import People
from service.app.views import Views
from service.http.app import App, Check, app
from settings.settings import Settings


def web(
    settings: Settings,
    centre: Centre,
    memory: Memory,
    changing: Changing,
    people: People,
    views: Views,
    retention: Retention,
) -> App:
    """The app, ready to be served."""
    editions, publishing = centre.editions, changing.publishing
    return app(
        admission=people.admission,
        timezone=changing.emergencies.timezone,
        nouns=_nouns(settings, centre, memory, changing, people, views, retention),
        host_names=settings.host_names,
        phone_port=people.browser_phones.port,
        version=_version(),
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
) -> Sequence[APIRouter]:
    """The routes of each noun, in the order in which they are described."""
    board, book, distributor, now = views.board, memory.book, centre.distributor, centre.clock.now
    administration, at_work = changing.administration, agents.api.at_work(board)
    linked = LinkedNumbers(memory.read)

    def edition() -> Edition:
        return centre.editions.in_use

    def hotline() -> Hotline:
        return centre.editions.in_use.hotline

    sheets, orders = Sheets(distributor, hotline), TalkOrders(centre.switchboard, edition)
    examining = Examination(settings, centre.intake, lambda: hotline().version, book.tally, administration.alone)
    return (
        acd.api.router(board),
        names.router(hotline),
        acd.callers_api.router(board, board, book, board),
        agents.api.router(board),
        phone_api.router(board, people.browser_phones),
        targets_api.router(board, board, board, book),
        calls.api.router(book, administration, at_work, hotline, sheets.codes, now),
        move_api.router(book, Moves(distributor, centre.switchboard, edition), board),
        transfer_api.router(book, orders, board, board, board),
        hold_api.router(book, orders),
        dial_api.router(board, AgentDials(centre.switchboard, distributor, hotline, trunk=settings.trunk is not None)),
        listen_api.router(book, people.listenings, board),
        help_api.router(board, HelpCalls(distributor, book)),
        wrap_up_api.router(book, sheets, at_work, now),
        earlier_api.router(book, sheets, linked, at_work, hotline),
        linked_api.router(book, linked, at_work, now),
        own_api.router(book, sheets, board, views.talked.of, at_work, now),
        administration_api.router(administration),
        versions_api.router(changing.publishing),
        examination.router(examining),
        prompts_api.router(Prompts(edition)),
        drawing_api.router(Drawings(hotline, memory.read, now)),
        drafts_api.router(changing.drafts),
        recordings_api.router(changing.recording),
        emergency.api.router(changing.emergencies, people.pins, people.accounts),
        notice.router(changing.notices),
        privacy.api.router(retention, _numbers(settings, centre, memory)),
        views.broadcast.router(),
    )


def _numbers(settings: Settings, centre: Centre, memory: Memory) -> Numbers:
    """Finds and forgets a caller's number, also where the running service remembers it."""

    def forget(number: str) -> None:
        memory.book.forget_recent()
        centre.remembering.forget(number)

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
    )


def _check(why: Callable[[], str | None]) -> Check:
    async def check() -> str | None:
        return why()

    return check


def _version() -> str:
    try:
        return version("wutong")
    except PackageNotFoundError:  # running from the checkout
        return "0.1.0"
