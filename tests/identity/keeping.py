"""Keeping an issuer's keys, and waiting for what becomes of them."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import anyio

from api.identity.published_keys import PublishedKeys, open_keys
from tests.identity.issuer import Issuer


@asynccontextmanager
async def keys_of(issuer: Issuer) -> AsyncGenerator[PublishedKeys]:
    async with open_keys(issuer.jwks_url, changed=lambda: None) as keys:
        yield keys


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what the loop of the keys will have done before long."""
    with anyio.fail_after(5):
        while not condition():  # noqa: ASYNC110 - the state is for looking at and wakes nobody
            await anyio.sleep(0.005)
