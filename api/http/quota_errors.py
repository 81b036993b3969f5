"""Why more was asked than anybody may: one class per reason."""

from api.http.errors import HttpError


class QuotaExceededError(HttpError):
    """More was asked than there is a quota for."""

    def __init__(self, policy: str, rate: str, reset: int) -> None:
        self.policy = policy
        self.rate = rate
        self.reset = reset
        super().__init__(f"The limit is {rate} for each {policy}; it begins anew in {reset} s.")


class BatchTooLargeError(HttpError):
    """A batch has more commands than there is ever a quota for, so waiting is of no use."""

    def __init__(self, rate: str, commands: int, most: int) -> None:
        self.rate = rate
        self.commands = commands
        self.most = most
        super().__init__(
            f"The limit is {rate} for each user, and {commands} commands would never fit; "
            f"send at most {most} at once."
        )
