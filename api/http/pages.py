"""Pages of a list: how long, where it begins, and where the next one is."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from api.http.cursor import seen

LONGEST = 200
USUAL = 50


class PageQuery(BaseModel):
    """Which page of a list; a parameter that is not known is refused, as it would select less."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=USUAL, ge=1, le=LONGEST, description="The most to give at once.")
    cursor: str | SkipJsonSchema[None] = Field(
        default=None, description="Where to go on; part of the address in the Link header."
    )

    def seen(self, of: str) -> int | None:
        """Give the number of the last item that pages before this one have shown of a list.

        Raises:
            MalformedCursorError: The list never gave the cursor out.
        """
        return None if self.cursor is None else seen(of, self.cursor)


def shown[T](found: list[T], limit: int, response: Response, link: Callable[[T], str]) -> list[T]:
    """Give a page of what was found for it: one more than asked tells that there is a next page.

    Args:
        found: The items, at most one more than the page may have.
        limit: How many it may have.
        response: Where the Link header goes.
        link: Gives the header from the last item shown.
    """
    page = found[:limit]
    if len(found) > limit:
        response.headers["Link"] = link(page[-1])
    return page


def next_link(address: str, **query: str | int | list[str]) -> str:
    """Give the Link header that leads to the next page (RFC 8288)."""
    return f'<{address}?{urlencode(query, doseq=True)}>; rel="next"'


Page = Annotated[PageQuery, Query()]
