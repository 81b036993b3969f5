"""Why a token is not believed: every sentence a caller may be told, none repeating the token."""

from api.identity.limits import SUBJECT_LIMIT, TOKEN_LIMIT

SEVERAL = "Send one Authorization header, not several."
TOO_LONG = f"The token is longer than {TOKEN_LIMIT} characters."
UNREADABLE = (
    "The token cannot be read as a JSON Web Token; "
    "send the one from the issuer's JWT endpoint, not a session token."
)
OPAQUE = (
    "This is a session token of Better Auth; "
    "send the JSON Web Token that its /api/auth/token gives."
)
COOKIE = (
    "This is a session cookie of Better Auth; "
    "send the JSON Web Token that its /api/auth/token gives."
)
WRONG_TYPE = "The token is of a type that is no access token."
AMBIGUOUS = "The token says something twice."
UNKNOWN_EXTENSION = "The token demands an extension that is not known here."
WRONG_ALGORITHM = "The token is signed with an algorithm that is not accepted here."
NOTHING_SHARED = (
    "The token is signed with a shared secret and none is known here; set BETTER_AUTH_SECRET."
)
NOBODY_TRUSTED = (
    "The token is signed with a key pair and no issuer is known here; set BETTER_AUTH_URL."
)
NO_KEY_NAMED = "The token does not say which key has signed it."
UNKNOWN_KEY = "The token is signed with a key that its issuer does not publish."
WRONG_SIGNATURE = "The token's signature does not match."
EXPIRED = "The token has expired; get a new one."
NOT_YET_VALID = "The token is not valid yet."
WRONG_AUDIENCE = "The token is meant for another audience."
UNEXPECTED_AUDIENCE = "The token names an audience; set JWT_AUDIENCE to the one to accept."
WRONG_ISSUER = "The token comes from another issuer."
TICKET = "The ticket has been redeemed, is too old, or is none of ours; get a new one."
UNUSABLE_SUBJECT = f"The token's sub claim must be 1 to {SUBJECT_LIMIT} printable characters."


def missing(claim: str) -> str:
    """Say which claim of ours is not there."""
    return f"The token has no {claim} claim."
