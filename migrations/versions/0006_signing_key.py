"""The key that lists sign their cursors with, the same for every process.

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "signing_key",
        sa.Column("purpose", sa.Text, primary_key=True),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("octet_length(key) = 32", name="signing_key_key_check"),
        schema="taskfold",
    )


def downgrade() -> None:
    op.drop_table("signing_key", schema="taskfold")
