"""`taskfold projections`: the read tables, and what keeps them up with the log."""

import typer

from api.cli.projections_cancel import cancel
from api.cli.projections_drop import drop
from api.cli.projections_list import list_
from api.cli.projections_pause import pause
from api.cli.projections_rebuild import rebuild
from api.cli.projections_resume import resume
from api.cli.projections_rollback import rollback
from api.cli.projections_run import run
from api.cli.projections_unskip import unskip
from api.cli.projections_verify import verify

projections = typer.Typer(
    no_args_is_help=True, help="Look at the read tables, and carry them on behind the log."
)
projections.command("list", epilog="Example: taskfold projections list --json")(list_)
projections.command(epilog="Example: taskfold projections run daily_activity")(run)
projections.command(epilog="Example: taskfold projections pause daily_activity")(pause)
projections.command(epilog="Example: taskfold projections resume daily_activity --skip demo/7")(
    resume
)
projections.command(epilog="Example: taskfold projections verify task --sample 1")(verify)
projections.command(epilog="Example: taskfold projections rebuild task --workers 2")(rebuild)
projections.command(epilog="Example: taskfold projections rollback task")(rollback)
projections.command(epilog="Example: taskfold projections drop task")(drop)
projections.command(epilog="Example: taskfold projections cancel task")(cancel)
projections.command(epilog="Example: taskfold projections unskip daily_activity demo/7")(unskip)
