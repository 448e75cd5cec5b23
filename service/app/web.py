"""The HTTP interface of this service: each route gets its source."""

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from calls.linked import LinkedNumbers
from calls.live.agent_dials import AgentDials
from calls.live.help import HelpCalls
from calls.live.holds import Holds
from calls.live.moves import Moves
from calls.live.transfers import Transfers
from calls.live.wrap_ups import Sheets
from calls.store import NEWEST
from hotline.prompts_in_use import Prompts
from journal import database
from privacy.numbers import Numbers
from privacy.retention import Retention
from service.app.centre import Centre
from service.app.changing import Changing
from service.app.examination import Examination
from service.app.memory import Memory
from service.app.people import People
from service.app.pictures import Pictures
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
    editions, distributor, now = centre.editions, centre.distributor, centre.clock.now
    book, administration = memory.book, changing.administration
    holds = Holds(centre.switchboard)
    return app(
        admission=people.admission,
        host_names=settings.host_names,
        version=_version(),
        queues=views.board,
        callers=views.board,
        agents=views.board,
        browser_phones=people.browser_phones,
        targets=views.board,
        places=lambda: editions.in_use.hotline,
        calls=book,
        placing=administration,
        moving=Moves(distributor, centre.switchboard, lambda: editions.in_use),
        sending=Transfers(centre.switchboard, holds, lambda: editions.in_use),
        holding=holds,
        dialling=AgentDials(
            centre.switchboard, distributor, lambda: editions.in_use.hotline, trunk=settings.trunk is not None
        ),
        hearing=people.listenings,
        helping=HelpCalls(distributor, book),
        sheets=Sheets(distributor, lambda: editions.in_use.hotline),
        linked=LinkedNumbers(memory.read),
        now=now,
        operations=administration,
        versions=changing.publishing,
        examining=Examination(
            settings, centre.intake, lambda: editions.in_use.hotline.version, book.tally, administration.alone
        ),
        spoken=Prompts(lambda: editions.in_use),
        drawing=Pictures(lambda: editions.in_use.hotline, memory.read, now),
        drafting=changing.drafts,
        recorded=changing.recording,
        warning=changing.emergencies,
        pins=people.pins,
        news=changing.notices,
        talked=views.talked.of,
        ageing=retention,
        numbers=_numbers(settings, centre, memory),
        metrics=views.metrics,
        broadcast=views.broadcast,
        checks={
            "asterisk": _check(centre.reconciler.why_away),
            "intake": _check(centre.intake.why_closed),
            "database": lambda: database.why_unreachable(memory.read, NEWEST),
            "journal": _check(lambda: memory.journal.trouble),
        },
        notes={
            "voice": lambda: editions.in_use.draft,
            "hotline": lambda: changing.publishing.fault,
            "accounts": people.accounts.why_unread,
            "emergency": changing.emergencies.sentence,
        },
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
