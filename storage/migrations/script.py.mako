"""${message}"""

import sqlalchemy as sa
from alembic import op

import storage.schema
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}

# The oldest version whose Plecs runs on these tables: the one before, while they only expand.
runs_from = ${repr(down_revision or up_revision)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
