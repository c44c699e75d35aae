"""One case a helper; when somebody was last asked"""

import sqlalchemy as sa
from alembic import op

import storage.schema

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('calling', 'taken')")


def upgrade() -> None:
    op.add_column("cases", sa.Column("asked_at", storage.schema.Instant(), nullable=True))
    op.drop_index("ix_cases_taken_by", table_name="cases")
    op.create_index(
        "uq_cases_open_helper",
        "cases",
        ["taken_by"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_index("uq_cases_open_helper", table_name="cases")
    op.create_index(
        "ix_cases_taken_by",
        "cases",
        ["taken_by"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.drop_column("cases", "asked_at")
