"""Webhooks and chat bots: what is kept of each, and an index for what is due to them.

Revision: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
POSTED = "channel <> 'email' AND done_at IS NULL"


def upgrade() -> None:
    """Make the table and the index."""
    op.create_table(
        "post",
        sa.Column("endpoint_id", BIG, nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("shut_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shut", sa.Text(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.CheckConstraint("shut IN ('gone', 'misconfigured', 'failing')", name=op.f("ck_post_shut")),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoint.id"], name=op.f("fk_post_endpoint_id")),
        sa.PrimaryKeyConstraint("endpoint_id", name=op.f("pk_post")),
        sa.UniqueConstraint("address_key", name=op.f("uq_post_address_key")),
    )
    op.create_index(
        "ix_delivery_posted", "delivery", ["endpoint_id", "due_at"],
        postgresql_where=sa.text(POSTED), sqlite_where=sa.text(POSTED),
    )  # fmt: skip


def downgrade() -> None:
    """Drop them; a program that knows no such channel must not find its rows: they are cancelled and put to rest."""
    op.drop_index("ix_delivery_posted", "delivery")
    op.drop_table("post")
    connection = op.get_bind()
    rest = "UPDATE delivery SET state = 'cancelled', done_at = created_at WHERE channel <> 'email' AND done_at IS NULL"
    connection.execute(sa.text(rest))
    off = "false" if connection.dialect.name != "sqlite" else "0"
    connection.execute(sa.text(f"UPDATE endpoint SET active = {off} WHERE channel <> 'email'"))  # noqa: S608 - fixed words
