"""Metrics of the process and its projections, as one moment shows them, for Prometheus."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from events.listener import Hearing
from projections.registry import PROJECTIONS
from projections.status.health import ProjectionHealth


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """A number that every projection has.

    Attributes:
        name: What it is called.
        says: What it tells.
        value: Reads it.
    """

    name: str
    says: str
    value: Callable[[ProjectionHealth], float]


PER_PROJECTION = (
    Gauge(
        name="taskfold_projection_lag_events",
        says="Events a projection has not applied yet.",
        value=lambda projection: projection.status.lag.events,
    ),
    Gauge(
        name="taskfold_projection_lag_seconds",
        says="Seconds between the last event a projection has applied and the last there is.",
        value=lambda projection: projection.status.lag.seconds,
    ),
    Gauge(
        name="taskfold_projection_oldest_unprocessed_seconds",
        says="The age of the oldest event a projection has not applied.",
        value=lambda projection: projection.status.lag.oldest_seconds,
    ),
    Gauge(
        name="taskfold_projection_paused",
        says="Whether a projection is stopped, by an operator or at an event.",
        value=lambda projection: projection.status.paused_at is not None,
    ),
    Gauge(
        name="taskfold_projection_failed",
        says="Whether a projection has stopped at an event that it cannot apply.",
        value=lambda projection: projection.status.failed_at is not None,
    ),
    Gauge(
        name="taskfold_projection_outdated",
        says="Whether a table is not filled yet, or was filled by an older version of the code.",
        value=lambda projection: projection.is_outdated,
    ),
    Gauge(
        name="taskfold_projection_generation",
        says="Which of a projection's tables is live; each rebuild makes the next.",
        value=lambda projection: projection.status.generation,
    ),
    Gauge(
        name="taskfold_projection_skipped_events",
        says="Events that a projection was told to pass over.",
        value=lambda projection: len(projection.status.skips),
    ),
    Gauge(
        name="taskfold_projection_differences",
        says="Rows that a rebuild under way has found not to equal history.",
        value=lambda projection: projection.differences,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What is known when metrics are asked for.

    Attributes:
        requests: What was answered so far.
        projections: How they are; None when the database cannot say.
        hearing: How this process learns of what others append.
        lost: How often its listening connection was lost.
        stalled: For how many seconds writers have kept readers waiting.
        waiting: How many commands wait for the database.
        streams: How many live streams are open.
        checked: How many users the routine check has looked at.
        found: In how many rows of each projection it has found something.
    """

    requests: CollectorRegistry
    projections: Sequence[ProjectionHealth] | None
    hearing: Hearing
    lost: int
    stalled: float
    waiting: int
    streams: int
    checked: int
    found: Mapping[str, int]

    def collect(self) -> Iterator[Metric]:
        """Give everything; what only the database knows is left out while that is away."""
        yield from self._of_the_process()
        if self.projections is not None:
            yield from _of_projections(self.projections)
            yield from _of_rebuilds(self.projections)
        yield from self.requests.collect()

    def _of_the_process(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "taskfold_ready",
            "Whether the database answers and has the right schema.",
            value=self.projections is not None,
        )
        yield GaugeMetricFamily(
            "taskfold_commands_waiting",
            "Commands that wait for the database.",
            value=self.waiting,
        )
        yield GaugeMetricFamily(
            "taskfold_streams_open", "Live streams that are open.", value=self.streams
        )
        yield GaugeMetricFamily(
            "taskfold_mark_stalled_seconds",
            "Seconds for which writers that do not end have kept async projections from going on.",
            value=self.stalled,
        )
        state = GaugeMetricFamily(
            "taskfold_listener",
            "How this process learns of what others append: 1 at the state that is true.",
            labels=["state"],
        )
        for hearing in Hearing:
            state.add_metric([hearing], hearing is self.hearing)
        yield state
        yield CounterMetricFamily(
            "taskfold_listener_lost", "How often the listening connection was lost.", self.lost
        )
        yield from self._of_the_routine_check()

    def _of_the_routine_check(self) -> Iterator[Metric]:
        yield CounterMetricFamily(
            "taskfold_checked_users",
            "Users whose rows the routine check has compared with history.",
            self.checked,
        )
        found = CounterMetricFamily(
            "taskfold_check_differences",
            "Rows that the routine check has found not to equal history.",
            labels=["projection"],
        )
        for name in PROJECTIONS:
            found.add_metric([name], self.found.get(name, 0))
        yield found


def _of_projections(projections: Sequence[ProjectionHealth]) -> Iterator[Metric]:
    for gauge in PER_PROJECTION:
        family = GaugeMetricFamily(gauge.name, gauge.says, labels=["projection"])
        for projection in projections:
            family.add_metric([projection.status.name], gauge.value(projection))
        yield family


def _of_rebuilds(projections: Sequence[ProjectionHealth]) -> Iterator[Metric]:
    labels = ["projection", "phase"]
    done = GaugeMetricFamily(
        "taskfold_rebuild_events_done",
        "Events a rebuild has worked through in its phase.",
        labels=labels,
    )
    total = GaugeMetricFamily(
        "taskfold_rebuild_events", "Events a rebuild has to work through in all.", labels=labels
    )
    rate = GaugeMetricFamily(
        "taskfold_rebuild_events_per_second",
        "How fast a rebuild works through events in its phase.",
        labels=labels,
    )
    left = GaugeMetricFamily(
        "taskfold_rebuild_seconds_left",
        "How long the phase of a rebuild will still take at that rate.",
        labels=labels,
    )
    for status in (projection.status for projection in projections):
        if (rebuild := status.rebuild) is not None:
            place = [status.name, rebuild.phase]
            done.add_metric(place, rebuild.done)
            total.add_metric(place, rebuild.events)
            rate.add_metric(place, rebuild.rate)
            if rebuild.seconds_left is not None:
                left.add_metric(place, rebuild.seconds_left)
    yield from (done, total, rate, left)
