"""Why a request was turned away before anybody was asked to act on it: one class per reason."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """What is wrong with one place of a request.

    Attributes:
        place: A JSON Pointer into the body as a URI fragment (`#/title`), or a parameter's name.
        detail: What is wrong there, as a sentence.
        in_body: Whether the place is in the body.
    """

    place: str
    detail: str
    in_body: bool


class HttpError(Exception):
    """The root of every reason a request was turned away."""


class MalformedBodyError(HttpError):
    """The body is not a JSON document."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"The body cannot be read as JSON: {reason}.")


class BodyTooLargeError(HttpError):
    """The body is longer than any request needs."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"The body is longer than {limit} bytes.")


class MediaTypeError(HttpError):
    """The body is of a type that this path does not read."""

    def __init__(self, found: str | None, accepted: tuple[str, ...]) -> None:
        self.found = found
        self.accepted = accepted
        fault = "is missing" if found is None else f"{found[:100]} is not read here"
        super().__init__(f"Content-Type {fault}; send {' or '.join(accepted)} in UTF-8.")


class ContentCodingError(HttpError):
    """The body is compressed."""

    def __init__(self) -> None:
        super().__init__("Content-Encoding is not understood here; send the body uncompressed.")


class InvalidFieldsError(HttpError):
    """Some fields or parameters do not hold what they must."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        self.errors = errors
        places = ", ".join(error.place for error in errors)
        super().__init__(f"Some of what was sent is not acceptable: {places}.")


class MalformedCursorError(HttpError):
    """The cursor is none that a list gave out."""

    def __init__(self) -> None:
        super().__init__("The cursor is not one this list gave; follow the Link of the last page.")


class MalformedTagsError(HttpError):
    """If-Match or If-None-Match holds something other than entity tags."""

    def __init__(self, header: str) -> None:
        self.header = header
        super().__init__(f'{header} must be * or entity tags in double quotes, such as "3".')


class NotModifiedError(HttpError):
    """The client has what it asks for already, under this entity tag."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        super().__init__("You have that already.")


class MissingConditionError(HttpError):
    """A change that must be conditional here does not say what it expects."""

    def __init__(self, errors: tuple[FieldError, ...] = ()) -> None:
        self.errors = errors
        missing = "expected_version with the version" if errors else "If-Match with the ETag"
        super().__init__(f"Send {missing} you have; changes here are conditional.")


class NotConfirmedError(HttpError):
    """Something that cannot be taken back was asked for without saying so."""

    def __init__(self, header: str, value: str) -> None:
        super().__init__(f"Send the header {header}: {value}; nothing brings erased data back.")


class ProofsBusyError(HttpError):
    """Too many logs are to be verified at the same time."""

    def __init__(self) -> None:
        super().__init__("Too many logs are being verified already; try again in a moment.")


class MalformedKeyError(HttpError):
    """Idempotency-Key holds something that cannot be a key."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(
            f"Idempotency-Key must be 1 to {limit} printable ASCII characters, quoted or not."
        )


class MalformedSequenceError(HttpError):
    """A header that names an event by its sequence holds something else."""

    def __init__(self, header: str) -> None:
        self.header = header
        super().__init__(f"{header} must be one non-negative integer, as in Taskfold-Sequence.")


class NotCaughtUpError(HttpError):
    """What is to be read does not hold yet what the caller wants to see in it."""

    def __init__(self, wanted: int, found: int) -> None:
        self.wanted = wanted
        self.found = found
        super().__init__(f"Your events are here up to {found} and not yet up to {wanted}.")


class NotAcceptableError(HttpError):
    """The caller cannot read what this path has to give."""

    def __init__(self, offered: str) -> None:
        self.offered = offered
        super().__init__(f"There is {offered} here, and Accept lets no such thing through.")


class NoTaskIdError(HttpError):
    """The path names something that cannot be a task's number."""

    def __init__(self) -> None:
        super().__init__("There is no such task; a task's id is a positive integer.")


class NoSequenceError(HttpError):
    """The path names something that cannot be an event's sequence."""

    def __init__(self) -> None:
        super().__init__("There is no such event; an event's sequence is a positive integer.")


class MomentNotReachedError(HttpError):
    """What is asked as of an event that has not happened yet."""

    def __init__(self, as_of: str) -> None:
        self.as_of = as_of
        super().__init__(f"Your log has no event {as_of} yet.")


class VersionNotFoundError(HttpError):
    """The path names a version that a task has never had."""

    def __init__(self, task_id: int, version: int) -> None:
        self.task_id = task_id
        self.version = version
        super().__init__(f"Task {task_id} has never had that version.")


class DeletedThenError(HttpError):
    """A task is asked for as of a moment at which it was deleted."""

    def __init__(self, task_id: int) -> None:
        self.task_id = task_id
        super().__init__(f"Task {task_id} was deleted then; its history tells what it was before.")


class UserMismatchError(HttpError):
    """The path names another user than the token."""

    def __init__(self) -> None:
        super().__init__("The user in the path is not the one your token is for.")


class NotReadyError(HttpError):
    """The process runs but cannot serve."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class ForbiddenError(HttpError):
    """The caller lacks the role that a path is for."""

    def __init__(self, role: str) -> None:
        self.role = role
        super().__init__(f"This takes a token with the role {role}.")


class NoUserIdError(HttpError):
    """The path names something that cannot be a user's id."""

    def __init__(self) -> None:
        super().__init__("There is no such user; an id is 1 to 255 printable characters.")
