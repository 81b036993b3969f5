"""How much of a request's head is read, and for how long a client is waited for."""

HEAD_LIMIT = 64 * 1024
"""Bytes of the request line and all headers together; eight times the longest token."""

HEADER_LIMIT = 100
"""Headers of one request."""

HEAD_SECONDS = 10.0
"""How long a request's head may take, from the connection or its first byte on."""

BODY_SECONDS = 60.0
"""How long a request's body may take after its head."""

WRITE_SECONDS = 60.0
"""How long what is written may wait for its reader: what the system and 64 KiB of ours do not hold,
or what is left when the connection closes; anew, as long as the reader keeps up with the floor."""

WRITE_FLOOR = 4 * 1024
"""Bytes a second that a reader takes at least: as slow as the slowest mobile networks."""

LINGER_SECONDS = 2.0
"""How long a refused connection stays open, so that its sender can read the answer."""

DISCARD_LIMIT = 1024 * 1024
"""Bytes of a body nobody reads that are still taken, so that its sender can read the answer."""
