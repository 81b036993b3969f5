"""`taskfold log`: what can be done with the event log itself."""

import typer

from api.cli.log_export import export
from api.cli.log_import import import_
from api.cli.log_seal import seal
from api.cli.log_tail import tail
from api.cli.log_verify import verify

log = typer.Typer(
    no_args_is_help=True, help="Look at the event log, prove it, take it somewhere else."
)
log.command(epilog="Example: taskfold log tail --follow")(tail)
log.command(epilog="Example: taskfold log verify --seal monday.seal")(verify)
log.command(epilog="Example: taskfold log seal monday.seal")(seal)
log.command(epilog="Example: taskfold log export --user demo demo.jsonl.gz")(export)
log.command("import", epilog="Example: taskfold log import all.jsonl.gz")(import_)
