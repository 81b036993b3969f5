"""How long the parts of a token may be."""

TOKEN_LIMIT = 8 * 1024
"""Characters beyond which a token is refused unread."""

TICKET_LIMIT = 2 * 1024
"""Characters beyond which a ticket is refused unread; the longest user id makes 1,404 of them."""

SUBJECT_LIMIT = 255
"""Characters a user's id may have."""
