"""The path of a call: what its caller did in the menus and where that led, from the call's Records. Pure."""

from collections.abc import Mapping
from typing import Any

from acd.events import EndedBy
from ivr.model import NodeId
from ivr.walk import CALLBACKS, GOODBYE, MESSAGES, SILENCE, Path, Stop, Stride
from journal.records import Kind

KINDS = frozenset(
    {
        Kind.CALL_STARTED,
        Kind.MENU_ENTERED,
        Kind.KEY_PRESSED,
        Kind.INVALID_KEY,
        Kind.NO_INPUT,
        Kind.LANGUAGE_CHOSEN,
        Kind.QUEUED,
        Kind.SUB_HOTLINE_DIALLED,
        Kind.SUB_HOTLINE_SPARED,
        Kind.MESSAGE_BEGUN,
        Kind.CALLBACK_PROMISED,
        Kind.CONNECTED,
        Kind.OVERFLOWED,
        Kind.MOVED,
        Kind.TRANSFERRED,
        Kind.CALL_RESUMED,
        Kind.CALL_FINISHED,
    }
)
"""The Records that a path is made from."""

_ENDS = frozenset({Kind.CONNECTED, Kind.OVERFLOWED, Kind.MOVED, Kind.TRANSFERRED})
"""After these Records the caller's keys do not say any more where the call goes."""

_UNKNOWN = Stop(("", ""), "")


class CallPath:
    """A path in the making. Feed it the Records of one call in order.

    broken  the call's session broke, and menus began again, or its story has no beginning: the keys do not show the way
    """

    __slots__ = ("_arrived", "_language", "_over", "_start", "_strides", "broken")

    def __init__(self) -> None:
        self.broken = False
        self._start: Stop = _UNKNOWN
        self._strides: list[Stride] = []
        self._language = ""
        self._arrived = False  # the caller is in a queue: only its keys lead on from there
        self._over = False

    def feed(self, kind: str, queue: str | None, data: Mapping[str, Any]) -> None:
        """The next Record: its kind, its queue, its data."""
        if self._over or self.broken:
            return
        match kind:
            case Kind.CALL_STARTED:
                self.broken = bool(data.get("resumed")) or bool(self._strides)
                self._language = str(data.get("language", ""))
            case Kind.MENU_ENTERED:
                self._language = str(data.get("language", self._language))
                self._arrived = False
                self._come(("menus", str(data.get("menu", ""))))
            case Kind.LANGUAGE_CHOSEN:
                self._language = str(data.get("language", ""))
            case Kind.KEY_PRESSED:
                if self._arrived is (data.get("menu") == ""):
                    self._do(str(data.get("key", "")), data, leads=True)
                    self._arrived = False
            case Kind.INVALID_KEY if not self._arrived:
                self._do(str(data.get("key", "")), data, leads=False)
            case Kind.NO_INPUT if not self._arrived:
                self._do(SILENCE, data, leads=False)
            case Kind.QUEUED if not self._arrived:
                self._arrived = True
                self._come(("queues", queue or ""))
            case Kind.SUB_HOTLINE_DIALLED | Kind.SUB_HOTLINE_SPARED:
                self._over = True
                if not self._arrived:
                    self._come(("sub_hotlines", str(data.get("sub_hotline", ""))))
            case Kind.MESSAGE_BEGUN | Kind.CALLBACK_PROMISED:
                self._over = True
                if not self._arrived:
                    self._come((MESSAGES if kind == Kind.MESSAGE_BEGUN else CALLBACKS, queue or ""))
            case Kind.CALL_RESUMED:
                self.broken = not self._arrived
            case Kind.CALL_FINISHED:
                self._over = True
                if not self._arrived and data.get("by") == EndedBy.SYSTEM and not data.get("outcome"):
                    self._come(GOODBYE)
            case _:
                self._over = kind in _ENDS

    @property
    def path(self) -> Path | None:
        """The path so far; None: the call was in no menu and no queue, or the path is not known.

        A last key is left out if the caller hung up before a Record says where it led, such as in a message.
        """
        if self.broken or self._start is _UNKNOWN:
            return None
        known = self._strides[:-1] if self._strides and self._strides[-1].stop is _UNKNOWN else self._strides
        return Path(self._start, tuple(known))

    def _do(self, did: str, data: Mapping[str, Any], *, leads: bool) -> None:
        """`data`: its `menu` says where it is done. A key that repeats the menu has no other Record than the next."""
        here = Stop(("menus", str(data["menu"])), self._language) if data.get("menu") else _UNKNOWN
        if self._strides and self._strides[-1].stop is _UNKNOWN:
            self._strides[-1] = self._strides[-1]._replace(stop=here)
        self._strides.append(Stride(did, leads, _UNKNOWN if leads else here))

    def _come(self, node: NodeId) -> None:
        stop = Stop(node, self._language)
        if self._strides:
            last = self._strides[-1]
            self._strides[-1] = Stride(last.did, last.leads, stop)
        else:
            self._start = stop
