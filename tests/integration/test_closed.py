"""A queue that is closed at this moment says so and leads to the officer on duty; one that is open is entered."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sounds.model import Moment
from sounds.numbers import moment
from tests.integration.conftest import HOTLINE
from tests.integration.conversations import copied, hear_each_other, in_menu
from tests.integration.world import World, kinds, record

SHANGHAI = ZoneInfo("Asia/Shanghai")
OTHER = "13900000000"
SAID = {"zh": "现在很忙", "en": "We are very busy"}


def clock(hours: int) -> str:
    """The full hour so many hours from now, by the hotline's clock."""
    return f"{datetime.now(SHANGHAI) + timedelta(hours=hours):%H}:00"


@pytest.fixture
def hotline_folder(tmp_path: Path) -> Path:
    """The queue of greening opens in some hours, the general one has been open for some, and tells until when."""
    folder = copied(HOTLINE, tmp_path / "hotline", ("", ""))
    file = folder / "hotline.yaml"
    said = {language: f"'{words}{{opens}}'" for language, words in SAID.items()}
    closed = f"closed: {{say: {{zh: {said['zh']}, en: {said['en']}}}, then: {{sub_hotline: duty}}}}"
    text = file.read_text().replace(
        "\nmenus:\n",
        "\nopening_hours:\n"
        f'  later: {{week: {{mon-sun: "{clock(3)}-{clock(6)}"}}}}\n'
        f'  now: {{week: {{mon-sun: "{clock(-6)}-{clock(6)}"}}}}\n'
        "\nmenus:\n",
    )
    for needs, hours in (("greening: 3", "later"), ("general: 1", "now")):
        line = f"    needs: {{{needs}}}\n"
        text = text.replace(line, f"{line}    hours: {hours}\n    {closed}\n")
    until = {language: f"'{words}{{closes}}'" for language, words in SAID.items()}
    key = '"0": {queue: general}'
    assert key in text
    message = f"say: {{zh: {until['zh']}, en: {until['en']}}}, hours: now, closed: {{queue: general}}"
    text = text.replace(key, f'"0": {{{message}, then: {{queue: general}}}}', 1)
    file.write_text(text)
    return folder


async def test_a_closed_queue_says_so_and_leads_to_duty_and_an_open_one_is_entered(hotline: World) -> None:
    duty, agent = await hotline.agent_phone("2200"), await hotline.agent("1001")
    queue = await hotline.get("queues/greening")
    assert (queue["open"], queue["closes"]) == (False, None)
    call = await in_menu(hotline)
    await call.press("1")
    opens = datetime.fromisoformat(queue["opens"]).astimezone(SHANGHAI)
    words = [SAID["zh"], *moment(Moment(opens, datetime.now(SHANGHAI).date()), "zh")]
    for each in words:
        await call.hears_recording(hotline.clip({"zh": each}))
    officer = await duty.incoming()
    await officer.answer()
    await hear_each_other(call, officer)
    assert agent.calls == (), "an agent of both queues is ready, and is not rung"
    await officer.hang_up()
    await call.ended()
    told = await hotline.ended()
    assert told["outcome"] == "sub-hotline"
    assert "queued" not in kinds(told)
    closed = record(told, "closed")
    assert (closed["place"], closed["hours"]) == ({"queue": "greening"}, "later")
    assert " ".join(words) in " ".join(each["text"] for each in told["story"] if each["kind"] == "said")
    assert datetime.fromisoformat(closed["opens"]) == datetime.fromisoformat(queue["opens"])

    # Another queue, which is open, is entered by the next call.
    general = await hotline.get("queues/general")
    assert (general["open"], general["opens"]) == (True, None)
    other = await in_menu(hotline, OTHER)
    await other.press("0")
    closes = datetime.fromisoformat(general["closes"]).astimezone(SHANGHAI)
    for each in (SAID["zh"], *moment(Moment(closes, datetime.now(SHANGHAI).date(), end=True), "zh")):
        await other.hears_recording(hotline.clip({"zh": each}))
    offer = await agent.incoming()
    await other.hang_up()
    await offer.cancelled()
    assert "closed" not in kinds(await hotline.ended(OTHER))
