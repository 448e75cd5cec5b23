"""One version of the hotline in use: the tree that calls walk, and the prompts that were built for it.

A call keeps the edition that it began with, so that an edited folder never changes a call that is under way.
"""

from dataclasses import dataclass
from functools import cached_property

from hotline.model import Hotline
from ivr.model import Tree
from sounds.catalogue import Catalogue


@dataclass(frozen=True)
class Edition:
    hotline: Hotline
    catalogue: Catalogue

    @cached_property
    def tree(self) -> Tree:
        return self.hotline.tree()

    @cached_property
    def queue_of_extension(self) -> dict[str, str]:
        """Extension → queue id."""
        return {queue.extension: queue.id for queue in self.hotline.queues.values() if queue.extension}

    def language(self, asked: str) -> str:
        """`asked`, if the hotline speaks it, else its default."""
        return asked if asked in self.hotline.languages else self.hotline.languages[0]
