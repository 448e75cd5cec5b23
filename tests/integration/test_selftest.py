"""The hotline calls itself, and says what differs from its menu tree."""

import re
import shutil
from array import array
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from selftest import run
from sounds import audio
from sounds.hearing import recogniser
from tests.integration.conversations import length
from tests.integration.world import World, world

TREE = """\
hotline: "12319"
name: 测试热线
numbers: ["12319"]
languages: [zh]
timezone: Asia/Shanghai
greeting: 测试热线
goodbye: 感谢来电，再见
entry: main
fallback: {sub_hotline: bureau}
menus:
  main:
    say: 专家
    keys:
      "5": {sub_hotline: bureau}
      "2": {input: order}
      "0": {queue: general}
    wait: 4s
    no_input: {repeat: 0, then: {hangup: true}}
    invalid: {repeat: 1, then: {say: 现在很忙}}
inputs:
  order: {name: 工单号, say: 今天停水, entered: 绿化, confirm: 快速队列, least: 2, attempts: 1,
          then: {sub_hotline: gas}, failed: {hangup: true}}
queues:
  general: {name: 综合, needs: {general: 1}}
sub_hotlines:
  gas: {name: 燃气, dial: "2201", ring: 5s}
  bureau: {name: 绿化局, dial: "2202", ring: 5s, selftest: true}
"""
"""Short words of the other hotlines of these tests: their prompts are there already, and each call hears some."""


@pytest.fixture(autouse=True)
def deaf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No recogniser is installed: it would not understand the voice of these tests. `tests/voices` has one."""
    monkeypatch.setattr(run, "recogniser", lambda: recogniser(tmp_path / "no-recogniser"))


@pytest.fixture
def hotline_folder(tmp_path: Path) -> Path:
    """A tree of six calls."""
    folder = tmp_path / "hotline"
    folder.mkdir()
    (folder / "hotline.yaml").write_text(TREE, encoding="utf-8")
    (folder / "agents.yaml").write_text(
        'agents:\n  - {id: "1003", name: 综合, skills: {general: 3}}\n'
        '  - {id: "2201", name: 燃气, skills: {}}\n  - {id: "2202", name: 绿化局, skills: {}}\n',
        encoding="utf-8",
    )
    return folder


async def over(hotline: World) -> Any:
    """The self-test, once it has ended. There is patience for each of its calls."""
    for called in range(1, 100):
        seen = await hotline.see("selftest", partial(_got_to, called))
        if not seen["running"]:
            return seen["last"]
    raise AssertionError("it has more calls than its tree")


def _got_to(called: int, seen: Any) -> bool:
    return not seen["running"] or seen["last"]["called"] >= called


def found(last: Any) -> list[tuple[str, str]]:
    return [(",".join(each["keys"]), each["what"]) for each in last["differences"]]


async def test_all_is_as_the_tree_says_and_nobody_is_disturbed(hotline: World) -> None:
    agent, gas, bureau = [await hotline.agent_phone(who) for who in ("1003", "2201", "2202")]
    await hotline.set_state("1003", "ready")
    begun = await hotline.http.post("/api/v1/selftest")
    assert begun.status_code == 202, begun.text
    assert (await hotline.http.post("/api/v1/selftest")).status_code == 409
    rung = await bureau.incoming()
    await rung.answer()
    await rung.hears_recording(hotline.clip("selftest-caller"))
    await rung.ended()
    last = await over(hotline)
    assert (last["ways"], last["called"], last["differences"], last["stopped"]) == (6, 6, [], None)
    assert (last["spared"], last["by"]) == (["gas"], "token:local")
    assert 0 < last["slowest_s"] < 5
    assert not last["recogniser"]
    assert not agent.calls
    assert not gas.calls
    calls = await hotline.get("calls")
    assert [call["test"] for call in calls] == [True] * 6
    page = (await hotline.http.get("/metrics")).text
    assert {line.split()[1] for line in page.splitlines() if line.startswith("wutong_calls_total{")} == {"0.0"}
    assert "wutong_selftest_differences 0.0" in page
    assert not list(hotline.settings.folder.recordings.iterdir()), "what it heard is removed"
    await hotline.stop_service()
    await hotline.start_service()
    assert (await hotline.get("selftest"))["last"] == last


async def test_a_prompt_without_sound_a_mute_and_a_deaf_phone_and_a_line_that_nobody_answers_are_found(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    file = hotline_folder / "hotline.yaml"
    tree = file.read_text(encoding="utf-8").replace('"0": {queue: general}', '"6": {sub_hotline: water}')
    tree += '  water: {name: 供水, dial: "2203", ring: 5s, selftest: true}\n'
    file.write_text(tree.replace('dial: "2201", ', 'dial: "2201", selftest: true, '), encoding="utf-8")
    with (hotline_folder / "agents.yaml").open("a", encoding="utf-8") as agents:
        agents.write('  - {id: "2203", name: 供水, skills: {}}\n')
    shutil.copytree(sounds, tmp_path / "sounds")
    async with world(tmp_path / "state", hotline_folder, tmp_path / "sounds") as hotline:
        prompt = hotline.clip({"zh": "现在很忙"})
        silence = array("h", bytes(2 * round(length(prompt) * 8_000)))
        audio.write(prompt, silence, 8_000)
        mute = await hotline.agent_phone("2202", loses=1)
        deaf = await hotline.agent_phone("2203", hears=10)
        for who in ("2202", "2203"):
            await hotline.see_agent(who, phone="free")
        assert (await hotline.http.post("/api/v1/selftest")).status_code == 202
        for phone in (mute, deaf):
            rung = await phone.incoming()
            await rung.answer()
            await rung.ended()
        last = await over(hotline)
    assert found(last) == [
        ("5", "phone-mute"),
        ("2,1,2,#,1", "not-answered"),
        ("6", "phone-deaf"),
        ("0,0", "nothing-heard"),
    ]
    silent, nobody, lost, unheard = [each["sentence"] for each in last["differences"]]
    assert silent == "at the sub-hotline bureau no sound comes from the phone"
    assert nobody == "nobody answers at the sub-hotline gas"
    assert re.fullmatch(r"at the sub-hotline water (8[5-9]|90)% of the sound that is sent to .* does not arrive", lost)
    assert unheard == "“现在很忙” is said, but nothing is heard"


async def test_a_citizen_who_waits_ends_the_call_that_is_under_way(hotline: World) -> None:
    begun = await hotline.http.post("/api/v1/selftest")
    assert begun.status_code == 202, begun.text
    first = await hotline.see("selftest", lambda seen: seen["way"] is not None)
    citizen = await hotline.citizen()
    call = await citizen.dial("12319")
    await call.hears_speech()
    await call.press("0")
    await hotline.see_queue("general", waiting=1)
    calls = await hotline.see("calls", lambda seen: all(one["state"] == "ended" for one in seen if one["test"]))
    assert (await hotline.get("selftest"))["running"], "it goes on once nobody waits"
    assert first["last"]["called"] == (await hotline.get("selftest"))["last"]["called"] == 0
    made = len(calls)
    await call.hang_up()
    await hotline.see("selftest", lambda seen: seen["last"]["called"] > 0)
    assert len(await hotline.get("calls")) > made
    assert (await hotline.http.delete("/api/v1/selftest")).status_code == 204
    last = (await hotline.see("selftest", lambda seen: not seen["running"]))["last"]
    assert last["stopped"] == "asked"
