"""Counting requests and their time, by what no caller can make up: method, route, status."""

from http import HTTPMethod

from prometheus_client import CollectorRegistry, Histogram, disable_created_metrics

OTHER = "other"
"""Any method that a caller has made up; each would be a series of its own."""

UNMATCHED = "unmatched"
"""Where no route has answered. Never the path: that is the caller's words."""

_METHODS = frozenset(map(str, HTTPMethod))

# When a counter began is no news to anybody, and doubles the series.
disable_created_metrics()


class RequestMetrics:
    """What this application has answered since it began.

    Attributes:
        registry: Gives it to whoever scrapes.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "taskfold_http_request_duration_seconds",
            "How long requests took; status 0 is a caller who hung up.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._known = dict[tuple[str, str, str], Histogram]()

    def answered(self, *, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count an answer."""
        known = method if method in _METHODS else OTHER
        asked = (known, route or UNMATCHED, str(status))
        counted = self._known.get(asked)
        if counted is None:
            counted = self._known[asked] = self._seconds.labels(*asked)
        counted.observe(seconds)
