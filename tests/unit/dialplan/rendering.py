"""Values for a rendering, and its files read again."""

import re
from pathlib import Path
from typing import Any

from dialplan.render import RenderValues
from hotline.model import SubHotline
from processes import modules
from settings.ports import Ports

FOLDER = Path("/srv/wutong/asterisk")
TRUNK: dict[str, Any] = {"host": "sip.example.net", "bind": "192.0.2.10", "bind_port": 5062}

GAS = SubHotline(id="gas", name={"*": "Gas"}, dial="962777")
DUTY = SubHotline(id="duty", name={"*": "Duty"}, dial="2200", ring=25)


def values(**changes: Any) -> RenderValues:
    return RenderValues(
        **{
            "ports": Ports.from_base(22_000),
            "modules_dir": Path("/usr/lib/asterisk/modules"),
            "data_dir": Path("/usr/share/asterisk"),
            "music": Path("/usr/share/asterisk/moh"),
            "modules": frozenset({*modules.NEEDED, "codec_opus"}),
            "ami_secret": "s3cret-of-ami",
            "agi_secret": "s3cret-of-agi",
            "numbers": ("12319",),
            "languages": ("zh", "en"),
            "agents": {"1001": "s3cret-of-1001", "2200": "s3cret-of-22"},
            "extensions": ("6001",),
            "sub_hotlines": (GAS, DUTY),
            "fallback": DUTY,
            **changes,
        }
    )


def either(agent: str) -> str:
    """What Dial() gets to ring that agent's phone: the one in the browser, if that can be reached."""
    return f"PJSIP/${{IF($[${{LEN(${{PJSIP_DIAL_CONTACTS({agent}_browser)}})}} = 0]?{agent}:{agent}_browser)}}"


def sections(text: str) -> dict[str, list[str]]:
    """Lines of each section, comments left out; sections of one name together."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if line.startswith(";") or not line.strip():
            continue
        if heading := re.match(r"\[([^\]]+)\]", line):
            current = found.setdefault(heading.group(1), [])
        else:
            current.append(line.strip())
    return found


def extensions(lines: list[str]) -> list[str]:
    return [match.group(1) for line in lines if (match := re.match(r"exten => ([^,]+),", line))]


def settings(text: str, section: str) -> dict[str, str]:
    return dict(re.split(r" =>? ?", line, maxsplit=1) for line in sections(text)[section])
