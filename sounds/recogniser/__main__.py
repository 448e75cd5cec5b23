"""`python -m sounds.recogniser`: judges clips, as `sounds.companion` asks.

A request is {"language": "zh", "clips": [{"path": "/…/a.wav", "words": "绿化请按1"}, …]}, its answer {"clips":
[{"heard": …, "errors": …, "length": …, "keys": […]}, …]} in the same order.
"""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sounds.companion import Answer, serve


def load() -> Answer:
    os.environ["HF_HUB_OFFLINE"] = "1"  # no network access: all that is needed is installed
    from sounds.recogniser.listener import Listener
    from sounds.recogniser.whisper import Whisper

    listener = Listener(Whisper())

    def judge(request: dict[str, Any]) -> dict[str, Any]:
        clips = [(Path(clip["path"]), str(clip["words"])) for clip in request["clips"]]
        return {"clips": [asdict(heard) for heard in listener.judge(clips, request["language"])]}

    return judge


serve(load)
