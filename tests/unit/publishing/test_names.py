"""What queues, departments, menus and breaks are called, and who may know it."""

from typing import Any

from base.role import Role
from hotline.model import BREAKS, SubHotline
from tests.unit.service.world import World

API = "/api/v1/names"

GREENING, GENERAL = {"zh": "绿化", "en": "Greening"}, {"*": "综合"}
BUREAU, DUTY = {"zh": "绿化市容局", "en": "Greening bureau"}, {"*": "值班室"}


async def told(*roles: Role, **account: Any) -> Any:
    world = World()
    world.desk.change(
        sub_hotlines={
            "bureau": SubHotline(id="bureau", name=BUREAU, dial="2201"),
            "duty": SubHotline(id="duty", name=DUTY, dial="2200"),
        }
    )
    async with world.client(await world.key(*roles, **account)) as client:
        return (await client.get(API)).json()


OPEN = {
    "menus": {"main": {"zh": "主菜单", "en": "Main menu"}, "utilities": {}},
    "breaks": dict(BREAKS),
    "skills": {"general": {"zh": "综合知识", "en": "All-round"}},
}
"""What everybody gets."""

AGENTS = {"1001": {"*": "绿化一席"}, "1002": {"*": "综合一席"}}

ALL = {
    "queues": {"greening": GREENING, "general": GENERAL},
    "departments": {"bureau": BUREAU, "duty": DUTY},
    "agents": AGENTS,
    **OPEN,
}


async def test_an_administrator_gets_all_in_the_order_of_the_file() -> None:
    names = await told(Role.ADMINISTRATOR)
    assert names == ALL
    assert list(names["queues"]) == ["greening", "general"]


async def test_an_agent_gets_all_whatever_the_account_is_limited_to() -> None:
    assert await told(Role.AGENT, agent="1001") == ALL
    assert await told(Role.AGENT, Role.SUPERVISOR, agent="1001", queues=["greening"]) == ALL


async def test_others_get_what_the_account_is_limited_to() -> None:
    mine = {"queues": {"greening": GREENING}, "departments": {"duty": DUTY}, "agents": {}, **OPEN}
    assert await told(Role.SUPERVISOR, queues=["greening"], departments=["duty", "gone"]) == mine
    assert await told(Role.DEPARTMENT, queues=["greening"], departments=["duty"]) == mine
    assert await told(Role.DEPARTMENT) == {"queues": {}, "departments": {}, "agents": {}, **OPEN}
