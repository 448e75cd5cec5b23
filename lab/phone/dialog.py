"""A dialog (RFC 3261, 12): what two user agents remember of each other between requests. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from lab.phone.message import Address, Headers, Request, Response
from lab.phone.transaction import Peer


@dataclass
class Dialog:
    """Our side of it. Also serves requests outside of any dialog, which have the same parts and no remote tag.

    `target` is the URI of requests; `peer` is where every packet goes, whatever the URI says: the phone has one
    server, as phones with an outbound proxy do.
    """

    call_id: str
    local: Address
    remote: Address
    target: str
    peer: Peer
    routes: tuple[str, ...] = ()
    sequence: int = 0

    @classmethod
    def of_invite(cls, invite: Request, tag: str, peer: Peer) -> Self:
        """The called side's. Raises BadMessage when the INVITE lacks what a dialog needs."""
        to = invite.recipient
        return cls(
            call_id=invite.call_id,
            local=Address(to.uri, to.name, {**to.parameters, "tag": tag}),
            remote=invite.sender,
            target=Address.parse(invite.require("Contact")).uri,
            peer=peer,
            routes=tuple(invite.get_all("Record-Route")),
        )

    @property
    def key(self) -> tuple[str, str]:
        """Call-ID and local tag: what distinguishes the dialogs of one phone."""
        return self.call_id, self.local.tag

    def establish(self, response: Response) -> None:
        """The calling side's, from a response that came: remote tag, target and routes."""
        self.remote = response.recipient
        self.routes = tuple(reversed(response.get_all("Record-Route")))
        self.refresh(response)

    def refresh(self, message: Request | Response) -> None:
        """The target that a later message names (RFC 3261, 12.2)."""
        contact = message.get("Contact")
        if contact is not None:
            self.target = Address.parse(contact).uri

    def request(
        self, method: str, via: str, headers: Iterable[tuple[str, str]], body: bytes, *, sequence: int | None = None
    ) -> Request:
        """The next request in this dialog; with `sequence` one of that number (the ACK of a success)."""
        if sequence is None:
            self.sequence += 1
            sequence = self.sequence
        own: Headers = (
            ("Via", via),
            ("Max-Forwards", "70"),
            ("From", str(self.local)),
            ("To", str(self.remote)),
            ("Call-ID", self.call_id),
            ("CSeq", f"{sequence} {method}"),
            *(("Route", route) for route in self.routes),
        )
        return Request((*own, *headers), body, method=method, uri=self.target)
