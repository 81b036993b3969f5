import random

import pytest

from tests.http.application import Running
from tests.http.offline import Offline
from tests.http.test_sync import sync

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("seed", range(5))
async def test_two_devices_that_work_offline_come_to_the_same(
    application: Running, user_id: str, seed: int
) -> None:
    chance = random.Random(seed)
    async with application.client_of(user_id) as one, application.client_of(user_id) as other:
        devices = [Offline(one, chance, page=3), Offline(other, chance, page=200)]
        for _ in range(12):
            for device in devices:
                for _ in range(chance.randrange(6)):
                    device.work()
            for device in devices:
                if chance.random() < 0.6:
                    await device.meet()
        for device in [*devices, *devices]:
            await device.meet()
        truth = {task["id"]: task for task in (await sync(one))["tasks"]}
        assert devices[0].tasks == devices[1].tasks == truth
        assert [device.edits or device.drafts for device in devices] == [[], []]
        listed = (await one.get("/api/tasks?limit=200")).json()
        assert {task["id"]: task for task in listed} == truth
        assert sum(device.conflicts for device in devices) > 0
