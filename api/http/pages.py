"""Pages of a list: how long, where it begins, and where the next one is."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from api.http.cursor import before

LONGEST = 200
USUAL = 50


class PageQuery(BaseModel):
    """Which page of a list; a parameter that is not known is refused, as it would select less."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=USUAL, ge=1, le=LONGEST, description="The most tasks to give.")
    cursor: str | SkipJsonSchema[None] = Field(
        default=None, description="Where to go on; part of the address in the Link header."
    )

    def before(self) -> int | None:
        """Give the task number that everything on the page is below.

        Raises:
            MalformedCursorError: The cursor is not one of ours.
        """
        return None if self.cursor is None else before(self.cursor)


def next_link(address: str, *, limit: int, cursor: str) -> str:
    """Give the Link header that leads to the next page (RFC 8288)."""
    return f'<{address}?{urlencode({"limit": limit, "cursor": cursor})}>; rel="next"'


Page = Annotated[PageQuery, Query()]
