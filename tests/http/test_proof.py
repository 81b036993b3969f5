"""The proof of one's own log."""

import httpx2
import psycopg
import pytest

from api.http.proofs import Proofs
from commands.handler import open_handler
from commands.tasks import CreateTask, EditTask
from events.database import Pool, open_pool
from events.finding import Kind
from projections.inline import project
from tests.databases import database, prepare
from tests.http.test_personal_data import ERASE, busy
from tests.people import asking

pytestmark = pytest.mark.anyio


async def test_a_log_in_order_is_proved_up_to_its_head(client: httpx2.AsyncClient) -> None:
    await busy(client)
    proof = (await client.get("/api/audit/proof")).json()
    assert (proof["valid"], proof["complete"], proof["damaged"]) == (True, True, None)
    assert (proof["sequence"], proof["verified_through"], proof["checked"]) == (5, 5, 5)
    last = (await client.get("/api/me/export")).text.splitlines()[-2]
    assert proof["chain"] in last


async def test_what_was_verified_is_not_verified_again_unless_asked(
    client: httpx2.AsyncClient,
) -> None:
    await busy(client)
    await client.get("/api/audit/proof")
    await client.post("/api/tasks", json={"title": "more"})
    proof = (await client.get("/api/audit/proof")).json()
    assert (proof["checked"], proof["verified_through"], proof["valid"]) == (1, 6, True)
    proof = (await client.get("/api/audit/proof?full=true")).json()
    assert (proof["checked"], proof["verified_through"], proof["valid"]) == (6, 6, True)


async def test_an_erased_log_is_proved(client: httpx2.AsyncClient) -> None:
    await busy(client)
    await client.get("/api/audit/proof")
    await client.delete("/api/me", headers=ERASE)
    proof = (await client.get("/api/audit/proof")).json()
    assert (proof["valid"], proof["sequence"], proof["checked"]) == (True, 6, 6)
    assert (proof["erased_through"], proof["redacted"]) == (5, 5)


async def test_who_has_no_log_has_nothing_wrong_with_it(client: httpx2.AsyncClient) -> None:
    proof = (await client.get("/api/audit/proof")).json()
    assert (proof["valid"], proof["complete"], proof["sequence"]) == (True, True, 0)


async def test_a_proof_is_of_nobody_else(
    client: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    await busy(client)
    assert (await stranger.get("/api/audit/proof")).json()["sequence"] == 0


async def written(pool: Pool, events: int) -> None:
    async with open_handler(pool, project, queue_limit=9) as handler:
        await handler.handle(asking("ada"), CreateTask(title="a"))
        for number in range(events - 1):
            await handler.handle(asking("ada"), EditTask(task_id=1, title=str(number)))


EDITS = {
    'update taskfold.event set data = \'{"title": "x"}\' where sequence = 3': (3, Kind.CONTENTS),
    "update taskfold.event set data = 'null', metadata = 'null' where sequence = 2": (
        2,
        Kind.EMPTIED,
    ),
    "delete from taskfold.event where sequence = 4": (4, Kind.REMOVED),
    "delete from taskfold.event where sequence = 7": (7, Kind.TRUNCATED),
    "update taskfold.user_log set sequence = 6": (7, Kind.HEAD),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("limit", [3, 1_000])
async def test_the_first_damage_is_named_however_small_the_steps(
    server_url: str, edit: str, limit: int
) -> None:
    with database(server_url) as url:
        prepare(url)
        async with open_pool(url, size=3) as pool:
            await written(pool, 7)
            with psycopg.connect(url) as owner:
                owner.execute("grant update, delete on taskfold.event to current_user")
                owner.execute("alter table taskfold.event disable trigger user")
                owner.execute(edit.encode())
            proofs = Proofs(limit=limit)
            while True:
                proof, _ = await proofs.prove(pool, "ada", anew=False)
                if proof.is_complete or proof.finding:
                    break
    assert proof.finding is not None
    found = (proof.finding.sequence, proof.finding.kind)
    # A step that ends there does not see what follows, which tells what was done.
    assert found == EDITS[edit] or (limit == 3 and found[0] == EDITS[edit][0])


async def test_a_long_log_is_proved_in_steps(server_url: str) -> None:
    with database(server_url) as url:
        prepare(url)
        async with open_pool(url, size=3) as pool:
            await written(pool, 7)
            proofs = Proofs(limit=3)
            seen = [await proofs.prove(pool, "ada", anew=False) for _ in range(3)]
    assert [(proof.checked, proof.is_complete) for proof, _ in seen] == [
        (3, False),
        (3, False),
        (1, True),
    ]
    assert all(proof.finding is None for proof, _ in seen)
