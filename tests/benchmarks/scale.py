"""How much is measured: everything a benchmark does grows with one choice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The sizes of one choice.

    Attributes:
        name: What it is called on the command line.
        takes: How long a run takes on two cores that have nothing else to do.
        rounds: How often each contender has its turn.
        warm_up: Whether a first round is thrown away.
        seconds: How long a turn takes.
        in_flight: How many commands a contender may have under way; the best of them counts.
        connections: Connections of the load on HTTP services.
        users: People in the table that services are asked about.
        tasks_of_a_user: Tasks each of them has.
        events: Events that are rebuilt.
        shallow: Events of a small store.
        deep: Events of a very large one, which must not be slower nor take more memory.
        growth: The largest size of each axis along which cost is plotted.
    """

    name: str
    takes: str
    rounds: int
    warm_up: bool
    seconds: float
    in_flight: tuple[int, ...]
    connections: int
    users: int
    tasks_of_a_user: int
    events: int
    shallow: int
    deep: int
    growth: int


SMOKE = Scale(
    name="smoke",
    takes="a minute",
    rounds=1,
    warm_up=False,
    seconds=0.02,
    in_flight=(4,),
    connections=4,
    users=10,
    tasks_of_a_user=5,
    events=200,
    shallow=200,
    deep=400,
    growth=10,
)
QUICK = Scale(
    name="quick",
    takes="10 minutes",
    rounds=3,
    warm_up=True,
    seconds=2,
    in_flight=(16, 64),
    connections=64,
    users=1_000,
    tasks_of_a_user=50,
    events=50_000,
    shallow=20_000,
    deep=200_000,
    growth=10_000,
)
FULL = Scale(
    name="full",
    takes="half an hour",
    rounds=3,
    warm_up=True,
    seconds=4,
    in_flight=(16, 64),
    connections=64,
    users=20_000,
    tasks_of_a_user=50,
    events=1_000_000,
    shallow=100_000,
    deep=10_000_000,
    growth=100_000,
)

SCALES = {scale.name: scale for scale in (SMOKE, QUICK, FULL)}
