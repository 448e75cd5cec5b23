"""`python -m sounds.recogniser`: a request a line on standard input, an answer a line on standard output, in JSON.

The first line is {"ready": true}, or {"problem": "…"} and the end. A request is {"language": "zh", "clips": [{"path":
"/…/a.wav", "words": "绿化请按1"}, …]}, its answer {"clips": [{"heard": …, "errors": …, "length": …, "keys": […]}, …]}
in the same order, or {"problem": "…"}. It ends when its standard input ends.
"""

import json
import os
import sys
from pathlib import Path

# No network access: all that is needed is installed.
os.environ["HF_HUB_OFFLINE"] = "1"

from sounds.recogniser.listener import Listener
from sounds.recogniser.whisper import Damaged, Whisper


def main() -> None:
    os.nice(10)  # a hotline on this machine comes first
    try:
        listener = Listener(Whisper())
    except (Damaged, OSError, ImportError) as problem:
        _say({"problem": str(problem)})
        sys.exit(1)
    _say({"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        clips = [(Path(clip["path"]), str(clip["words"])) for clip in request["clips"]]
        try:
            judged = listener.judge(clips, request["language"])
        except (OSError, ValueError) as problem:
            _say({"problem": f"{type(problem).__name__}: {problem}"})
        else:
            _say(
                {"clips": [{"heard": j.heard, "errors": j.errors, "length": j.length, "keys": j.keys} for j in judged]}
            )


def _say(answer: object) -> None:
    print(json.dumps(answer, ensure_ascii=False), flush=True)  # noqa: T201


main()
