"""Publishing: other files come into use for new calls, whole or not at all, and are kept as a version."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import structlog
from pydantic import SecretStr

from acd.distributor import Distributor
from acd.events import HotlineChanged
from base import log as logging_
from base.failure import NotDone
from calls.live.reconciler import Reconciler
from calls.trials import TrialView
from dialplan.ami_connection import ActionRefused, LinkDown
from dialplan.control import AsteriskControl
from hotline.edition import Edition, Editions
from hotline.extras import Extras, Paths, sources
from hotline.files import Given, folder_files
from hotline.loader import Loaded, load
from hotline.model import Hotline
from hotline.problem import Problem
from hotline.removed import RemovedQueue, onward, removal_in_words, removed_queues
from hotline.treetests import load_tested
from journal.actor import Actor
from processes import exposure
from processes.asterisk import AsteriskFailed
from publishing.passwordless import Unkeepable, texts
from publishing.prepare import Prepared, prepare
from publishing.shapes import Broken, broken
from publishing.starting import behind, given_passwords, new_version
from publishing.store import VersionStore, Written
from publishing.trial_run import TrialRun
from publishing.versions import (
    Origin,
    Standing,
    Texts,
    Version,
    recorded_anew,
    standing,
    taken_back,
    taken_back_in_words,
)
from sentences.of_libraries import recognised
from sentences.sentence import Sentence
from settings import secrets
from settings.secrets import Secrets
from settings.settings import Settings
from web.problems import Refusal

log = structlog.get_logger()

NONE = "0"
"""The tag where no version is kept."""


_FAILURES = (NotDone, AsteriskFailed, LinkDown, ActionRefused, OSError)


def _log_progress(line: str) -> None:
    log.info("reload", step=line)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is published: these files, or an earlier version by its number, or, without either, the hotline's folder.
    `over`: the folder, even if nobody has edited it since another version was published elsewhere. `anew`: then rather
    the version in use once more, with the recordings and lists of callers that are in the folder now. `percent`: of the
    callers get it, on trial; None: all do.
    """

    note: str = ""
    files: Texts | None = None
    number: int | None = None
    over: bool = False
    anew: bool = False
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """The version that is in use now, or on trial. `changed`: callers may notice. `problems`: warnings. `removed`:
    queues that are not in it any more. `taken_back`: the version before, which was published elsewhere and is not in
    the folder.
    """

    version: Version
    changed: bool
    problems: Sequence[Problem]
    removed: Sequence[RemovedQueue] = ()
    taken_back: Version | None = None

    def taken_back_in_words(self, language: str) -> str | None:
        return None if self.taken_back is None else taken_back_in_words(self.taken_back, language)


class Newer(Refusal):
    """Somebody else has published meanwhile. `current`: the version in use."""

    def __init__(self, current: Version | None) -> None:
        number = None if current is None else current.number
        sentence = Sentence("Somebody else has published meanwhile. Look at what changed, then publish again.")
        if current is not None:
            sentence = Sentence(
                "Somebody else has published meanwhile. Version {count} of {name} is in use. Look at what changed, "
                "then publish again.",
                count=number,
                name=current.author,
            )
        super().__init__(412, sentence, {"current": number})


class Behind(Refusal):
    """The folder was not edited since another version was published elsewhere."""

    def __init__(self, sentence: str) -> None:
        super().__init__(409, sentence, {})


@dataclass(eq=False)
class Publishing:
    """What was published, and who publishes: it replaces the edition in use.

    `version`: the one in use; None: it could not be kept. `fault`: a sentence about why the start did not take what a
    person expects; None: it did, or something was published since. `tls`: what HTTP is served with, None: nothing.
    `prepare`: makes prompts and Asterisk's configuration. `lock` is held while anything of the hotline changes.
    """

    settings: Settings
    editions: Editions
    store: VersionStore
    distributor: Distributor
    control: AsteriskControl
    reconciler: Reconciler
    trial: TrialRun
    version: Version | None = None
    fault: str | None = None
    tls: ssl.SSLContext | None = None
    prepare: Callable[..., Awaitable[Prepared]] = prepare
    lock: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    def history(self) -> tuple[Version, ...]:
        return self.store.history

    def tried(self, number: int) -> TrialView | None:
        """The trial of that version, if there was one."""
        return self.trial.trials.view(number)

    async def files(self, number: int) -> Texts:
        """The files of a version that is kept. Raises NotDone."""
        return await asyncio.to_thread(self.store.files, number)

    async def paths(self, number: int) -> Paths | None:
        """Where the recordings and lists of a version are; None: in the hotline's folder. Raises NotDone."""
        return await asyncio.to_thread(self.store.paths, number)

    def lost(self, version: Version) -> Sequence[str]:
        """The names of its recordings and lists that are not there any more."""
        return self.store.lost(version)

    async def publish(self, wanted: Wanted, actor: Actor, known: str | None = None) -> Published:
        """Check, make the prompts, reload Asterisk, use it for new calls, keep it. `known`: the tag of the version that
        the sender knows as the one in use; None: whichever it is. Raises NotDone, Broken, Newer, Behind.
        """
        async with self.lock:
            try:
                return await self._publish(wanted, actor, known)
            except (NotDone, Refusal) as why:
                first = (
                    [str(each) for each in why.found if each.level == "error"][:3] if isinstance(why, Broken) else []
                )
                log.warning("publish-refused", actor=actor, why=str(getattr(why, "detail", why)), problems=first)
                raise

    async def renew_certificate(self) -> None:
        """Use the certificate that is in the files now, here and in Asterisk. Raises NotDone, OSError."""
        async with self.lock:
            try:
                self._read_certificate()
                await self.control.reload()
            except _FAILURES as error:
                raise NotDone(recognised(error)) from error

    def _read_certificate(self) -> None:
        if self.tls is not None:
            exposure.load(self.tls, self.settings)

    # -- one publish ---------------------------------------------------------------------------------------------------

    async def _publish(self, wanted: Wanted, actor: Actor, known: str | None) -> Published:
        current = self.version
        if known is not None and known != (NONE if current is None else current.tag):
            raise Newer(current)
        origin, given, paths = await asyncio.to_thread(self._given, wanted)
        loaded = await asyncio.to_thread(self._checked, origin, given, paths)
        if loaded.hotline is None:
            raise broken(loaded.problems)
        files = _kept(given)
        if wanted.percent is not None:
            return await self._try(wanted, loaded, origin, files, actor)
        if (
            origin is Origin.FOLDER
            and not wanted.over
            and current is not None
            and self._is_behind(files, loaded.extras)
        ):
            why = behind(files, loaded.extras, self.store)
            anew = recorded_anew(loaded.extras, str(self.settings.hotline.absolute()), self.store.history)
            origin, given, paths = await asyncio.to_thread(self._given, Wanted(number=current.number))
            paths = None if anew else paths
            loaded, files = await asyncio.to_thread(self._checked, origin, given, paths), _kept(given)
            same = loaded.hotline is None or loaded.hotline.version == self.editions.in_use.hotline.version
            if same or not wanted.anew:
                raise Behind(why)
        hotline = loaded.hotline
        assert hotline is not None
        changed = hotline.version != self.editions.in_use.hotline.version
        made = self._new_version(loaded, files, origin, actor, wanted.note)
        new = current is None or changed or made.sha256 != current.sha256
        undone = taken_back(files, made.folder, self.store.history) if origin is Origin.FOLDER else None
        written = None
        try:
            try:
                hotline = await self._with_extras(hotline, loaded.extras)
                written = await asyncio.to_thread(self.store.write, made, files) if new else None
                self._read_certificate()
                # Also when unchanged: a version has no phone passwords, and an earlier reload may have failed half-way.
                edition = await self._prepared(hotline, self._passwords(hotline, origin), written)
            finally:
                await asyncio.to_thread(self.store.drop, written)
        except _FAILURES as error:
            raise NotDone("The edited hotline was not taken into use: {why}", why=recognised(error)) from error
        gone = self._removed(hotline)
        self._use(edition, actor, changed=changed)
        self.trial.published(origin, actor)
        self.version = made if new else current
        self.fault = None
        assert self.version is not None
        log.info(
            "published", actor=actor, number=self.version.number, version=hotline.version, changed=changed, new=new
        )
        for queue in gone:
            log.info("queue-removed", actor=actor, why=removal_in_words(queue, "en"))
        if undone is not None:
            log.info("version-taken-back", actor=actor, number=undone.number, author=undone.author)
        return Published(self.version, changed, loaded.problems, gone, undone)

    async def _try(self, wanted: Wanted, loaded: Loaded, origin: Origin | int, files: Texts, actor: Actor) -> Published:
        """Some callers get it. Nothing changes for Asterisk, so nothing is reloaded."""
        hotline, percent = loaded.hotline, wanted.percent
        assert hotline is not None
        assert percent is not None
        self.trial.judge(hotline)
        made = self._new_version(loaded, files, origin, actor, wanted.note)
        made = replace(made, trial={"percent": percent})
        written = None
        try:
            try:
                edition = await self.trial.edition(await self._with_extras(hotline, loaded.extras))
                written = await asyncio.to_thread(self.store.write, made, files)
                await asyncio.to_thread(self.store.keep, written)
            finally:
                await asyncio.to_thread(self.store.drop, written)
        except _FAILURES as error:
            raise NotDone("The version was not put on trial: {why}", why=recognised(error)) from error
        self.trial.begin(edition, made, percent, actor)
        return Published(made, True, loaded.problems)

    def _new_version(self, loaded: Loaded, files: Texts, origin: Origin | int, actor: Actor, note: str) -> Version:
        assert loaded.hotline is not None
        now = self.distributor.clock.now()
        return new_version(self.store, loaded.hotline, files, loaded.extras, origin, now, actor, note)

    async def _with_extras(self, hotline: Hotline, extras: Extras) -> Hotline:
        """The hotline with its recordings and lists as the version keeps them: nobody edits those. Raises NotDone,
        OSError.
        """
        here = sources(hotline.folder, extras, hotline.paths)
        return hotline.model_copy(update={"paths": await asyncio.to_thread(self.store.put, extras, here)})

    def _given(self, wanted: Wanted) -> tuple[Origin | int, Given | None, Paths | None]:
        """Where the files come from, and the files; None: those of the folder cannot be read. And where its recordings
        and lists are; None: in the folder. Raises NotDone.
        """
        if wanted.number is not None:
            files = self.store.files(wanted.number)
            return wanted.number, _data(files), self.store.paths(wanted.number)
        if wanted.files is not None:
            return Origin.DRAFT, _data(wanted.files), None
        return Origin.FOLDER, folder_files(self.settings.hotline), None

    def _checked(self, origin: Origin | int, given: Given | None, paths: Paths | None) -> Loaded:
        """A version that comes back has passed its tests once: as at a start, none that fails today keeps it away."""
        trunk, exposed = self.settings.trunk is not None, self.settings.exposed
        if isinstance(origin, int):
            return load(self.settings.hotline, trunk=trunk, exposed=exposed, given=given, paths=paths)
        moment = datetime.fromtimestamp(self.distributor.clock.now(), UTC)
        return load_tested(self.settings.hotline, moment, trunk=trunk, exposed=exposed, given=given)[0]

    def _is_behind(self, files: Texts, extras: Extras) -> bool:
        how = standing(files, extras, str(self.settings.hotline.absolute()), self.store.history)
        return how in (Standing.BEHIND, Standing.TRIED)

    def _passwords(self, hotline: Hotline, origin: Origin | int) -> Mapping[str, SecretStr] | None:
        """Those that the phones get beside the generated ones; None: those that they have."""
        written = given_passwords(hotline)
        if origin is Origin.FOLDER:
            return written
        return {**secrets.obtain(self.settings.folder).given, **written} if written else None

    async def _prepared(
        self, hotline: Hotline, given: Mapping[str, SecretStr] | None, written: Written | None
    ) -> Edition:
        """Make Asterisk use the prompts, phones and dialplan of `hotline`, and keep its version. On failure Asterisk
        uses those of the edition in use again.
        """
        folder, token = self.settings.folder, self.settings.token
        before = await asyncio.to_thread(secrets.obtain, folder)
        known = await asyncio.to_thread(secrets.obtain, folder, hotline.phones, token, given)
        used = await asyncio.to_thread(lambda: tuple(self.editions.clips()))  # its calls go on with it
        try:
            prepared = await self.prepare(
                self.settings, known, hotline, self.control.installation, _log_progress, in_use=used
            )
        except BaseException:
            await asyncio.to_thread(secrets.obtain, folder, self._phones, token, before.given)
            raise
        try:
            await self.control.reload()
            if written is not None:
                await asyncio.to_thread(self.store.keep, written)
        except BaseException:
            with suppress(*_FAILURES):  # the administrator must see why the first reload failed
                known = await asyncio.to_thread(secrets.obtain, folder, self._phones, token, before.given)
                await self._again(known)
            raise
        return Edition(hotline, prepared.catalogue, prepared.draft)

    @property
    def _phones(self) -> Mapping[str, SecretStr | None]:
        return self.editions.in_use.hotline.phones

    async def _again(self, known: Secrets) -> None:
        """Make Asterisk use what is of the edition in use."""
        here, hotline = self.control.installation, self.editions.in_use.hotline
        used = await asyncio.to_thread(lambda: tuple(self.editions.clips()))
        await self.prepare(self.settings, known, hotline, here, _log_progress, install=False, in_use=used)
        await self.control.reload()

    def _removed(self, hotline: Hotline) -> Sequence[RemovedQueue]:
        """The queues that this hotline takes out."""
        waiting = Counter(call.queue for call in self.distributor.engine.calls() if call.agent is None)
        return removed_queues(self.editions.in_use.hotline, hotline, waiting)

    def _use(self, edition: Edition, actor: Actor, *, changed: bool) -> None:
        """New calls get this edition."""
        self.editions.in_use = edition
        hotline = edition.hotline
        logging_.keep(hotline.own_numbers)
        if changed or self.distributor.engine.any_edited:
            self.distributor.tell(
                HotlineChanged(
                    hotline.queues,
                    hotline.agents,
                    hotline.version,
                    actor,
                    hotline.away_after,
                    onward(hotline),
                    hotline.limits_by_reason,
                )
            )
            self.reconciler.telephony.phones.report_all()  # a new agent's phone may have registered before


def _kept(given: Given | None) -> Texts:
    """What a version keeps of these files. Raises NotDone."""
    try:
        return texts(given or {})
    except Unkeepable as error:
        raise NotDone("The hotline was not published: {why}", why=recognised(error)) from error


def _data(files: Texts) -> Given:
    return {name: text.encode() for name, text in files.items()}
