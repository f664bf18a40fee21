"""Admins, their sessions, log-ins that were tried, and the audit log, which the database keeps from being changed.

Revision: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REFUSAL = "lines of the audit log are never changed or taken out"
POSTGRESQL = (
    f"CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    "CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stays()",
    "CREATE TRIGGER audit_stays_whole BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()",
)
SQLITE = tuple(
    f"CREATE TRIGGER audit_stays_{word.lower()} BEFORE {word} ON audit BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for word in ("UPDATE", "DELETE")
)


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    """Add the tables and what keeps the log."""
    op.create_table(
        "admin",
        sa.Column("id", ID, nullable=False),
        *_words("name", "name_key", "password_hash", "sealed"),
        sa.Column("last_step", ID, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("changed_at", UTC, nullable=False),
        sa.Column("last_login_at", UTC, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin")),
        sa.UniqueConstraint("name_key", name=op.f("uq_admin_name_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "admin_code",
        sa.Column("admin_id", ID, nullable=False),
        *_words("hash"),
        sa.Column("used_at", UTC, nullable=True),
        sa.PrimaryKeyConstraint("admin_id", "hash", name=op.f("pk_admin_code")),
        sa.ForeignKeyConstraint(["admin_id"], ["admin.id"], name=op.f("fk_admin_code_admin_id")),
    )
    op.create_table(
        "admin_session",
        sa.Column("id", ID, nullable=False),
        *_words("hash"),
        sa.Column("admin_id", ID, nullable=False),
        *_words("network", "agent"),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("seen_at", UTC, nullable=False),
        sa.Column("ended_at", UTC, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_session")),
        sa.UniqueConstraint("hash", name=op.f("uq_admin_session_hash")),
        sa.ForeignKeyConstraint(["admin_id"], ["admin.id"], name=op.f("fk_admin_session_admin_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_admin_session_admin", "admin_session", ["admin_id", "network"])
    op.create_table(
        "login_try",
        *_words("key"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_try")),
    )
    op.create_index("ix_login_try_last_at", "login_try", ["last_at"])
    _audit()


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("admin_id", ID, nullable=True),
        *_words("who", "who_key", "act", "subject"),
        sa.Column("detail", sa.JSON(), nullable=False),
        *_words("network"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_act", "audit", ["act", "id"])
    op.create_index("ix_audit_who", "audit", ["who_key", "id"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    for name in ("audit", "login_try", "admin_session", "admin_code", "admin"):
        op.drop_table(name)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_stays()")
