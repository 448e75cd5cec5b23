"""What a tree does by who calls and which number was dialled: a story of three callers with real phones."""

from pathlib import Path

import pytest

from sounds.model import Digits, Words
from tests.integration.conftest import HOTLINE
from tests.integration.conversations import copied
from tests.integration.world import World, kinds, record

CHANGES = {
    'numbers: ["12319", "12320"]': """
numbers:
  - "12319"
  - {number: "12321", entry: {queue: greening}, greeting: {zh: 今天停水, en: There is no water today}}
districts:
  hongkou: {name: {zh: 虹口, en: Hongkou}, numbers: ["0216*"]}
scopes:
  compound:
    say: {zh: 今天停水, en: There is no water today}
    number: "110"
    transfer: {queue: general}
    offer: {zh: 停水请按1，水质请按2, en: "For no water press 1, for water quality 2"}
    wait: 60s
    then: {menu: main}
""",
    '"4": {say: {zh: 今天停水, en: There is no water today}, then: {hangup: true}}': '"4": {scope: compound}',
    '"2": {queue: greening}': '"2": {district: hongkou}',
    'dial: "2202", ring: 120s': 'dial: "2202", ring: 120s, districts: {hongkou: gas}, ask: water',
}
"""Of the small hotline; its texts stay, so no prompt is to be made."""

RESIDENT, STRANGER, GARDENER = "02161234567", "13900000000", "13800138000"


@pytest.fixture
def hotline_folder(tmp_path: Path) -> Path:
    folder = copied(HOTLINE, tmp_path / "hotline", ("", ""))
    file = folder / "hotline.yaml"
    text = file.read_text()
    for old, new in CHANGES.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file.write_text(text)
    return folder


async def test_three_callers_reach_the_one_who_is_responsible(hotline: World) -> None:
    generalist, greening = await hotline.agent("1003"), await hotline.agent("1002")
    hongkou = await hotline.agent_phone("2201")

    # A resident of Hongkou, by the number; a stranger, who is asked and says so. Both reach Hongkou's office.
    for number, keys in ((RESIDENT, "5"), (STRANGER, "52")):
        call = await (await hotline.citizen(number)).dial("12319")
        await call.hears_speech()
        for key in keys:
            await call.press(key)
            if len(keys) > 1 and key == keys[0]:
                await call.hears_recording(hotline.menu("water"))
        offer = await hongkou.incoming()
        await offer.answer()
        call.send_tone(800)
        await offer.hears(800)
        await call.hang_up()
        told = await hotline.ended(number)
        assert (told["sub_hotline"], told["outcome"]) == ("gas", "sub-hotline")
        assert ("learned" in kinds(told)) == (number == STRANGER)

    # Out of jurisdiction: whose business it is, the number twice, and the offer, which is taken.
    call = await (await hotline.citizen(GARDENER)).dial("12319")
    await call.hears_speech()
    await call.press("4")
    scope = hotline.hotline.scopes["compound"]
    await call.hears_recording(hotline.clip(scope.say))
    for digit in "110110":
        (clip,) = hotline.catalogue.files((Digits(digit),), "zh")
        await call.hears_recording(Path(f"{clip}.wav"))
    assert scope.offer is not None
    (clip,) = hotline.catalogue.files((Words(scope.offer),), "zh")
    await call.hears_recording(Path(f"{clip}.wav"))
    await call.press("1")
    ring = await generalist.incoming()
    await call.hang_up()
    assert ring.caller_number == GARDENER
    assert record(await hotline.ended(GARDENER), "scope-told")["scope"] == "compound"

    # The number of a former hotline: its own greeting, then its own people, without a menu.
    call = await (await hotline.citizen(RESIDENT)).dial("12321")
    await call.hears_recording(hotline.clip({"zh": "今天停水"}))
    offer = await greening.incoming()
    assert offer.caller_number == RESIDENT
    await call.hang_up()
    told = await hotline.ended(RESIDENT)
    assert (told["number"], told["queue"]) == ("12321", "greening")
    assert "menu-entered" not in kinds(told)
