import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta

import httpx2
import pytest

from api.http.security_headers import NEVER_STORED
from api.identity import tickets
from api.identity.claims import LEEWAY
from api.identity.issue import issue_token
from events import clock
from tests.http.application import SECRET, Running, running_on, token_of
from tests.http.listening import STREAM, listening
from tests.http.logged import logged_requests
from tests.http.serving import served
from tests.projections.watch import eventually

pytestmark = pytest.mark.anyio

TICKET = "/api/events/ticket"


@pytest.fixture
async def browser(application: Running) -> AsyncGenerator[httpx2.AsyncClient]:
    """Somebody who cannot send headers, over the network."""
    async with (
        served(application) as (host, port),
        httpx2.AsyncClient(base_url=f"http://{host}:{port}") as browser,
    ):
        yield browser


async def bought(client: httpx2.AsyncClient) -> str:
    answer = await client.post(TICKET)
    assert answer.status_code == 201
    return str(answer.json()["ticket"])


async def test_a_ticket_opens_a_stream_of_whoever_bought_it(
    client: httpx2.AsyncClient, browser: httpx2.AsyncClient
) -> None:
    answer = await client.post(TICKET)
    ticket = answer.json()
    assert answer.headers["cache-control"] == NEVER_STORED
    assert ticket["url"] == f"{client.base_url}{STREAM}?ticket={ticket['ticket']}".replace(
        "//api", "/api"
    )
    left = datetime.fromisoformat(ticket["expires_at"]) - clock.now()
    assert timedelta(seconds=25) < left <= tickets.LIFETIME
    await client.post("/api/tasks", json={"title": "a"})
    async with listening(browser, f"{STREAM}?ticket={ticket['ticket']}&after=0") as stream:
        assert (await stream.next()).event == "start"
        assert (await stream.next()).event == "TaskCreated"


async def test_a_ticket_is_redeemed_once_whichever_process_is_asked(
    client: httpx2.AsyncClient,
    browser: httpx2.AsyncClient,
    database_url: str,
) -> None:
    async with (
        running_on(database_url) as other,
        served(other) as (host, port),
        httpx2.AsyncClient(base_url=f"http://{host}:{port}") as elsewhere,
    ):
        for _ in range(5):
            address = f"{STREAM}?ticket={await bought(client)}"

            async def asked(who: httpx2.AsyncClient, address: str = address) -> int:
                async with who.stream("GET", address) as answer:
                    return answer.status_code

            statuses = await asyncio.gather(*map(asked, [browser, elsewhere] * 3))
            assert sorted(statuses) == [200, 401, 401, 401, 401, 401]


async def test_a_ticket_that_is_too_old_is_refused_and_swept(
    application: Running,
    client: httpx2.AsyncClient,
    browser: httpx2.AsyncClient,
    user_id: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tickets, "LIFETIME", timedelta())
    refused = await browser.get(f"{STREAM}?ticket={await bought(client)}")
    assert refused.status_code == 401
    assert refused.json()["detail"] == (
        "The ticket has been redeemed, is too old, or is none of ours; get a new one."
    )
    await application.state["tickets"].sweep(clock.now())
    query = "select count(*) from taskfold.stream_ticket where user_id = %s"
    async with application.state["pool"].connection() as connection:
        assert await (await connection.execute(query, (user_id,))).fetchone() == (0,)


@pytest.mark.parametrize("made_up", ["{0}A", "A{0}", "\xe9", "", "!", "{0}" * 40])
async def test_what_is_no_ticket_is_refused(
    client: httpx2.AsyncClient, browser: httpx2.AsyncClient, made_up: str
) -> None:
    address = f"{STREAM}?ticket={made_up.format(await bought(client))}"
    assert (await browser.get(address)).status_code == 401


async def test_two_tickets_are_none(
    client: httpx2.AsyncClient, browser: httpx2.AsyncClient
) -> None:
    address = f"{STREAM}?ticket={await bought(client)}&ticket={await bought(client)}"
    assert (await browser.get(address)).status_code == 401


async def test_a_stream_ends_with_the_token_its_ticket_was_bought_with(
    application: Running, browser: httpx2.AsyncClient, user_id: str
) -> None:
    lifetime = timedelta(seconds=1 - LEEWAY)
    short = issue_token(SECRET.encode(), user_id=user_id, now=clock.now(), lifetime=lifetime)
    async with application.client(Authorization=f"Bearer {short}") as client:
        ticket = await bought(client)
    async with listening(browser, f"{STREAM}?ticket={ticket}") as stream:
        assert (await stream.until("end"))[-1].said == {"reason": "expired"}


async def test_a_ticket_is_kept_as_a_hash_and_never_logged(
    application: Running,
    client: httpx2.AsyncClient,
    browser: httpx2.AsyncClient,
    user_id: str,
) -> None:
    with logged_requests() as logged:
        ticket = await bought(client)
        query = "select * from taskfold.stream_ticket where user_id = %s"
        async with application.state["pool"].connection() as connection:
            kept = await (await connection.execute(query, (user_id,))).fetchall()
        async with browser.stream("GET", f"{STREAM}?ticket={ticket}"):
            pass
        await browser.get(f"{STREAM}?ticket={ticket}")
    assert len(logged) >= 2
    assert len(kept) == 1
    for said in (repr(logged), repr(kept)):
        assert ticket not in said


async def test_a_ticket_is_bought_with_a_token(anonymous: httpx2.AsyncClient) -> None:
    assert (await anonymous.post(TICKET)).status_code == 401


async def test_made_up_tickets_are_counted_by_address_and_good_ones_by_user(
    database_url: str, user_id: str
) -> None:
    async with (
        running_on(database_url, rate_limit_address="2/minute", rate_limit_user="90/minute") as app,
        served(app) as (host, port),
        app.client_of(user_id) as client,
        httpx2.AsyncClient(base_url=f"http://{host}:{port}") as browser,
    ):
        found = [(await browser.get(f"{STREAM}?ticket=x")).status_code for _ in range(3)]
        assert found == [401, 401, 429]
        async with browser.stream("GET", f"{STREAM}?ticket={await bought(client)}") as answer:
            assert answer.status_code == 200
            assert answer.headers["ratelimit-policy"] == '"user";q=90;w=60'


async def test_a_ticket_is_still_good_when_its_request_was_refused(
    database_url: str, user_id: str
) -> None:
    async with (
        running_on(database_url, stream_limit_user=1, rate_limit_user="5/minute") as app,
        served(app) as (host, port),
        app.client_of(user_id) as client,
        httpx2.AsyncClient(base_url=f"http://{host}:{port}") as browser,
    ):
        address = f"{STREAM}?ticket={await bought(client)}"
        assert (await browser.get(f"{address}&afte=0")).status_code == 422
        async with listening(browser, Authorization=f"Bearer {token_of(user_id)}"):
            assert (await browser.get(address)).json()["code"] == "too-many-streams"
        await eventually(lambda: not app.state["streams"])
        async with browser.stream("GET", address) as answer:
            assert answer.status_code == 200
        assert (await browser.get(address)).status_code == 401


async def test_a_ticket_that_is_spent_takes_nothing_of_its_users_quota(
    database_url: str, user_id: str
) -> None:
    async with (
        running_on(database_url, rate_limit_user="3/minute") as app,
        served(app) as (host, port),
        app.client_of(user_id) as client,
        httpx2.AsyncClient(base_url=f"http://{host}:{port}") as browser,
    ):
        address = f"{STREAM}?ticket={await bought(client)}"
        async with browser.stream("GET", address) as answer:
            assert answer.headers["ratelimit"].startswith('"user";r=1;')
        for _ in range(3):
            assert (await browser.get(address)).status_code == 401
        assert (await client.get("/api/tasks")).status_code == 200
