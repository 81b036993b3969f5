"""Why something failed, told without a word of what people wrote."""


def reason(error: BaseException) -> str:
    """Name the classes of an error and its causes, since their messages may quote an event."""
    name = type(error).__name__
    return name if error.__cause__ is None else f"{name}: {reason(error.__cause__)}"
