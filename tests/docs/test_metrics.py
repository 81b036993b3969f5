from prometheus_client import Metric

from api.http.metrics import PER_PROJECTION, Moment
from api.http.request_metrics import RequestMetrics
from events.listener import Hearing
from tests.docs.documents import README, rows, section


def families() -> list[Metric]:
    """Everything that can be scraped."""
    moment = Moment(
        requests=RequestMetrics().registry,
        projections=(),
        hearing=Hearing.LOST,
        lost=0,
        stalled=0.0,
        waiting=0,
        streams=0,
        checked=0,
        found={},
    )
    return list(moment.collect())


def test_the_readme_lists_every_metric_with_what_it_tells() -> None:
    documented = rows(section(README, "Deploying"))
    metrics = [
        [family.name + ("_total" if family.type == "counter" else ""), family.documentation]
        for family in families()
    ]
    assert metrics == [
        [row[0].strip("`"), row[2]] for row in documented if row[0].startswith("`taskfold_")
    ]


def test_every_metric_is_ours_by_name_and_says_a_sentence() -> None:
    for family in families():
        assert family.name.startswith("taskfold_")
        assert family.documentation.endswith(".")
    assert len({gauge.name for gauge in PER_PROJECTION}) == len(PER_PROJECTION)
