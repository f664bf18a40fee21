"""The words of a digest stand once for all who get them; a digest keeps what is its reader's own.

Revision: 0007
"""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = ("language", "subject", "body_text", "body_html")

digest = sa.table("digest", sa.column("id"), sa.column("wording_id"), *map(sa.column, WORDS))
wording = sa.table("wording", *map(sa.column, ("id", "hash", *WORDS)))


def upgrade() -> None:
    """Make a wording of the words of each digest; equal words become one."""
    op.create_table(
        "wording",
        sa.Column("id", BIG, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
        sa.UniqueConstraint("hash", name=op.f("uq_wording_hash")),
        sqlite_autoincrement=True,
    )
    op.add_column("digest", sa.Column("wording_id", BIG, nullable=True))
    op.add_column("digest", sa.Column("words", sa.JSON(), nullable=True))
    _take_over(op.get_bind())
    for name in WORDS:
        op.drop_column("digest", name)
    op.create_index(op.f("ix_digest_wording_id"), "digest", ["wording_id"])


def _take_over(connection: sa.Connection) -> None:
    known: dict[str, int] = {}
    after = 0
    while rows := connection.execute(
        sa.select(digest).where(digest.c.id > after).order_by(digest.c.id).limit(500)
    ).all():
        for row in rows:
            after = row.id
            words = [getattr(row, name) for name in WORDS]
            key = hashlib.sha256(json.dumps(words).encode()).hexdigest()
            if key not in known:
                values = dict(zip(WORDS, words, strict=True)) | {"hash": key, "id": len(known) + 1}
                connection.execute(wording.insert().values(values))
                known[key] = len(known) + 1
            connection.execute(digest.update().where(digest.c.id == row.id).values(wording_id=known[key]))
    if connection.dialect.name == "postgresql":
        sequence = "SELECT setval(pg_get_serial_sequence('wording', 'id'), :last, :used)"
        connection.execute(sa.text(sequence), {"last": max(1, len(known)), "used": bool(known)})


def downgrade() -> None:
    """Put the words back into each digest; a reader's own words stay out of their places."""
    for name in WORDS:
        op.add_column("digest", sa.Column(name, sa.Text(), nullable=False, server_default=""))
        source = sa.select(wording.c[name]).where(wording.c.id == digest.c.wording_id).scalar_subquery()
        op.execute(sa.update(digest).values({name: sa.func.coalesce(source, "")}))
    op.drop_index(op.f("ix_digest_wording_id"), "digest")
    op.drop_column("digest", "wording_id")
    op.drop_column("digest", "words")
    op.drop_table("wording")
