"""Vents, how people want to be asked, and counts that name nobody"""

import sqlalchemy as sa
from alembic import op

import storage.schema

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_LISTENING = sa.text("state IN ('agreed', 'talking')")


def upgrade() -> None:

    op.create_table(
        "listeners",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=80), nullable=False),
        sa.Column("listens", sa.String(length=16), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_listeners")),
    )
    op.create_index("ix_listeners_workspace", "listeners", ["workspace", "listens"], unique=False)
    op.create_table(
        "vent_blocks",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("blocked", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("person", "blocked", name=op.f("pk_vent_blocks")),
    )
    op.create_index("ix_vent_blocks_blocked", "vent_blocks", ["blocked"], unique=False)
    op.create_table(
        "vent_keys",
        sa.Column("workspace", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("ends_at", storage.schema.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "period", name=op.f("pk_vent_keys")),
    )
    op.create_index(op.f("ix_vent_keys_ends_at"), "vent_keys", ["ends_at"], unique=False)
    op.create_table(
        "vent_tallies",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("at", storage.schema.Instant(), nullable=False),
        sa.Column("ends_at", storage.schema.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_vent_tallies")),
    )
    op.create_index(op.f("ix_vent_tallies_ends_at"), "vent_tallies", ["ends_at"], unique=False)
    op.create_table(
        "vent_weeks",
        sa.Column("workspace", sa.String(length=80), nullable=False),
        sa.Column("start", storage.schema.Instant(), nullable=False),
        sa.Column("vents", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "start", name=op.f("pk_vent_weeks")),
    )
    op.create_table(
        "vents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=80), nullable=False),
        sa.Column("asker", sa.String(length=32), nullable=False),
        sa.Column("listener", sa.String(length=32), nullable=False),
        sa.Column("wish", sa.String(length=16), nullable=False),
        sa.Column("timing", sa.String(length=16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("awaits", sa.Boolean(), nullable=False),
        sa.Column("ends_at", storage.schema.Instant(), nullable=False),
        sa.Column("breath", sa.Integer(), nullable=False),
        sa.Column("breath_at", storage.schema.Instant(), nullable=True),
        sa.Column("frame", sa.Boolean(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("step_at", storage.schema.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vents")),
        sa.UniqueConstraint("asker", name=op.f("uq_vents_asker")),
    )
    op.create_index("ix_vents_listener", "vents", ["listener"], unique=False)
    op.create_index(op.f("ix_vents_step_at"), "vents", ["step_at"], unique=False)
    op.create_index(
        "uq_vents_listening",
        "vents",
        ["listener"],
        unique=True,
        sqlite_where=_LISTENING,
        postgresql_where=_LISTENING,
    )
    op.add_column(
        "outbox", sa.Column("forgets", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column(
        "people", sa.Column("kind", sa.String(length=16), server_default="member", nullable=False)
    )


def downgrade() -> None:

    op.drop_column("people", "kind")
    op.drop_column("outbox", "forgets")
    op.drop_index(
        "uq_vents_listening",
        table_name="vents",
        sqlite_where=_LISTENING,
        postgresql_where=_LISTENING,
    )
    op.drop_index(op.f("ix_vents_step_at"), table_name="vents")
    op.drop_index("ix_vents_listener", table_name="vents")
    op.drop_table("vents")
    op.drop_table("vent_weeks")
    op.drop_index(op.f("ix_vent_tallies_ends_at"), table_name="vent_tallies")
    op.drop_table("vent_tallies")
    op.drop_index(op.f("ix_vent_keys_ends_at"), table_name="vent_keys")
    op.drop_table("vent_keys")
    op.drop_index("ix_vent_blocks_blocked", table_name="vent_blocks")
    op.drop_table("vent_blocks")
    op.drop_index("ix_listeners_workspace", table_name="listeners")
    op.drop_table("listeners")
