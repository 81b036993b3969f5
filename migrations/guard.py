"""What guards users' rows and belongs to the server, so that no dump brings it along."""

from sqlalchemy import Connection

from events.statements import statement
from migrations.turn import take_turn

_IS_OURS = statement("migrations", "is_ours")
_SECURE = statement("migrations", "secure")


def secure(connection: Connection) -> None:
    """Have requests run as a role of their own, where this server lets us make one.

    Nothing is changed that is right already, so every start may do it.
    """
    if connection.exec_driver_sql(_IS_OURS).scalar_one():
        take_turn(connection)
        connection.exec_driver_sql(_SECURE)
