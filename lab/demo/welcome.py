"""What somebody who has started the demo reads first: what to look at, how to call, what will happen and when."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from lab.demo.errands import ANONYMOUS, NUMBER
from lab.demo.folder import SEAT
from lab.demo.pace import Pace
from lab.demo.programme import CYCLE, PLAN
from settings.settings import Settings


def lines(
    settings: Settings, sign_in: Iterable[tuple[str, str]], phone_password: str, pace: Pace, days: float, now: datetime
) -> list[str]:
    """`sign_in`: what `up` tells of the first administrator. `phone_password`: of the free seat's phone. `days`: of the
    history. `now`: when the programme begins, by the clock of this machine.
    """
    state, http = f"--state {settings.folder.root}", f"http://127.0.0.1:{settings.ports.http}"
    sip = f"127.0.0.1:{settings.ports.sip}"
    rows = [
        ("Look at it", f"{http}/wall"),
        *sign_in,
        ("", "the wall: who waits, the service level, what each agent does"),
        *([("", f"Menus, {http}/tree: where the callers of the last days went")] if days else []),
        ("In a terminal", f"./wutong top {state}"),
        ("Call it", f"./wutong call {NUMBER} --keys 1,1 {state}"),
        ("By softphone", f"sip:{NUMBER}@{sip}, no account"),
        ("Be an agent", f"softphone at {sip}, user {SEAT}, password {phone_password}; dial *45 to sign in"),
    ]
    plan = [f"  {now + timedelta(seconds=pace.seconds(at)):%H:%M:%S}  {scene}" for at, scene in PLAN]
    again = pace.seconds(CYCLE) / 60
    return [
        "",
        f"Everybody here is a robot. Callers' numbers begin with {ANONYMOUS}, as no telephone number does.",
        "",
        *(f"{name:<15}{value}" for name, value in rows),
        "",
        f"What will happen by itself, and again every {again:g} minutes:",
        *plan,
        "",
        "Ctrl-C ends it, and leaves nothing.",
        "",
    ]
