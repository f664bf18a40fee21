"""The index that finds matters by what their items hold together; it fills by itself, since every matter is due at first.

Revision: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DUE = "due IS NOT NULL"


def upgrade() -> None:
    """Make the index, in the database's own form."""
    op.add_column("matter", sa.Column("due", sa.SmallInteger(), nullable=True, server_default="1"))
    op.add_column("matter", sa.Column("merged_into", ID, nullable=True))
    op.create_index(
        "ix_matter_due", "matter", ["id"], postgresql_where=sa.text(DUE), sqlite_where=sa.text(DUE)
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE matter_words USING fts5(facets, terms, columnsize=0, tokenize=\"ascii tokenchars '=-'\")"
        )
        return
    op.execute(
        "CREATE TABLE matter_words (matter_id BIGINT CONSTRAINT pk_matter_words PRIMARY KEY, facets TSVECTOR NOT NULL, terms TSVECTOR NOT NULL)"
    )
    op.execute("CREATE INDEX ix_matter_words ON matter_words USING gin (facets, terms)")


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE matter_words")
    op.drop_index("ix_matter_due", "matter")
    op.drop_column("matter", "merged_into")
    op.drop_column("matter", "due")
