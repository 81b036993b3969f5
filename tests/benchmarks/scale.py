"""How much is measured: everything a benchmark does grows with one choice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The sizes of one choice.

    Attributes:
        name: What it is called on the command line.
        rounds: How often each contender has its turn.
        warm_up: Whether a first round is thrown away.
        seconds: How long a turn takes.
        in_flight: How many commands a contender may have under way; the best of them counts.
        connections: Connections of the load on HTTP services.
        users: People in the table that services are asked about.
        tasks_of_a_user: Tasks each of them has.
        events: Events that are rebuilt.
        many_events: Events of a rebuild that must not take more memory.
        deep: Events of the store that must not be slower than one of `shallow`.
        shallow: Events of the small store.
        growth: The largest size of each axis along which cost is plotted.
    """

    name: str
    rounds: int
    warm_up: bool
    seconds: float
    in_flight: tuple[int, ...]
    connections: int
    users: int
    tasks_of_a_user: int
    events: int
    many_events: int
    deep: int
    shallow: int
    growth: int


SMOKE = Scale(
    name="smoke",
    rounds=1,
    warm_up=False,
    seconds=0.1,
    in_flight=(4,),
    connections=4,
    users=10,
    tasks_of_a_user=5,
    events=200,
    many_events=400,
    deep=400,
    shallow=200,
    growth=100,
)
QUICK = Scale(
    name="quick",
    rounds=3,
    warm_up=True,
    seconds=2,
    in_flight=(16, 64),
    connections=64,
    users=1_000,
    tasks_of_a_user=50,
    events=50_000,
    many_events=200_000,
    deep=200_000,
    shallow=20_000,
    growth=10_000,
)
FULL = Scale(
    name="full",
    rounds=3,
    warm_up=True,
    seconds=8,
    in_flight=(1, 16, 64),
    connections=64,
    users=20_000,
    tasks_of_a_user=50,
    events=1_000_000,
    many_events=10_000_000,
    deep=10_000_000,
    shallow=100_000,
    growth=100_000,
)

SCALES = {scale.name: scale for scale in (SMOKE, QUICK, FULL)}
