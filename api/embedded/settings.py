"""How the embedded PostgreSQL is configured: passed at each start, so they follow the product."""

from pathlib import Path

from api.embedded.socket_directory import PORT

_DURABLE = {
    "fsync": "on",
    "full_page_writes": "on",
    "restart_after_crash": "on",
    "synchronous_commit": "on",
}
_LOCAL = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
}
_SMALL_MACHINE = {
    "cluster_name": "taskfold",
    "jit": "off",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "TimeZone": "UTC",
}
# Errors go to the client that caused them: in the log they could quote what people wrote.
_DISCREET = {
    "lc_messages": "C",
    "log_checkpoints": "off",
    "log_destination": "stderr",
    "log_error_verbosity": "terse",
    "log_line_prefix": "%m [%p] ",
    "log_min_error_statement": "panic",
    "log_min_messages": "log",
    "log_startup_progress_interval": "5s",
    "log_timezone": "UTC",
    "logging_collector": "off",
}


def server_arguments(cluster: Path, socket_directory: Path) -> list[str]:
    """The arguments of `postgres` for these database files and this socket directory."""
    settings = {
        **_DURABLE,
        **_LOCAL,
        **_SMALL_MACHINE,
        **_DISCREET,
        "unix_socket_directories": _quoted(str(socket_directory)),
    }
    return ["-D", str(cluster), *(f"--{name}={value}" for name, value in settings.items())]


def _quoted(directory: str) -> str:
    """One directory in a setting that is a list of them."""
    return '"' + directory.replace('"', '""') + '"'
