"""One kind of problem, under the code and address that never change."""

from dataclasses import dataclass

PREFIX = "/api/problems/"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemType:
    """One kind of problem.

    Attributes:
        code: Its stable name, for programs.
        status: The HTTP status it comes with.
        title: What it is, in a few words that never change.
        remedy: What the caller can do, as a sentence.
    """

    code: str
    status: int
    title: str
    remedy: str

    @property
    def uri(self) -> str:
        """Where the problem is described; the `type` of RFC 9457."""
        return PREFIX + self.code
