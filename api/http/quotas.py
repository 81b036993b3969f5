"""How much of their quota everybody has used; in memory, and never more of it than allowed."""

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil

from api.rate import Rate
from api.settings import Settings

REMEMBERED = 50_000
"""Users or addresses counted at once (about 12 MB); beyond, the oldest window is forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What somebody may still do.

    Attributes:
        policy: What is counted: `user` or `address`.
        rate: How much there is of it.
        left: How much is left of it.
        reset: Seconds until all of it is there again.
        exceeded: Whether this request was one too many.
    """

    policy: str
    rate: Rate
    left: int
    reset: int
    exceeded: bool


@dataclass(slots=True)
class _Window:
    ends: float
    used: int = 0


class Quotas:
    """Counts by name. A window begins with its first request, so the oldest ends first.

    Every call is a few look-ups, however many are counted.

    Attributes:
        rate: How much everybody may do.
    """

    def __init__(self, policy: str, rate: Rate) -> None:
        self._policy = policy
        self.rate = rate
        self._windows = OrderedDict[str, _Window]()

    def take(self, name: str, now: float, cost: int = 1) -> Quota:
        """Count what somebody asks, at a time of a clock that only goes forward.

        What does not fit is not counted, so that less of it still may.
        """
        self._forget(now)
        window = self._windows.get(name)
        if window is None:
            window = self._windows[name] = _Window(now + self.rate.seconds)
        exceeded = window.used + cost > self.rate.quota
        window.used += 0 if exceeded else cost
        return Quota(
            policy=self._policy,
            rate=self.rate,
            left=self.rate.quota - window.used,
            reset=min(self.rate.seconds, ceil(window.ends - now)),
            exceeded=exceeded,
        )

    def __len__(self) -> int:
        return len(self._windows)

    def _forget(self, now: float) -> None:
        while self._windows:
            oldest = next(iter(self._windows.values()))
            if oldest.ends > now and len(self._windows) < REMEMBERED:
                return
            self._windows.popitem(last=False)


class RateLimits:
    """The quotas of an application; None where there is no limit."""

    def __init__(self, settings: Settings) -> None:
        user, address = settings.rate_limit_user, settings.rate_limit_address
        self.users = Quotas("user", user) if user else None
        self.addresses = Quotas("address", address) if address else None
