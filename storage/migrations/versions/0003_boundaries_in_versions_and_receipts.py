"""Boundaries in versions, and receipts"""

import sqlalchemy as sa
from alembic import op

import storage.schema

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policy_receipts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=80), nullable=False),
        sa.Column("agent", sa.String(length=32), nullable=False),
        sa.Column("card", sa.String(length=64), nullable=False),
        sa.Column("ended_at", storage.schema.Instant(), nullable=False),
        sa.Column("warned", sa.Integer(), nullable=False),
        sa.Column("behaviour", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("boundary", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent"], ["people.id"], name=op.f("fk_policy_receipts_agent"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_receipts")),
        sa.UniqueConstraint("agent", "card", name=op.f("uq_policy_receipts_agent_card")),
    )
    op.create_index(
        op.f("ix_policy_receipts_ended_at"), "policy_receipts", ["ended_at"], unique=False
    )
    op.create_index(
        "ix_policy_receipts_own", "policy_receipts", ["agent", "ended_at"], unique=False
    )
    op.create_table(
        "policy_versions",
        sa.Column("workspace", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("saved_at", storage.schema.Instant(), nullable=False),
        sa.Column("saved_by", sa.String(length=32), nullable=True),
        sa.Column("saved_by_name", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["saved_by"],
            ["people.id"],
            name=op.f("fk_policy_versions_saved_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("workspace", "number", name=op.f("pk_policy_versions")),
    )
    op.create_index(
        op.f("ix_policy_versions_saved_by"), "policy_versions", ["saved_by"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_policy_versions_saved_by"), table_name="policy_versions")
    op.drop_table("policy_versions")
    op.drop_index("ix_policy_receipts_own", table_name="policy_receipts")
    op.drop_index(op.f("ix_policy_receipts_ended_at"), table_name="policy_receipts")
    op.drop_table("policy_receipts")
