"""The ledger of effects, and what reconciling it with the partners found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Amount, Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('intended', 'unknown', 'placed')")


def upgrade() -> None:
    op.create_table(
        "ledger",
        sa.Column(
            "effect_key", sa.String(250), nullable=False, comment="tenant:complaint/cycle/step, the partner's idempotency key"
        ),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("complaint_id", sa.String(64), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column(
            "step", sa.String(100), nullable=False, comment="as in the key, with /r1 where it was tried again after a refusal"
        ),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("partner", sa.String(16), nullable=False),
        sa.Column("amount", Amount(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=True, comment="points; other benefits, goods and visits have none"),
        sa.Column("clause", sa.String(64), nullable=True),
        sa.Column(
            "decided_by",
            sa.String(64),
            nullable=True,
            comment="who approved it, or proposed it where nobody had to approve",
        ),
        sa.Column("state", sa.String(12), nullable=False, comment="intended, unknown, placed, done, refused, cancelled"),
        sa.Column("reference", sa.String(200), nullable=True, comment="the partner's own number"),
        sa.Column("said", sa.String(300), nullable=False, comment="what was last heard of it, without names and addresses"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_at", Instant(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("effect_key", name=op.f("pk_ledger")),
    )
    op.create_index("ix_ledger_begun", "ledger", ["tenant", "first_at", "effect_key"])
    op.create_index("ix_ledger_complaint", "ledger", ["tenant", "complaint_id", "effect_key"])
    op.create_index("ix_ledger_open", "ledger", ["tenant", "state", "first_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_table(
        "reconciliation_findings",
        sa.Column("finding_id", sa.String(40), nullable=False, comment="made from what was found, so that it is found once"),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("complaint_id", sa.String(64), nullable=False),
        sa.Column("effect_key", sa.String(250), nullable=True),
        sa.Column("partner", sa.String(16), nullable=True),
        sa.Column("reference", sa.String(200), nullable=True),
        sa.Column("our_state", sa.String(12), nullable=True),
        sa.Column("our_amount", Amount(), nullable=True),
        sa.Column("our_currency", sa.String(3), nullable=True),
        sa.Column("our_quantity", sa.Integer(), nullable=True),
        sa.Column("their_state", sa.String(12), nullable=True),
        sa.Column("their_amount", Amount(), nullable=True),
        sa.Column("their_currency", sa.String(3), nullable=True),
        sa.Column("their_quantity", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(8), nullable=False, comment="open or settled"),
        sa.Column("first_found_at", Instant(), nullable=False),
        sa.Column("last_found_at", Instant(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("settled_by", sa.String(64), nullable=True),
        sa.Column("reason", sa.String(2000), nullable=True),
        sa.PrimaryKeyConstraint("finding_id", name=op.f("pk_reconciliation_findings")),
    )
    newest = ["tenant", "first_found_at", "finding_id"]
    op.create_index("ix_reconciliation_findings_newest", "reconciliation_findings", newest)
    of_state = ["tenant", "state", "first_found_at", "finding_id"]
    op.create_index("ix_reconciliation_findings_state", "reconciliation_findings", of_state)
    op.create_table(
        "reconciliations",
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("done_at", Instant(), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("to_at", Instant(), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("effects", sa.Integer(), nullable=False, comment="rows of the ledger compared"),
        sa.Column("lines", sa.Integer(), nullable=False, comment="lines of the partners' statements compared"),
        sa.Column("complaints", sa.Integer(), nullable=False, comment="cases whose paid amount was compared"),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "done_at", name=op.f("pk_reconciliations")),
    )


def downgrade() -> None:
    op.drop_table("reconciliations")
    op.drop_table("reconciliation_findings")
    op.drop_table("ledger")
