"""What callers hear, over HTTP."""

import pytest

from base.role import Role
from tests.unit.service.world import World

API = "/api/v1/prompts"


async def test_a_prompt_is_listed_and_heard() -> None:
    world = World()
    world.prompts.sounds["3f2a91c0"] = b"RIFF"
    async with world.client(await world.key(Role.SUPERVISOR)) as client:
        listed = (await client.get(API)).json()
        assert (listed[0]["text"], listed[0]["speaker"], listed[0]["where"]) == (
            "绿化请按1，供水请按2",
            "voice",
            ["menus.main.say"],
        )
        heard = await client.get(f"{API}/3f2a91c0/sound")
        assert (heard.content, heard.headers["Content-Type"]) == (b"RIFF", "audio/wav")
        assert (await client.get(f"{API}/9d31b7e2/sound")).status_code == 404
        assert (await client.get(f"{API}/..%2f..%2fsecrets.json/sound")).status_code == 404


@pytest.mark.parametrize("role", [Role.AGENT, Role.DEPARTMENT])
async def test_a_person_who_may_not_listen_to_prompts_hears_nothing(role: Role) -> None:
    world = World()
    world.prompts.sounds["3f2a91c0"] = b"RIFF"
    async with world.client(await world.key(role, agent="1001" if role is Role.AGENT else None)) as client:
        assert (await client.get(f"{API}/3f2a91c0/sound")).status_code == 403
    async with world.client(token=None) as client:
        assert (await client.get(f"{API}/3f2a91c0/sound")).status_code == 401
