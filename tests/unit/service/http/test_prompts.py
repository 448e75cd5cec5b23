"""What callers hear, over HTTP."""

import pytest

from base.role import Role
from sounds import audio
from tests.unit.service.world import World
from tests.unit.sounds.making import tone

API = "/api/v1/prompts"


async def test_a_prompt_is_listed_and_heard() -> None:
    world = World()
    text = world.desk.hotline.menus["main"].say["zh"]
    clip = world.desk.editions.in_use.catalogue.clip("zh", text).path
    sound = tone(audio.wide(tone(clip, channels=1)), rate=16_000, channels=1).read_bytes()
    async with world.client(await world.key(Role.SUPERVISOR)) as client:
        listed = {each["text"]: each for each in (await client.get(API)).json() if each["language"] == "zh"}
        said = listed[text]
        assert (said["speaker"], said["where"], said["seconds"]) == ("voice", ["menus.main.say"], 0.5)
        heard = await client.get(f"{API}/{said['id']}/sound")
        assert (heard.content, heard.headers["Content-Type"]) == (sound, "audio/wav")
        assert (await client.get(f"{API}/{listed['您好']['id']}/sound")).status_code == 404, "no sound yet"
        assert (await client.get(f"{API}/..%2f..%2fsecrets.json/sound")).status_code == 404


@pytest.mark.parametrize("role", [Role.AGENT, Role.DEPARTMENT])
async def test_a_person_who_may_not_listen_to_prompts_hears_nothing(role: Role) -> None:
    world = World()
    async with world.client(await world.key(role, agent="1001" if role is Role.AGENT else None)) as client:
        assert (await client.get(f"{API}/3f2a91c0/sound")).status_code == 403
    async with world.client(token=None) as client:
        assert (await client.get(f"{API}/3f2a91c0/sound")).status_code == 401
