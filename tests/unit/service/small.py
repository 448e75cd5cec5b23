"""A small hotline: a menu, three queues, a sub-hotline, three agents."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hotline.loader import load
from hotline.model import Hotline

HOTLINE = """\
hotline: small
name: Small
numbers: ["12319"]
languages: [en]
timezone: Asia/Shanghai
greeting: Welcome
goodbye: Goodbye
entry: main
menus:
  main:
    say: Main menu
    keys:
      "1": {queue: trees}
      "2": {sub_hotline: bureau}
      "3": {say: News, then: {hangup: true}}
      "4": {queue: full}
      "5": {queue: everybody}
      "0": {queue: general}
    no_input: {repeat: 1, then: {hangup: true}}
    invalid: {repeat: 1, then: {hangup: true}}
queues:
  trees:
    name: Trees
    extension: "6001"
    needs: {trees: 1}
    whisper: A tree
    wrap_up: 0s
    missed_offers: 3
    announce: {every: 30s, position: true, estimate: false}
    overflow: [{waited: 5m, then: {say: Too long, then: {queue: general}}}]
  full:
    name: Full
    needs: {trees: 1}
    overflow: [{nobody_signed_in: 0s, then: {queue: general}}]
  everybody: {name: Everybody, needs: {trees: 1}, strategy: ring-all, wrap_up: 0s, keys: {"0": {queue: general}}}
  general: {name: General, needs: {general: 1}}
sub_hotlines:
  bureau: {name: Bureau, dial: "2201", failed: {menu: main}}
"""

AGENTS = """\
agents:
  - {id: "1001", name: One, skills: {trees: 3}}
  - {id: "1002", name: Two, skills: {trees: 3}}
  - {id: "2201", name: Bureau, skills: {general: 3}}
"""


@cache
def hotline() -> Hotline:
    with TemporaryDirectory() as folder:
        Path(folder, "hotline.yaml").write_text(HOTLINE, encoding="utf-8")
        Path(folder, "agents.yaml").write_text(AGENTS, encoding="utf-8")
        loaded = load(Path(folder))
    assert loaded.hotline is not None, "\n".join(map(str, loaded.problems))
    return loaded.hotline
