"""The index that finds items by words and facets; it fills by itself, since every item is due at first.

Revision: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index, in the database's own form."""
    op.add_column("item", sa.Column("indexed", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        op.f("ix_item_unindexed"), "item", ["id"],
        postgresql_where=sa.text("indexed <> shown"), sqlite_where=sa.text("indexed <> shown"),
    )  # fmt: skip
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE item_words USING fts5(facets, terms, columnsize=0, tokenize=\"ascii tokenchars '=-'\")"
        )
        return
    op.execute(
        "CREATE TABLE item_words (item_id BIGINT CONSTRAINT pk_item_words PRIMARY KEY, facets TSVECTOR NOT NULL, terms TSVECTOR NOT NULL)"
    )
    op.execute("CREATE INDEX ix_item_words ON item_words USING gin (facets, terms)")


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE item_words")
    op.drop_index(op.f("ix_item_unindexed"), "item")
    op.drop_column("item", "indexed")
