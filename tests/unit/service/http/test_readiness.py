"""`/readyz` in Chinese."""

from sentences.languages import said
from sentences.sentence import Sentence
from tests.unit.service.world import World


def test_two_troubles_of_one_check() -> None:
    spool = Sentence("the spool keeps no Records: {why}", why=Sentence("its {bytes} bytes are full", bytes=500))
    database = Sentence("the database takes no Records: {why}", why="DBAPIError: locked")
    both = Sentence("{first}; {second}", first=spool, second=database)
    assert said(both, "zh") == "缓存区存不下记录：500 字节已满；数据库收不下记录：DBAPIError: locked"


async def test_the_route_answers_in_the_language_of_the_request() -> None:
    world = World()

    async def away() -> str | None:
        return Sentence("no answer within {seconds:g} s", seconds=2.0)

    world.checks["database"] = away
    world.notes["accounts"] = lambda: Sentence("only the installation's own token counts: {why}", why="odd")
    async with world.client(token=None) as client:
        english = (await client.get("/readyz")).json()
        chinese = (await client.get("/readyz", headers={"Accept-Language": "zh-CN,en;q=0.5"})).json()
    assert english["checks"]["database"] == "no answer within 2 s"
    assert chinese["checks"]["database"] == "2 秒内没有回答"
    assert chinese["notes"]["accounts"] == "只有本机令牌有效：odd"
    assert (english["detail"], chinese["detail"][:4]) == ("Not ready. database: no answer within 2 s.", "未就绪。")
    assert [name for name, told in chinese["checks"].items() if told == "ok"] == [
        name for name, told in english["checks"].items() if told == "ok"
    ]
