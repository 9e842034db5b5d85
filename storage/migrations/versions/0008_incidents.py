"""Complaints that count together, incidents with their journals, and lots that they stopped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant, JsonText

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incidents",
        sa.Column("incident_id", sa.String(64), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("batch", sa.String(64), nullable=False, comment="row of the pack"),
        sa.Column("batch_key", sa.String(64), nullable=False, comment="digest of what its complaints share"),
        sa.Column("number", sa.Integer(), nullable=False, comment="counts the incidents of one key"),
        sa.Column("about", JsonText(), nullable=False),
        sa.Column("pack", sa.String(64), nullable=False),
        sa.Column("pack_digest", sa.String(64), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("opened_at", Instant(timezone=True), nullable=False),
        sa.Column("from_at", Instant(timezone=True), nullable=False),
        sa.Column("until_at", Instant(timezone=True), nullable=False, comment="complaints received between the two belong to it"),
        sa.Column("status", sa.String(8), nullable=False, comment="open or closed"),
        sa.Column("lead", sa.String(64), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", Instant(timezone=True), nullable=False),
        sa.Column(
            "snapshot", JsonText(), nullable=True, comment="the incident as the domain knows it, once its workflow has written"
        ),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_incidents")),
        sa.UniqueConstraint("tenant", "batch", "batch_key", "number", name=op.f("uq_incidents_tenant_batch_batch_key_number")),
    )
    op.create_index("ix_incidents_opened", "incidents", ["tenant", "opened_at", "incident_id"])
    op.create_index("ix_incidents_status", "incidents", ["tenant", "status", "opened_at", "incident_id"])
    op.create_table(
        "batch_marks",
        sa.Column("complaint_id", sa.String(64), nullable=False),
        sa.Column("batch", sa.String(64), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("batch_key", sa.String(64), nullable=False),
        sa.Column("received_at", Instant(timezone=True), nullable=False),
        sa.Column("incident_id", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.incident_id"], name=op.f("fk_batch_marks_incident_id")),
        sa.PrimaryKeyConstraint("complaint_id", "batch", name=op.f("pk_batch_marks")),
    )
    window = ["tenant", "batch", "batch_key", "received_at", "incident_id", "complaint_id"]
    op.create_index("ix_batch_marks_window", "batch_marks", window)
    op.create_index("ix_batch_marks_members", "batch_marks", ["incident_id", "received_at", "complaint_id"])
    op.create_table(
        "incident_journal",
        sa.Column("incident_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("actor_roles", JsonText(), nullable=False),
        sa.Column("clauses", JsonText(), nullable=False),
        sa.Column("event", JsonText(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.incident_id"], name=op.f("fk_incident_journal_incident_id")),
        sa.PrimaryKeyConstraint("incident_id", "seq", name=op.f("pk_incident_journal")),
    )
    op.create_table(
        "suspended_lots",
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("lot", sa.String(200), nullable=False),
        sa.Column("incident_id", sa.String(64), nullable=False),
        sa.Column("since_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.incident_id"], name=op.f("fk_suspended_lots_incident_id")),
        sa.PrimaryKeyConstraint("tenant", "lot", name=op.f("pk_suspended_lots")),
    )


def downgrade() -> None:
    op.drop_table("suspended_lots")
    op.drop_table("incident_journal")
    op.drop_table("batch_marks")
    op.drop_table("incidents")
