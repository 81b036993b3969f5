from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from api.http.errors import NotReadyError
from api.identity import reasons
from tests.http.application import Running, running_on
from tests.identity.attacks import ATTACKS, FAR, SESSIONS, Attack
from tests.identity.crafting import ORIGIN, PUBLISHED, shared, token
from tests.identity.issuer import Issuer, issuing, publishing
from tests.identity.signing import SECRET, KeyPair, key_pair

pytestmark = pytest.mark.anyio

CHALLENGE = 'Bearer realm="taskfold", error="invalid_token", error_description="'


@dataclass(slots=True)
class Untouched:
    """Stands where handlers find the database and the commands, and notes whoever comes."""

    visitors: list[str] = field(default_factory=list[str])

    def __getattr__(self, name: str) -> object:
        self.visitors.append(name)
        raise NotReadyError(name)


@pytest.fixture(scope="module")
async def issuer() -> AsyncGenerator[Issuer]:
    async with issuing(publishing(*PUBLISHED)) as issuer:
        yield issuer


@pytest.fixture(scope="module")
async def application(database_url: str, issuer: Issuer) -> AsyncGenerator[Running]:
    """The product, trusting both kinds of issuer."""
    async with running_on(
        database_url,
        better_auth_secret=(SecretStr(SECRET.decode()),),
        jwt_issuer=ORIGIN,
        jwt_audience=ORIGIN,
        jwks_url=issuer.jwks_url,
    ) as application:
        yield application


@pytest.fixture
def untouched() -> Untouched:
    return Untouched()


@pytest.fixture
async def attacker(
    application: Running, untouched: Untouched
) -> AsyncGenerator[httpx2.AsyncClient]:
    """Somebody at an application in which nobody has reached a handler yet."""
    ways = dict.fromkeys(("pool", "lookups", "handler"), untouched)
    state: Any = {**application.state, **ways}
    async with Running(application.app, state).client() as client:
        yield client


async def asked_with(client: httpx2.AsyncClient, text: str) -> list[httpx2.Response]:
    """Everything that can be asked with a token: to read, to write, to change."""
    headers = {"Authorization": f"Bearer {text}"}
    return [
        await client.get("/api/tasks", headers=headers),
        await client.post("/api/tasks", headers=headers, json={"title": "a"}),
        await client.delete("/api/tasks/1", headers=headers),
    ]


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
async def test_nobody_gets_in_with(
    attack: Attack, attacker: httpx2.AsyncClient, untouched: Untouched
) -> None:
    text = attack()
    with capture_logs() as logged:
        answers = await asked_with(attacker, text)
    for answer in answers:
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == f'{CHALLENGE}{answer.json()["detail"]}"'
        assert answer.json()["code"] == "unauthenticated"
    assert untouched.visitors == []
    parts = [part for part in text.split(".") if len(part) > 8]
    told = "".join([answer.text for answer in answers] + [str(event) for event in logged])
    assert [part for part in parts if part in told] == []


BELIEVED: Mapping[str, Attack] = {
    "the secret": shared,
    **{pair.algorithm: lambda pair=pair: token(by=pair) for pair in PUBLISHED},
}


@pytest.mark.parametrize("make_token", BELIEVED.values(), ids=BELIEVED.keys())
async def test_the_same_requests_reach_the_handlers_with_a_token_under(
    make_token: Attack, attacker: httpx2.AsyncClient, untouched: Untouched
) -> None:
    answers = await asked_with(attacker, make_token())
    assert {answer.json()["code"] for answer in answers} == {"not-ready"}
    assert len(untouched.visitors) == len(answers)


@pytest.mark.parametrize("attack", SESSIONS.values(), ids=SESSIONS.keys())
async def test_who_sends_a_session_is_told_what_to_send_instead(
    attack: Attack, attacker: httpx2.AsyncClient
) -> None:
    answer = await attacker.get("/api/tasks", headers={"Authorization": f"Bearer {attack()}"})
    told = answer.headers["www-authenticate"]
    assert any(reason in told for reason in (reasons.OPAQUE, reasons.COOKIE, reasons.UNREADABLE))


async def test_an_address_in_a_token_is_never_visited(
    attacker: httpx2.AsyncClient,
) -> None:
    theirs = key_pair("EdDSA", "somebody-else")
    async with issuing(publishing(theirs)) as trap:
        for name in ("jku", "x5u", "kid"):
            text = theirs.token({"iss": ORIGIN, "aud": ORIGIN}, {name: trap.jwks_url})
            assert {answer.status_code for answer in await asked_with(attacker, text)} == {401}
        assert trap.asked == []


async def test_all_these_attacks_make_the_issuer_be_asked_hardly_ever(
    attacker: httpx2.AsyncClient, issuer: Issuer
) -> None:
    before = len(issuer.asked)
    for number in range(200):
        text = KeyPair("EdDSA", f"{FAR}/{number}", key_pair("EdDSA").private).token()
        await attacker.get("/api/tasks", headers={"Authorization": f"Bearer {text}"})
    assert len(issuer.asked) <= before + 1
