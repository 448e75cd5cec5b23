"""A caller enters an order number, hears it, and confirms it. No step of the story tells a key."""

from pathlib import Path

import pytest

from lab.phone import Call
from sounds.numbers import digits
from tests.integration.conftest import HOTLINE
from tests.integration.conversations import copied, in_menu
from tests.integration.world import World, record

ASKED, ENTERED, CONFIRM = (
    {"zh": "今天停水", "en": "There is no water today"},
    {"zh": "快速队列", "en": "Quick queue"},
    {"zh": "现在很忙", "en": "We are very busy"},
)
"""Texts that the hotline has: no test waits for a voice."""

TOO_SHORT, FIRST, RIGHT = "12", "5432", "123456"


def text(words: dict[str, str]) -> str:
    return f"{{zh: {words['zh']}, en: {words['en']}}}"


@pytest.fixture
def hotline_folder(tmp_path: Path) -> Path:
    """Key 4 leads to an input of four to six digits."""
    folder = copied(HOTLINE, tmp_path / "hotline", ("", ""))
    file = folder / "hotline.yaml"
    order = (
        f"inputs:\n  order:\n    name: {{zh: 工单号, en: Order number}}\n    say: {text(ASKED)}\n"
        f"    entered: {text(ENTERED)}\n    confirm: {text(CONFIRM)}\n    least: 4\n    most: 6\n    attempts: 4\n"
        "    wait: 60s\n    then: {queue: general}\n    failed: {sub_hotline: duty}\n\nmenus:\n"
    )
    key = '"4": {say: {zh: 今天停水, en: There is no water today}, then: {hangup: true}}'
    written = file.read_text(encoding="utf-8").replace("menus:\n", order, 1)
    assert key in written
    file.write_text(written.replace(key, '"4": {input: order}'), encoding="utf-8")
    return folder


async def typed(call: Call, keys: str) -> None:
    for key in keys:
        await call.press(key)


async def read_again(hotline: World, call: Call, entered: str) -> None:
    """The caller hears the digits, between the texts before and behind them."""
    await call.hears_recording(hotline.clip(ENTERED))
    for digit in entered:
        await call.hears_recording(hotline.clip({"zh": digits(digit, "zh")}))
    await call.hears_recording(hotline.clip(CONFIRM))


async def test_digits_are_entered_heard_and_confirmed(hotline: World) -> None:
    agent = await hotline.agent("1001")
    call = await in_menu(hotline)
    await call.press("4")
    await call.hears_recording(hotline.clip(ASKED))
    await typed(call, f"{TOO_SHORT}#")
    await call.hears_recording(hotline.clip(ASKED))  # it is asked again
    await typed(call, f"{FIRST}#")
    await read_again(hotline, call, FIRST)
    await call.press("2")  # a slip: anew
    await call.hears_recording(hotline.clip(ASKED))
    await typed(call, RIGHT)  # as many as there can be: no # is needed
    await read_again(hotline, call, RIGHT)
    await call.press("1")
    offer = await agent.incoming()
    await offer.answer()
    await call.hang_up()
    told = await hotline.ended()
    assert told["queue"] == "general"
    collected = record(told, "collected")
    assert (collected["input"], collected["digits"]) == ("order", RIGHT)
    entered = [step for step in told["story"] if step["kind"] == "key-pressed" and step.get("input") == "order"]
    assert [step["key"] for step in entered] == [""] * len(f"{TOO_SHORT}#{FIRST}#2{RIGHT}1")
    said = " ".join(step["text"] for step in told["story"] if step["kind"] == "said")
    assert ENTERED["zh"] in said
    assert not [digit for digit in ("五", "四", "三") if digit in said]
