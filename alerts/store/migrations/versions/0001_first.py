"""The first tables.

Written out, so that this version stays what it was whatever becomes of the declarations in
``alerts/store/tables``. Order: a table comes after those that it points at.

Revision: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    _archive()
    _collect()
    _people()
    _telling()
    _service()


def downgrade() -> None:
    """Drop the tables, those that point at others first."""
    for table in reversed(TABLES):
        op.drop_table(table)


TABLES = (
    "matter",
    "item",
    "item_revision",
    "feed_state",
    "poll",
    "host_gate",
    "seen_key",
    "company",
    "contact",
    "endpoint",
    "criteria",
    "watch",
    "match",
    "digest",
    "alert",
    "delivery",
    "attempt",
    "suppression",
    "ledger",
    "counter",
    "job_slot",
    "daemon",
)


def _archive() -> None:
    """Create the tables of items and what they are about."""
    op.create_table(
        "matter",
        sa.Column("id", BIG, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "item",
        sa.Column("id", BIG, nullable=False),
        sa.Column("feed_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", UTC, nullable=False),
        sa.Column("changed_at", UTC, nullable=True),
        sa.Column("baseline", sa.Boolean(), nullable=False),
        sa.Column("matter_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matter.id"], name=op.f("fk_item_matter_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("feed_id", "key", name=op.f("uq_item_feed_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_item_matter_id"), "item", ["matter_id"], unique=False)
    op.create_table(
        "item_revision",
        sa.Column("id", BIG, nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("matched_at", UTC, nullable=True),
        sa.Column("held", sa.Text(), nullable=True),
        sa.Column("rejected", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("published_at", UTC, nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("relevant", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("jurisdictions", sa.JSON(), nullable=False),
        sa.Column("conclusions", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "event IN ('fraud', 'exclusion', 'investigation', 'customs', 'litigation', 'decision', 'squatting', 'watch-list', 'trade-measure', 'standards', 'legislation', 'rule', 'consultation', 'guidance', 'fees', 'office-notice', 'enforcement', 'other')",
            name=op.f("ck_item_revision_event"),
        ),
        sa.CheckConstraint(
            "kind IN ('legal-rule', 'risk-warning', 'information')", name=op.f("ck_item_revision_kind")
        ),
        sa.CheckConstraint(
            "severity IN ('critical', 'high', 'moderate', 'low')", name=op.f("ck_item_revision_severity")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_item_revision_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_revision")),
        sa.UniqueConstraint("item_id", "content_hash", name=op.f("uq_item_revision_item_id_content_hash")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_item_revision_item_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_item_revision_held",
        "item_revision",
        ["id"],
        unique=False,
        postgresql_where=sa.text("held IS NOT NULL AND rejected IS NULL"),
        sqlite_where=sa.text("held IS NOT NULL AND rejected IS NULL"),
    )
    op.create_index("ix_item_revision_severity", "item_revision", ["severity", "created_at"], unique=False)
    op.create_index(
        "ix_item_revision_unmatched",
        "item_revision",
        ["id"],
        unique=False,
        postgresql_where=sa.text("matched_at IS NULL AND held IS NULL"),
        sqlite_where=sa.text("matched_at IS NULL AND held IS NULL"),
    )


def _collect() -> None:
    """Create the tables of sources between polls."""
    op.create_table(
        "feed_state",
        sa.Column("feed_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("interval_s", sa.Integer(), nullable=False),
        sa.Column("next_poll_at", UTC, nullable=False),
        sa.Column("fence", BIG, nullable=False),
        sa.Column("polled_fence", BIG, nullable=True),
        sa.Column("lease_until", UTC, nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.Text(), nullable=True),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("first_failure_at", UTC, nullable=True),
        sa.Column("bootstrapped", sa.Boolean(), nullable=False),
        sa.Column("watched_since", UTC, nullable=True),
        sa.Column("last_outcome", sa.Text(), nullable=True),
        sa.Column("last_detail", sa.Text(), nullable=True),
        sa.Column("last_polled_at", UTC, nullable=True),
        sa.Column("last_success_at", UTC, nullable=True),
        sa.Column("last_new_item_at", UTC, nullable=True),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "policy IN ('guid', 'link', 'link+date', 'content')", name=op.f("ck_feed_state_policy")
        ),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("pk_feed_state")),
    )
    op.create_index(
        "ix_feed_state_due",
        "feed_state",
        ["next_poll_at"],
        unique=False,
        postgresql_where=sa.text("enabled"),
        sqlite_where=sa.text("enabled = 1"),
    )
    op.create_index(
        "ix_feed_state_leased_host",
        "feed_state",
        ["host"],
        unique=False,
        postgresql_where=sa.text("lease_until IS NOT NULL"),
        sqlite_where=sa.text("lease_until IS NOT NULL"),
    )
    op.create_table(
        "poll",
        sa.Column("id", BIG, nullable=False),
        sa.Column("feed_id", sa.Text(), nullable=False),
        sa.Column("started_at", UTC, nullable=False),
        sa.Column("finished_at", UTC, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("size", BIG, nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("filtered", sa.Integer(), nullable=False),
        sa.Column("malformed", sa.Boolean(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("final_url", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feed_state.feed_id"], name=op.f("fk_poll_feed_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
        sa.UniqueConstraint("feed_id", "started_at", name=op.f("uq_poll_feed_id_started_at")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_poll_kept_body",
        "poll",
        ["feed_id", "id"],
        unique=False,
        postgresql_where=sa.text("body IS NOT NULL"),
        sqlite_where=sa.text("body IS NOT NULL"),
    )
    op.create_table(
        "host_gate",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("not_before", UTC, nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_host_gate")),
    )
    op.create_table(
        "seen_key",
        sa.Column("feed_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("item_id", BIG, nullable=True),
        sa.Column("first_seen_at", UTC, nullable=False),
        sa.Column("last_seen_at", UTC, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_seen_key_item_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("feed_id", "key", name=op.f("pk_seen_key")),
    )
    op.create_index(op.f("ix_seen_key_item_id"), "seen_key", ["item_id"], unique=False)


def _people() -> None:
    """Create the tables of who is told."""
    op.create_table(
        "company",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_norm", sa.Text(), nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sa.UniqueConstraint("name_norm", name=op.f("uq_company_name_norm")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "contact",
        sa.Column("id", BIG, nullable=False),
        sa.Column("company_id", BIG, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_norm", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("consent_at", UTC, nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.CheckConstraint(
            "status IN ('pending', 'active', 'paused', 'left')", name=op.f("ck_contact_status")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_contact_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("company_id", "email_norm", name=op.f("uq_contact_company_id_email_norm")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contact_email_norm"), "contact", ["email_norm"], unique=False)
    op.create_table(
        "endpoint",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("contact_id", BIG, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_norm", sa.Text(), nullable=False),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("critical_at_once", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("next_digest_at", UTC, nullable=True),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("left_at", UTC, nullable=True),
        sa.CheckConstraint(
            "rhythm IN ('immediate', 'daily', 'weekly', 'working-days')", name=op.f("ck_endpoint_rhythm")
        ),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_endpoint_weekday")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_endpoint_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endpoint")),
        sa.UniqueConstraint(
            "contact_id", "channel", "address_norm", name=op.f("uq_endpoint_contact_id_channel_address_norm")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_endpoint_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_endpoint_due",
        "endpoint",
        ["next_digest_at"],
        unique=False,
        postgresql_where=sa.text("active"),
        sqlite_where=sa.text("active = 1"),
    )
    op.create_table(
        "criteria",
        sa.Column("id", BIG, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criteria")),
        sa.UniqueConstraint("hash", name=op.f("uq_criteria_hash")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "watch",
        sa.Column("id", BIG, nullable=False),
        sa.Column("contact_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("criteria_id", BIG, nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("ended_at", UTC, nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_watch_contact_id")),
        sa.ForeignKeyConstraint(["criteria_id"], ["criteria.id"], name=op.f("fk_watch_criteria_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
        sa.UniqueConstraint("contact_id", "name", name=op.f("uq_watch_contact_id_name")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_watch_in_force",
        "watch",
        ["criteria_id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )


def _telling() -> None:
    """Create the tables of what is owed, written and sent."""
    op.create_table(
        "match",
        sa.Column("criteria_id", BIG, nullable=False),
        sa.Column("revision_id", BIG, nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.ForeignKeyConstraint(["criteria_id"], ["criteria.id"], name=op.f("fk_match_criteria_id")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["item_revision.id"], name=op.f("fk_match_revision_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("criteria_id", "revision_id", name=op.f("pk_match")),
    )
    op.create_index(op.f("ix_match_revision_id"), "match", ["revision_id"], unique=False)
    op.create_table(
        "digest",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("endpoint_id", BIG, nullable=False),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("built_at", UTC, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "rhythm IN ('immediate', 'daily', 'weekly', 'working-days', 'urgent')",
            name=op.f("ck_digest_rhythm"),
        ),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoint.id"], name=op.f("fk_digest_endpoint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("endpoint_id", "rhythm", "slot", name=op.f("uq_digest_endpoint_id_rhythm_slot")),
        sa.UniqueConstraint("public_id", name=op.f("uq_digest_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "alert",
        sa.Column("id", BIG, nullable=False),
        sa.Column("endpoint_id", BIG, nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("watch_ids", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("correction", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("digest_id", BIG, nullable=True),
        sa.Column("dropped_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name=op.f("fk_alert_digest_id")),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoint.id"], name=op.f("fk_alert_endpoint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint(
            "endpoint_id", "item_id", "revision", name=op.f("uq_alert_endpoint_id_item_id_revision")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_alert_digest_id"), "alert", ["digest_id"], unique=False)
    op.create_index(op.f("ix_alert_item_id"), "alert", ["item_id"], unique=False)
    op.create_index(
        "ix_alert_untold",
        "alert",
        ["endpoint_id"],
        unique=False,
        postgresql_where=sa.text("digest_id IS NULL AND dropped_reason IS NULL"),
        sqlite_where=sa.text("digest_id IS NULL AND dropped_reason IS NULL"),
    )
    op.create_index(
        "ix_alert_urgent",
        "alert",
        ["id"],
        unique=False,
        postgresql_where=sa.text("urgent AND digest_id IS NULL AND dropped_reason IS NULL"),
        sqlite_where=sa.text("urgent = 1 AND digest_id IS NULL AND dropped_reason IS NULL"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", BIG, nullable=False),
        sa.Column("digest_id", BIG, nullable=False),
        sa.Column("endpoint_id", BIG, nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", UTC, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("first_attempt_at", UTC, nullable=True),
        sa.Column("done_at", UTC, nullable=True),
        sa.Column("last_answer", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('due', 'sending', 'sent', 'uncertain', 'failed', 'cancelled')",
            name=op.f("ck_delivery_state"),
        ),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name=op.f("fk_delivery_digest_id")),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoint.id"], name=op.f("fk_delivery_endpoint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_delivery_idempotency_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_delivery_digest_id"), "delivery", ["digest_id"], unique=False)
    op.create_index(
        "ix_delivery_due",
        "delivery",
        ["urgent", "due_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "ix_delivery_open",
        "delivery",
        ["endpoint_id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )
    op.create_index(op.f("ix_delivery_state"), "delivery", ["state"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("delivery_id", BIG, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("started_at", UTC, nullable=False),
        sa.Column("finished_at", UTC, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('due', 'sending', 'sent', 'uncertain', 'failed', 'cancelled', 'released')",
            name=op.f("ck_attempt_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_attempt_delivery_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("delivery_id", "n", name=op.f("pk_attempt")),
    )


def _service() -> None:
    """Create the tables of the service itself."""
    op.create_table(
        "suppression",
        sa.Column("address_hash", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", UTC, nullable=False),
        sa.PrimaryKeyConstraint("address_hash", "scope", name=op.f("pk_suppression")),
    )
    op.create_table(
        "ledger",
        sa.Column("sequence", BIG, autoincrement=False, nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_ledger")),
    )
    op.create_index(op.f("ix_ledger_subject"), "ledger", ["subject"], unique=False)
    op.create_table(
        "counter",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", BIG, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "job_slot",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_job_slot")),
    )
    op.create_table(
        "daemon",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("started_at", UTC, nullable=False),
        sa.Column("heartbeat_at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daemon")),
    )
