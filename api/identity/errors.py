"""Why nobody could be recognised: one class per reason."""


class IdentityError(Exception):
    """The root of every reason a request's author is not known."""


class MissingTokenError(IdentityError):
    """The request carries no bearer token at all."""

    def __init__(self) -> None:
        super().__init__("Send a token in the header `Authorization: Bearer <token>`.")


class TokenRejectedError(IdentityError):
    """The request carries a token that cannot be believed."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class IssuerUnreachableError(IdentityError):
    """Whether the token can be believed is not known, because its issuer's keys are not."""

    def __init__(self) -> None:
        super().__init__("The keys of the token's issuer cannot be fetched at the moment.")
