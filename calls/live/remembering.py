"""The language of a caller's last call, so that the next one begins in it.

All of it is in memory, so no caller waits for a database. After a start it is read from there in the background.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

import structlog

from base.numbers import is_shown, plain
from calls.model import CallSummary
from calls.store import CallStore, StoreUnavailable
from hotline.edition import Edition
from journal.records import Kind, Record

log = structlog.get_logger()

MOST = 100_000
"""Numbers whose language is remembered; beyond it those who have not called for longest are forgotten."""

DAY = 86_400.0


class Remembering:
    """Languages are remembered only if the hotline says so.

    `edition`: the version in use. `keep_days`: for so long callers' numbers are kept at most. `now`: epoch seconds.
    """

    def __init__(self, edition: Callable[[], Edition], keep_days: float, now: Callable[[], float]) -> None:
        self._edition = edition
        self._keep = keep_days * DAY
        self._now = now
        self._languages: OrderedDict[str, tuple[str, float]] = OrderedDict()  # the end of the last call, oldest first

    def of(self, caller: str) -> str:
        """The language of this number's last call; "": the hotline's default, or not known."""
        self._drop_old()
        return self._languages.get(plain(caller), ("", 0.0))[0] if is_shown(caller) else ""

    def note(self, record: Record, call: CallSummary | None) -> None:
        """Take in a Record of `call`."""
        if record.kind is not Kind.CALL_FINISHED or call is None or not is_shown(call.caller) or call.test:
            return
        number = plain(call.caller)
        self._languages.pop(number, None)
        if self._window and call.language != self._default:
            self._languages[number] = (call.language, record.at)
        self._drop_old()

    def forget(self, number: str) -> None:
        self._languages.pop(plain(number), None)

    async def recall(self, store: CallStore) -> None:
        """Read what earlier calls say, the newest first, a page at a time."""
        if not self._window:
            return
        before = None
        try:
            while len(self._languages) < MOST:
                page = await store.foreign(self._default, self._now() - self._window, before)
                if not page:
                    return
                for call in page:
                    number = plain(call.caller)
                    if is_shown(number) and number not in self._languages:
                        self._languages[number] = (call.language, call.started)
                        self._languages.move_to_end(number, last=False)
                before = page[-1]
                await asyncio.sleep(0)  # calls come first
        except StoreUnavailable as error:
            log.warning("languages-not-recalled", why=str(error), effect="earlier callers hear the default language")

    @property
    def _window(self) -> float:
        """Seconds; 0: nothing is remembered."""
        wanted = self._edition().hotline.remember_language
        return 0.0 if wanted is None else min(wanted, self._keep)

    @property
    def _default(self) -> str:
        return self._edition().hotline.languages[0]

    def _drop_old(self) -> None:
        window, languages = self._window, self._languages
        if not window:
            languages.clear()
        since = self._now() - window
        while languages and (len(languages) > MOST or next(iter(languages.values()))[1] < since):
            languages.popitem(last=False)
