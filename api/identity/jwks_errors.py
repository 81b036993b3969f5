"""Why an issuer's keys are not had: one class per reason."""


class JwksError(Exception):
    """The root of every reason an issuer's keys are not had."""


class UnansweredError(JwksError):
    """The address does not answer in time or at all."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"it does not answer ({reason})")


class WrongAnswerError(JwksError):
    """The address answers with a status that brings no keys; a redirect is one of them."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"it answered {status}")


class AnswerTooLargeError(JwksError):
    """The answer is larger than any key set."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"it answered with more than {limit} bytes")


class NoKeySetError(JwksError):
    """The answer is something else."""

    def __init__(self) -> None:
        super().__init__("it answered with something that is no JSON Web Key Set")
