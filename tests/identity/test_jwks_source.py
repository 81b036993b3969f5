import asyncio
from collections.abc import AsyncIterator, Callable

import anyio
import pytest
from structlog.testing import capture_logs

from api.identity import jwks_source
from api.identity.errors import IssuerUnreachableError
from api.identity.published_keys import KeyState, open_keys
from tests.identity.issuer import complete, issuing, publishing
from tests.identity.keeping import keys_of, until
from tests.identity.signing import key_pair

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("impatience")]

OLD = key_pair("EdDSA", "old")


def trickling(rest: float) -> Callable[[], AsyncIterator[bytes]]:
    async def answer() -> AsyncIterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
        while True:
            yield b" "
            await asyncio.sleep(rest)

    return answer


async def silent() -> AsyncIterator[bytes]:
    await asyncio.Event().wait()
    yield b""


async def endless() -> AsyncIterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n\r\n"
    while True:
        yield b" " * 65_536


@pytest.mark.parametrize("answer", [silent, trickling(0.01)], ids=["silent", "trickling"])
async def test_a_slow_issuer_is_given_up_on(
    answer: Callable[[], AsyncIterator[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jwks_source, "TIME_LIMIT", 0.2)
    async with issuing(answer) as issuer:
        with capture_logs() as logged, anyio.fail_after(5):
            async with keys_of(issuer) as keys:
                with pytest.raises(IssuerUnreachableError):
                    await keys.find("old")
    assert logged[0]["reason"] == "it does not answer (TimeoutError)"


async def test_an_answer_without_end_is_cut_off() -> None:
    async with issuing(endless) as issuer, keys_of(issuer) as keys:
        with capture_logs() as logged, pytest.raises(IssuerUnreachableError):
            await keys.find("old")
        await asyncio.wait_for(issuer.hung_up.wait(), 5)
    assert logged[0]["reason"] == "it answered with more than 262144 bytes"


async def test_a_redirect_is_not_followed() -> None:
    async with issuing(publishing(OLD)) as elsewhere:
        redirect = complete(b"", "302 Found", f"Location: {elsewhere.jwks_url}")
        async with issuing(redirect) as issuer, keys_of(issuer) as keys:
            with capture_logs() as logged, pytest.raises(IssuerUnreachableError):
                await keys.find("old")
        assert elsewhere.asked == []
    assert logged[0]["reason"] == "it answered 302"


@pytest.mark.parametrize(
    "answer",
    [
        complete(b"<html>"),
        complete(b'{"keys": 1}'),
        complete(b"\x1f\x8b\x08\x00", "200 OK", "Content-Encoding: gzip"),
        complete(b"", "404 Not Found"),
        complete(b"", "200 OK", "Transfer-Encoding: chunked"),
        complete(b"", "what"),
    ],
    ids=["HTML", "no set", "compressed", "not found", "contradictory", "no HTTP"],
)
async def test_garbage_is_no_answer_and_ends_nothing(
    answer: Callable[[], AsyncIterator[bytes]],
) -> None:
    async with issuing(answer) as issuer, keys_of(issuer) as keys:
        with pytest.raises(IssuerUnreachableError):
            await keys.find("old")
        issuer.answer = publishing(OLD)
        await until(lambda: keys.state is KeyState.FRESH)


async def test_an_address_that_leads_nowhere_ends_nothing() -> None:
    async with open_keys("https://issuer.invalid/jwks", changed=lambda: None) as keys:
        with pytest.raises(IssuerUnreachableError):
            await keys.find("old")
