import asyncio
import time
from asyncio.subprocess import PIPE
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.databases import database, prepare
from tests.docs.documents import README, blocks, section
from tests.identity.node import program
from tests.live.server import serving

pytestmark = pytest.mark.anyio

LIFE = 0.3
"""Seconds after which each stream of the server ends."""

CALL = """
const [, , api, token] = process.argv;
follow(api, async () => token, (type, event) => console.log(type, event.sequence), "0");
"""


@pytest.fixture
def url(server_url: str) -> Generator[str]:
    with database(server_url) as url:
        prepare(url)
        yield url


async def test_the_client_of_the_readme_hears_everything_once_over_many_streams(
    url: str, tmp_path: Path
) -> None:
    [code] = [block for block in blocks(section(README, "The API"), "js") if "follow" in block]
    script = tmp_path / "follow.mjs"
    script.write_text(code + CALL)
    async with (
        serving(url, tmp_path, stream_life=str(LIFE)) as server,
        server.client("ada") as client,
    ):
        token = client.headers["authorization"].partition(" ")[2]
        browser = await asyncio.create_subprocess_exec(
            *program("node"), "--experimental-eventsource", "--no-warnings", str(script),
            str(client.base_url).rstrip("/"), token, stdout=PIPE,
        )  # fmt: skip
        assert browser.stdout is not None
        try:
            until, count = time.monotonic() + 10 * LIFE, 0
            while time.monotonic() < until:
                count += 1
                await client.post("/api/tasks", json={"title": "a"})
                async with asyncio.timeout(15):
                    line = await browser.stdout.readline()
                assert line.decode().split() == ["TaskCreated", str(count)]
        finally:
            browser.kill()
            await browser.communicate()
    assert count > 2
