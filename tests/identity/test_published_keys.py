import asyncio

import pytest
from structlog.testing import capture_logs

from api.identity import published_keys, reasons
from api.identity.errors import IssuerUnreachableError, TokenRejectedError
from api.identity.published_keys import KeyState, PublishedKeys, open_keys
from tests.identity.issuer import FAILING, issuing, publishing
from tests.identity.keeping import keys_of, until
from tests.identity.signing import key_pair

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("impatience")]

OLD, NEW = key_pair("EdDSA", "old"), key_pair("ES256", "new")


async def unknown(keys: PublishedKeys, key_id: str) -> str:
    with pytest.raises(TokenRejectedError) as caught:
        await keys.find(key_id)
    return caught.value.reason


async def test_the_first_request_waits_for_the_fetch_that_is_on_its_way() -> None:
    async with issuing(publishing(OLD)) as issuer, keys_of(issuer) as keys:
        assert (await keys.find("old")).key_id == "old"
        assert keys.state is KeyState.FRESH
        assert issuer.asked == ["/api/auth/jwks"]


async def test_many_requests_at_once_share_one_fetch() -> None:
    async with issuing(publishing(OLD)) as issuer, keys_of(issuer) as keys:
        await asyncio.gather(*(keys.find("old") for _ in range(50)))
        assert len(issuer.asked) == 1


async def test_a_new_key_is_known_with_its_first_token() -> None:
    async with issuing(publishing(OLD)) as issuer, keys_of(issuer) as keys:
        await keys.find("old")
        issuer.answer = publishing(NEW, OLD)
        assert (await keys.find("new")).key_id == "new"
        assert (await keys.find("old")).key_id == "old"
        assert len(issuer.asked) == 2


async def test_a_flood_of_unknown_keys_causes_one_fetch_in_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with issuing(publishing(OLD)) as issuer, keys_of(issuer) as keys:
        await keys.find("old")
        found = await asyncio.gather(*(unknown(keys, f"key-{number}") for number in range(500)))
        for number in range(100):
            await unknown(keys, f"later-{number}")
        assert set(found) == {reasons.UNKNOWN_KEY}
        assert len(issuer.asked) == 2
        monkeypatch.setattr(published_keys, "PAUSE", 0.0)
        await unknown(keys, "much later")
        assert len(issuer.asked) == 3


async def test_a_key_that_is_withdrawn_is_trusted_until_the_next_regular_fetch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(published_keys, "REFRESH", 0.02)
    changed = asyncio.Event()
    async with (
        issuing(publishing(OLD)) as issuer,
        open_keys(issuer.jwks_url, changed=changed.set) as keys,
    ):
        await keys.find("old")
        changed.clear()
        issuer.answer = publishing(NEW)
        await asyncio.wait_for(changed.wait(), 5)
        assert await unknown(keys, "old") == reasons.UNKNOWN_KEY


async def test_the_same_keys_again_are_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published_keys, "REFRESH", 0.005)
    changes: list[None] = []
    async with (
        issuing(publishing(OLD)) as issuer,
        open_keys(issuer.jwks_url, changed=lambda: changes.append(None)),
    ):
        await until(lambda: len(issuer.asked) > 3)
    assert len(changes) == 1


async def test_keys_are_used_while_the_issuer_is_down_and_no_longer_than_an_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(published_keys, "REFRESH", 0.02)
    async with issuing(publishing(OLD)) as issuer, keys_of(issuer) as keys:
        await keys.find("old")
        with capture_logs() as logged:
            issuer.answer = FAILING
            await until(lambda: keys.state is KeyState.STALE)
            assert (await keys.find("old")).key_id == "old"
            monkeypatch.setattr(published_keys, "STALE_LIMIT", 0.0)
            await until(lambda: keys.state is KeyState.MISSING)
            with pytest.raises(IssuerUnreachableError):
                await keys.find("old")
            issuer.answer = publishing(OLD)
            await until(lambda: keys.state is KeyState.FRESH)
            assert (await keys.find("old")).key_id == "old"
    told = [(event["event"], event["log_level"], event["keys"]) for event in logged]
    assert told == [
        ("issuer_keys.unreachable", "warning", "stale"),
        ("issuer_keys.unreachable", "warning", "missing"),
        ("issuer_keys.fetched", "info", 1),
    ]


async def test_whether_a_key_is_known_is_not_said_while_the_issuer_is_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(published_keys, "REFRESH", 0.02)
    async with issuing(publishing(OLD)) as issuer, keys_of(issuer) as keys:
        await keys.find("old")
        issuer.answer = FAILING
        await until(lambda: keys.state is KeyState.STALE)
        with pytest.raises(IssuerUnreachableError):
            await keys.find("new")


async def test_an_issuer_that_is_down_at_the_start_is_found_when_it_comes() -> None:
    async with issuing(FAILING) as issuer:
        port = issuer.port
    async with keys_of(issuer) as keys:
        with pytest.raises(IssuerUnreachableError):
            await keys.find("old")
        assert keys.state is KeyState.MISSING
        async with issuing(publishing(OLD), port):
            await until(lambda: keys.state is KeyState.FRESH)
            assert (await keys.find("old")).key_id == "old"


async def test_a_request_brings_a_retry_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published_keys, "FIRST_RETRY", 600.0)
    monkeypatch.setattr(published_keys, "LAST_RETRY", 600.0)
    monkeypatch.setattr(published_keys, "PAUSE", 0.0)
    async with issuing(FAILING) as issuer, keys_of(issuer) as keys:
        with pytest.raises(IssuerUnreachableError):
            await keys.find("old")
        issuer.answer = publishing(OLD)
        with pytest.raises(IssuerUnreachableError):
            await keys.find("old")
        await until(lambda: keys.state is KeyState.FRESH)


async def test_an_issuer_that_publishes_no_key_has_signed_nothing() -> None:
    async with issuing(publishing()) as issuer, keys_of(issuer) as keys:
        assert await unknown(keys, "old") == reasons.UNKNOWN_KEY
        assert keys.state is KeyState.FRESH
