"""How long the parts of a token may be."""

TOKEN_LIMIT = 8 * 1024
"""Characters beyond which a token is refused unread."""

SUBJECT_LIMIT = 255
"""Characters a user's id may have."""
