"""Front ends with a real Better Auth, and the people who sign up there."""

import json
import os
import subprocess
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from events.ids import new_id
from tests.identity.node import installed, program

PACKAGE = Path(__file__).parent / "better_auth"
SECRET = "q8TzL2vXw5RkYc7mNs4HdJ9pBf3GaE6u"
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True, slots=True)
class FrontEnds:
    """Apps that run, by the way they are set up; see `better_auth/server.mjs`."""

    process: subprocess.Popen[str]
    directory: Path
    addresses: dict[str, str]

    def rotate(self, name: str) -> None:
        """Let the keys of an app come to their age, so that its next token has a new one."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{name}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline().strip() == name

    @asynccontextmanager
    async def person(self, name: str) -> AsyncGenerator["Person"]:
        """Somebody who has just signed up with an app and keeps its cookies."""
        address = self.addresses[name]
        async with httpx2.AsyncClient(base_url=address, headers={"Origin": address}) as browser:
            body = {"name": "Ada", "email": f"{new_id()}@example.com", "password": PASSWORD}
            answer = await browser.post("/api/auth/sign-up/email", json=body)
            answer.raise_for_status()
            yield Person(browser, answer)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in, and what signing up has brought."""

    browser: httpx2.AsyncClient
    signed_up: httpx2.Response

    async def token(self) -> str:
        """What the person's page sends to an API."""
        answer = await self.browser.get("/api/auth/token")
        return answer.raise_for_status().json()["token"]


@contextmanager
def front_ends(directory: Path) -> Generator[FrontEnds]:
    """Run one app for each way to set Better Auth up.

    Raises:
        MissingError: Node or what it needs is not to be had.
    """
    (directory / "node_modules").symlink_to(installed(PACKAGE))
    for script in PACKAGE.glob("*.mjs"):
        # Node looks for packages beside the script, wherever it is run.
        (directory / script.name).write_text(script.read_text())
    with subprocess.Popen(
        [*program("node"), "server.mjs"],
        cwd=directory,
        env={**os.environ, "BETTER_AUTH_SECRET": SECRET, "BETTER_AUTH_TELEMETRY": "0"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            yield FrontEnds(process, directory, json.loads(process.stdout.readline()))
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """End the apps by closing their standard input, which also happens when this process dies."""
    try:
        process.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
