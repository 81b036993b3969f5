"""Places with services in them: ours alone on an empty store, and all of them on filled ones."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from tests.benchmarks.bench import Bench
from tests.benchmarks.references.crud import crud_table
from tests.benchmarks.services import Service, crud, taskfold
from tests.benchmarks.store.fill import fill
from tests.benchmarks.tokens import Identity, identity, user_ids

OURS, OURS_EDDSA = "taskfold", "taskfold with EdDSA"
WELL, TUTORIAL = "well-written CRUD", "tutorial CRUD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """Our service, the database it serves from, and who signs tokens for it."""

    service: Service
    url: str
    identity: Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Ours, also asked with tokens of the other kind, and the references."""

    ours: Ours
    eddsa: Service
    well: Service
    tutorial: Service

    @property
    def beside(self) -> tuple[Service, Service, Service]:
        """Those that take turns with ours."""
        return self.eddsa, self.well, self.tutorial


@asynccontextmanager
async def our_service(bench: Bench) -> AsyncGenerator[Ours]:
    """Serve ours alone, with nothing in its store yet."""
    async with (
        bench.migrated() as url,
        bench.python("load.generator") as load,
        identity(bench.directory) as issuer,
        taskfold(bench, load, url, issuer) as service,
    ):
        await service.ready()
        yield Ours(service=service, url=url, identity=issuer)


@asynccontextmanager
async def services(bench: Bench) -> AsyncGenerator[Services]:
    """Serve ours and both references, each on tables of its own with as many tasks."""
    users, tasks = bench.scale.users, bench.scale.tasks_of_a_user
    people = user_ids(users)
    async with AsyncExitStack() as use:
        url = await use.enter_async_context(bench.migrated())
        well = await use.enter_async_context(bench.empty())
        tutorial = await use.enter_async_context(bench.empty())
        bench.say(f"filling stores with {users * tasks:,} tasks of {users:,} users")
        fill(url, people, tasks=tasks)
        crud_table(well, bench.scale)
        crud_table(tutorial, bench.scale)
        issuer = await use.enter_async_context(identity(bench.directory))
        load = await use.enter_async_context(bench.python("load.generator"))
        tokens = str(issuer.shared(people))
        opened = (
            taskfold(bench, load, url, issuer, name=OURS),
            crud(bench, load, "crud_well", well, issuer, name=WELL),
            crud(bench, load, "crud_tutorial", tutorial, issuer, name=TUTORIAL),
        )
        ours, *others = [
            (await use.enter_async_context(service)).asked(tokens=tokens, tasks_of_a_user=tasks)
            for service in opened
        ]
        for service in (ours, *others):
            await service.ready()
        yield Services(
            ours=Ours(service=ours, url=url, identity=issuer),
            eddsa=ours.asked(OURS_EDDSA, tokens=str(issuer.published(people))),
            well=others[0],
            tutorial=others[1],
        )
