"""`taskfold user`: what can be done with all the data of one user."""

import typer

from api.cli.user_erase import erase
from api.cli.user_export import export

user = typer.Typer(no_args_is_help=True, help="Hand out or erase all that one user has here.")
user.command(epilog="Example: taskfold user export demo demo.jsonl.gz")(export)
user.command(epilog="Example: taskfold user erase demo --yes")(erase)
