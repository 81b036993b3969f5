"""Where everything of one embedded server lies in the data directory."""

from dataclasses import dataclass
from pathlib import Path

from api.embedded.socket_directory import socket_directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The files of one embedded server.

    Three lock files carry the whole protocol, and the kernel frees each when its holders are gone:
    `users.lock` is held shared by every opening of the server, `control.lock` exclusively by who
    starts or stops it, and `server.lock` exclusively by the server's own processes.
    """

    data_dir: Path

    @property
    def cluster(self) -> Path:
        """The database files."""
        return self.data_dir / "postgresql"

    @property
    def log(self) -> Path:
        """What PostgreSQL says."""
        return self.data_dir / "postgresql.log"

    @property
    def socket_directory(self) -> Path:
        """The directory of the socket, the only way in."""
        return socket_directory(self.data_dir)

    @property
    def users_lock(self) -> Path:
        """Held shared while the server is in use."""
        return self.data_dir / "users.lock"

    @property
    def control_lock(self) -> Path:
        """Held exclusively while the server is started or stopped."""
        return self.data_dir / "control.lock"

    @property
    def server_lock(self) -> Path:
        """Held exclusively by the server and its children for as long as any of them lives."""
        return self.data_dir / "server.lock"
