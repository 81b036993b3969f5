"""A list that is being walked: what its first page was asked for, and where this one begins."""

from dataclasses import dataclass
from datetime import datetime

from api.http.errors import MalformedCursorError
from api.http.signed_cursor import CursorSigner
from api.http.task_query import PAGE, TaskQuery
from events import clock
from projections.queries.listing import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A list that is being walked.

    Attributes:
        query: What the first page was asked for.
        at: When it was asked for, or what time it was at the moment it was asked for.
        as_of: The moment it was asked for; after the first page, always a sequence.
        after: The place after which this page begins.
    """

    query: TaskQuery
    at: datetime
    as_of: str | None
    after: Place | None = None


def begun(asked: TaskQuery, user_id: str, signer: CursorSigner) -> Begun:
    """Give what the first page was asked for, and after which place this one begins.

    Raises:
        MalformedCursorError: The cursor is not this person's, or not of this question.
    """
    if asked.cursor is None:
        return Begun(query=asked, at=clock.now(), as_of=asked.as_of)
    mark = signer.read(user_id, asked.cursor)
    if asked.model_fields_set - PAGE and asked.asked() != mark.asked:
        raise MalformedCursorError
    return Begun(
        query=TaskQuery.model_validate({**mark.asked, "limit": asked.limit}),
        at=datetime.fromisoformat(mark.began_at),
        as_of=None if mark.as_of is None else str(mark.as_of),
        after=Place(mark.key, mark.task_id),
    )
