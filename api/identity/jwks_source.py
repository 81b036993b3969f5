"""Where an issuer publishes its keys, asked with limits on time, size and trust."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus

import httpx2

from api.identity.jwks import PublishedKey, read_keys
from api.identity.jwks_errors import AnswerTooLargeError, UnansweredError, WrongAnswerError

TIME_LIMIT = 5.0
"""Seconds in which an answer must be had as a whole, however slowly it trickles."""

SIZE_LIMIT = 256 * 1024
"""Bytes an answer may have: some thousand keys, more than any rotation leaves published."""

# What is not compressed cannot grow on its way in.
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "taskfold"}


class JwksSource:
    """The address of a key set."""

    def __init__(self, url: str, client: httpx2.AsyncClient) -> None:
        self.url = url
        self._client = client

    async def fetch(self) -> dict[str, PublishedKey]:
        """Fetch the keys that are published there now.

        Raises:
            JwksError: They cannot be had.
        """
        try:
            async with asyncio.timeout(TIME_LIMIT):
                return read_keys(await self._answer())
        # An issuer, or who answers in its place, can make a client fail in any way it likes.
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            raise UnansweredError(type(error).__name__) from error

    async def _answer(self) -> bytes:
        received = bytearray()
        async with self._client.stream("GET", self.url, headers=_HEADERS) as answer:
            if answer.status_code != HTTPStatus.OK:
                raise WrongAnswerError(answer.status_code)
            async for piece in answer.aiter_raw():
                received += piece
                if len(received) > SIZE_LIMIT:
                    raise AnswerTooLargeError(SIZE_LIMIT)
        return bytes(received)


@asynccontextmanager
async def open_source(url: str) -> AsyncGenerator[JwksSource]:
    """Have a key set that can be fetched until the end of the block."""
    # Who redirects could send us to any address, those behind our firewall included.
    async with httpx2.AsyncClient(follow_redirects=False, timeout=TIME_LIMIT) as client:
        yield JwksSource(url, client)
