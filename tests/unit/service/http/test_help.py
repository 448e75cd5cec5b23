"""The documentation at /help. How the console leads there: tests/console/test_help.py."""

import re
from pathlib import Path

from service.http import help as guides
from tests.unit.service.world import World

ALL = sorted(path.relative_to(guides.DOCS).as_posix() for path in guides.DOCS.rglob("*.md"))
TARGET = re.compile(r'(?:href|src)="([^"#]+)')


async def test_every_document_is_a_page_without_script_that_leads_only_to_what_is_there() -> None:
    led: dict[str, str] = {}
    async with World().client(token=None) as client:
        for name in ALL:
            answer = await client.get(f"/help/{name}")
            assert answer.status_code == 200, name
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
            assert answer.headers["Content-Security-Policy"] == guides.POLICY
            assert "<script" not in answer.text
            assert 'style="' not in answer.text
            led |= {str(answer.request.url.join(target)): name for target in TARGET.findall(answer.text)}
        for address, name in led.items():
            if address.startswith(str(client.base_url)):
                assert (await client.head(address)).status_code == 200, f"{name}: {address}"
    assert len(led) > len(ALL)


async def test_a_page_has_its_language_and_leads_to_the_other_guides_and_the_other_language() -> None:
    async with World().client(token=None) as client:
        page = (await client.get("/help/guides/agents.zh.md")).text
    assert '<html lang="zh-CN">' in page
    assert '<a href="/help/guides/agents.zh.md" aria-current="page">坐席使用说明</a>' in page
    assert '<a href="/help/guides/operators.zh.md">运维使用说明</a>' in page
    assert 'href="/help/guides/agents.md" lang="en">English</a>' in page
    assert '<h2 id="席位">席位</h2>' in page


async def test_help_begins_at_the_list_of_all() -> None:
    async with World().client(token=None) as client:
        assert (await client.get("/help")).headers["Location"] == "/help/README.md"


async def test_nothing_else_of_the_checkout_is_served() -> None:
    async with World().client(token=None) as client:
        for path in ("/help/", "/help/alerts.yaml", "/help/../README.md", "/help/%2e%2e/LICENSE", "/help/guides"):
            assert (await client.get(path)).status_code == 404, path


def test_markup_is_text_and_a_link_that_leads_out_or_to_a_script_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "# A `b`\n\n<script>1</script> <img src=x onerror=1> [x](javascript:1) [y](../secret.md) [z](a.md#a-b)\n"
    )
    page = guides.page(tmp_path, "a.md", {"a.md"})
    assert "&lt;script&gt;1&lt;/script&gt; &lt;img src=x onerror=1&gt;" in page
    assert "javascript:" not in re.findall(r'href="([^"]*)', page)
    assert "<a>y</a>" in page
    assert '<a href="a.md#a-b">z</a>' in page
    assert '<h1 id="a-b">' in page
