"""The hotline of the bench: one queue, one that records, as many agents as needed, no wrap-up. It passes all checks.

Its fallback is no agent's phone: past saturation that rings for many callers at a time.
"""

from pathlib import Path

EXTENSION = "6000"
"""The queue's extension. Dialling it leads straight to the queue, without a menu."""

RECORDED = "6001"
"""The same of the queue whose talks are recorded."""

QUEUE = "bench"

HOTLINE = f"""\
hotline: bench
name: {{zh: 测速}}
numbers: ["12319"]
languages: [zh]
timezone: Asia/Shanghai
greeting: {{zh: 您好}}
goodbye: {{zh: 再见}}
entry: main
fallback: {{sub_hotline: duty}}

menus:
  main:
    say: {{zh: 人工服务请按0}}
    keys:
      "0": {{queue: {QUEUE}}}
    no_input: {{repeat: 1, then: {{queue: {QUEUE}}}}}
    invalid: {{repeat: 1, then: {{queue: {QUEUE}}}}}

queues:
  {QUEUE}:
    name: {{zh: 测速}}
    extension: "{EXTENSION}"
    needs: {{general: 1}}
    wrap_up: 0s
  recorded:
    name: {{zh: 录音}}
    extension: "{RECORDED}"
    needs: {{general: 1}}
    wrap_up: 0s
    record: always

sub_hotlines:
  duty: {{name: {{zh: 值班}}, dial: "2001"}}
"""


def agent_ids(count: int) -> list[str]:
    return [str(1001 + number) for number in range(count)]


def write(folder: Path, agents: int, text: str = HOTLINE) -> None:
    """Write a hotline folder with so many agents. `text`: its hotline.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hotline.yaml").write_text(text, encoding="utf-8")
    lines = [f'  - {{id: "{agent}", name: 坐席{agent}, skills: {{general: 3}}}}' for agent in agent_ids(agents)]
    (folder / "agents.yaml").write_text("\n".join(["agents:", *lines, ""]), encoding="utf-8")
