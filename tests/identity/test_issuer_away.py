from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio
import httpx2
import pytest
from pydantic import SecretStr

from api.identity import published_keys
from tests.http.application import Running, running_on
from tests.identity.issuer import FAILING, Issuer, issuing, publishing
from tests.identity.signing import SECRET, key_pair, signed

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("impatience")]

KEY, NEXT = key_pair("EdDSA"), key_pair("ES256")


@asynccontextmanager
async def trusting(issuer: Issuer, database_url: str) -> AsyncGenerator[Running]:
    """The product with nothing set but where Better Auth runs, and a secret."""
    secret = (SecretStr(SECRET.decode()),)
    async with running_on(
        database_url, better_auth_secret=secret, better_auth_url=issuer.url
    ) as application:
        yield application


async def asked(application: Running, token: str) -> httpx2.Response:
    async with application.client(Authorization=f"Bearer {token}") as client:
        return await client.get("/api/tasks")


async def key_state(application: Running) -> str:
    async with application.client() as client:
        answer = await client.get("/api/health/ready")
    assert answer.status_code == 200
    return answer.json()["issuer_keys"]


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    with anyio.fail_after(5):
        while not await condition():  # noqa: ASYNC110 - the report is for looking at
            await anyio.sleep(0.005)


def claims(issuer: Issuer) -> dict[str, str]:
    return {"iss": issuer.url, "aud": issuer.url}


async def test_without_an_issuer_of_keys_the_health_report_says_so(database_url: str) -> None:
    async with running_on(database_url) as application:
        assert await key_state(application) == "unused"


async def test_an_issuer_that_is_down_holds_up_neither_the_start_nor_anybody_else(
    database_url: str,
) -> None:
    async with issuing(FAILING) as issuer:
        port = issuer.port
    with anyio.fail_after(5):
        async with trusting(issuer, database_url) as application:
            answer = await asked(application, KEY.token(claims(issuer)))
            assert (answer.status_code, answer.json()["code"]) == (503, "issuer-unreachable")
            assert int(answer.headers["retry-after"]) > 0
            assert "www-authenticate" not in answer.headers
            assert issuer.url not in answer.text
            assert await key_state(application) == "missing"
            assert (await asked(application, signed(claims(issuer)))).status_code == 200
            async with issuing(publishing(KEY), port):

                async def believed() -> bool:
                    answer = await asked(application, KEY.token(claims(issuer)))
                    return answer.status_code == 200

                await until(believed)
                assert await key_state(application) == "fresh"


async def test_a_token_that_was_believed_is_refused_once_its_key_is_withdrawn(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published_keys, "REFRESH", 0.02)
    async with (
        issuing(publishing(KEY)) as issuer,
        trusting(issuer, database_url) as application,
    ):
        token = KEY.token(claims(issuer))
        assert (await asked(application, token)).status_code == 200
        issuer.answer = publishing(NEXT)

        async def refused() -> bool:
            return (await asked(application, token)).status_code == 401

        await until(refused)


async def test_keys_that_are_known_are_used_while_the_issuer_is_down_and_then_no_longer(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published_keys, "REFRESH", 0.02)
    async with (
        issuing(publishing(KEY)) as issuer,
        trusting(issuer, database_url) as application,
    ):
        token = KEY.token(claims(issuer))
        assert (await asked(application, token)).status_code == 200
        issuer.answer = FAILING

        async def stale() -> bool:
            return await key_state(application) == "stale"

        await until(stale)
        assert (await asked(application, token)).status_code == 200
        assert (await asked(application, KEY.token(claims(issuer)))).status_code == 200
        monkeypatch.setattr(published_keys, "STALE_LIMIT", 0.0)

        async def given_up() -> bool:
            return (await asked(application, token)).status_code == 503

        await until(given_up)


async def test_requests_do_not_wait_for_an_issuer_that_hangs(database_url: str) -> None:
    asked_at_all = anyio.Event()

    async def silent() -> AsyncGenerator[bytes]:
        asked_at_all.set()
        await anyio.Event().wait()
        yield b""

    async with issuing(silent) as issuer:
        with anyio.fail_after(3):
            async with trusting(issuer, database_url) as application:
                await asked_at_all.wait()
                assert (await asked(application, signed(claims(issuer)))).status_code == 200
                assert await key_state(application) == "missing"
