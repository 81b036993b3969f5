"""How long and how hard the slow proofs are to be run; the suite uses their short form."""

import os

SECONDS = float(os.environ.get("SLOW_PROOF_SECONDS", "3"))
"""How long writers write while a follower follows."""

ROUNDS = int(os.environ.get("SLOW_PROOF_ROUNDS", "3"))
"""How often something is killed under load."""

WITHOUT_BARRIER = "SLOW_PROOF_WITHOUT_BARRIER" in os.environ
"""Take the read barrier out, to show what it is there for: the test must then fail."""

LOG_EVENTS = int(os.environ.get("SLOW_PROOF_EVENTS", "20000"))
"""How many events are rebuilt while others write and read."""

EXAMPLES = int(os.environ.get("SLOW_PROOF_EXAMPLES", "2"))
"""How many requests are invented for each operation of the API, in each way of inventing."""

WRITERS = int(os.environ.get("SLOW_PROOF_WRITERS", "1"))
READERS = int(os.environ.get("SLOW_PROOF_READERS", "1"))
"""How many processes write and read meanwhile."""

PAST_EVENTS = int(os.environ.get("SLOW_PROOF_PAST_EVENTS", "20000"))
"""How many events each of the people has whose past is read."""

TASKS = int(os.environ.get("SLOW_PROOF_TASKS", "100000"))
"""How many tasks are in the table whose lists are planned."""

STREAMS = int(os.environ.get("SLOW_PROOF_STREAMS", "50"))
"""How many live streams are open at once."""
