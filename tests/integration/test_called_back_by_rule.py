"""A queue calls those back who give up: through the provider at 127.0.0.2, which is our phone."""

from pathlib import Path

import pytest

from tests.integration.conversations import hear_each_other
from tests.integration.test_callbacks import RULE, waits, with_callbacks
from tests.integration.test_calls_out import CALLS_OUT, CITIZEN, connected
from tests.integration.world import kinds, record

pytestmark = pytest.mark.parametrize("change", [CALLS_OUT])


async def test_a_caller_who_gives_up_is_called_back_and_is_missed_no_more_after_the_talk(
    tmp_path: Path, hotline_folder: Path, sounds: Path
) -> None:
    file = with_callbacks(hotline_folder) / "hotline.yaml"
    file.write_text(file.read_text().replace(RULE, f"{RULE}\n    missed: {{after: 1s, call_back: true}}"))
    async with connected(tmp_path, hotline_folder, sounds) as (hotline, provider, agent):
        await hotline.set_state("1001", "not-ready")
        call = await waits(hotline, provider)
        await hotline.see("queues/greening", lambda queue: queue["longest_wait_s"] > 1)
        await call.hang_up()
        (listed,) = await hotline.see("callbacks", lambda seen: len(seen) == 1)
        assert (listed["number"], listed["position"]) == (CITIZEN, 1)
        told = await hotline.ended(CITIZEN)
        assert told["outcome"] == "abandoned"
        assert listed["since"] == record(told, "queued")["at"]
        await hotline.stop_service()
        await hotline.start_service()
        await hotline.set_state("1001", "ready")
        answered = await (await provider.incoming()).answer()
        await answered.hears_recording(hotline.clip("callback-ask"))
        await answered.press("1")
        await hear_each_other(answered, await (await agent.incoming()).answer())
        assert await hotline.get("missed") == []
        await answered.hang_up()
        assert "connected" in kinds(await hotline.ended(CITIZEN))
