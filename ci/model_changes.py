"""What models can say of a column, a key, an index or a table, each said in two ways: as the migrations
have it, and as the models have it."""

EVERYWHERE = ("sqlite", "postgresql")
POSTGRESQL = ("postgresql",)


class Change:
    """One table of two schemas. `before` and `after` are the arguments of `sa.Table`, as Python."""

    def __init__(self, about, before, after, engines=EVERYWHERE, schema=None):
        self.about, self.before, self.after = about, before, after
        self.engines, self.schema = engines, schema


def column(about, before, after, engines=EVERYWHERE):
    """A change of the column `c`: the arguments after its name."""
    return Change(about, f"sa.Column('c', {before})", f"sa.Column('c', {after})", engines)


def key(about, before, after, engines=EVERYWHERE):
    """A change of what stands beside the columns `c`, a text, and `n`, a number."""
    both = "sa.Column('c', sa.String(50)), sa.Column('n', sa.Integer)"
    return Change(about, *(f"{both}, {one}" if one else both for one in (before, after)), engines)


def foreign(about, before, after, engines=EVERYWHERE):
    """A change of the options of a foreign key."""
    return key(
        about, *(f"sa.ForeignKeyConstraint(['n'], ['other.id'], name='fk_{{t}}'{one})"
                 for one in (before, after)), engines)


def index(about, before, after, engines=EVERYWHERE):
    """A change of an index's arguments after its name."""
    return key(about, *(f"sa.Index('ix_{{t}}', {one})" for one in (before, after)), engines)


CHANGES = [
    Change("column added", "", "sa.Column('c', sa.Integer)"),
    Change("column dropped", "sa.Column('c', sa.Integer)", ""),
    column("type", "sa.Integer", "sa.Text"),
    column("type: Integer to BigInteger", "sa.Integer", "sa.BigInteger"),
    column("length", "sa.String(20)", "sa.String(50)"),
    column("length taken away", "sa.String(20)", "sa.Text"),
    column("precision and scale", "sa.Numeric(8, 2)", "sa.Numeric(12, 4)"),
    column("time zone", "sa.DateTime", "sa.DateTime(timezone=True)", POSTGRESQL),
    column("JSON to JSONB", "pg.JSON", "pg.JSONB", POSTGRESQL),
    column("array's element", "pg.ARRAY(sa.Integer)", "pg.ARRAY(sa.Text)", POSTGRESQL),
    column("NOT NULL added", "sa.Integer", "sa.Integer, nullable=False"),
    column("NOT NULL dropped", "sa.Integer, nullable=False", "sa.Integer"),
    column("server default added", "sa.Integer", "sa.Integer, server_default='1'"),
    column("server default dropped", "sa.Integer, server_default='1'", "sa.Integer"),
    column("server default changed", "sa.String(9), server_default='a'",
           "sa.String(9), server_default='b'"),
    column("server default: an expression", "sa.DateTime, server_default='2000-01-01'",
           "sa.DateTime, server_default=sa.text('CURRENT_TIMESTAMP')"),
    column("collation", "sa.Text", "sa.Text(collation='C')", POSTGRESQL),
    column("collation", "sa.Text", "sa.Text(collation='NOCASE')", ("sqlite",)),
    column("comment added", "sa.Integer", "sa.Integer, comment='how many'", POSTGRESQL),
    column("comment changed", "sa.Integer, comment='how much'", "sa.Integer, comment='how many'",
           POSTGRESQL),
    Change("comment of the table", "sa.Column('c', sa.Integer)",
           "sa.Column('c', sa.Integer), comment='things'", POSTGRESQL),
    Change("computed column added", "sa.Column('n', sa.Integer)",
           "sa.Column('n', sa.Integer), sa.Column('c', sa.Integer, sa.Computed('n * 2'))"),
    Change("computed column's expression",
           "sa.Column('n', sa.Integer), sa.Column('c', sa.Integer, sa.Computed('n * 2'))",
           "sa.Column('n', sa.Integer), sa.Column('c', sa.Integer, sa.Computed('n * 3'))"),
    column("identity added", "sa.Integer, nullable=False", "sa.Integer, sa.Identity()", POSTGRESQL),
    column("identity: ALWAYS", "sa.Integer, sa.Identity()", "sa.Integer, sa.Identity(always=True)",
           POSTGRESQL),
    column("identity's start", "sa.Integer, sa.Identity(start=1)",
           "sa.Integer, sa.Identity(start=100)", POSTGRESQL),
    column("identity's increment", "sa.Integer, sa.Identity()",
           "sa.Integer, sa.Identity(increment=10)", POSTGRESQL),
    column("identity's minimum and maximum", "sa.Integer, sa.Identity()",
           "sa.Integer, sa.Identity(minvalue=1, maxvalue=1000)", POSTGRESQL),
    column("identity: CYCLE", "sa.Integer, sa.Identity()", "sa.Integer, sa.Identity(cycle=True)",
           POSTGRESQL),
    column("enum label added", "sa.Enum('a', 'b', name='enum_{t}')",
           "sa.Enum('a', 'b', 'c', name='enum_{t}')", POSTGRESQL),
    column("enum label removed", "sa.Enum('a', 'b', 'c', name='enum_{t}')",
           "sa.Enum('a', 'b', name='enum_{t}')", POSTGRESQL),
    column("enum labels in another order", "sa.Enum('a', 'b', name='enum_{t}')",
           "sa.Enum('b', 'a', name='enum_{t}')", POSTGRESQL),
    column("enum label renamed", "sa.Enum('a', 'b', name='enum_{t}')",
           "sa.Enum('a', 'x', name='enum_{t}')", POSTGRESQL),
    column("enum to text", "sa.Enum('a', 'b', name='enum_{t}')", "sa.String(9)", POSTGRESQL),
    column("enum's check", "sa.Enum('a', 'b', name='enum_{t}', native_enum=False, "
           "create_constraint=True)", "sa.Enum('a', 'c', name='enum_{t}', native_enum=False, "
           "create_constraint=True)"),
    key("unique constraint added", "", "sa.UniqueConstraint('c', name='uq_{t}')"),
    key("unique constraint dropped", "sa.UniqueConstraint('c', name='uq_{t}')", ""),
    key("unique constraint's columns", "sa.UniqueConstraint('c', name='uq_{t}')",
        "sa.UniqueConstraint('c', 'n', name='uq_{t}')"),
    key("unique constraint: NULLS NOT DISTINCT", "sa.UniqueConstraint('c', name='uq_{t}')",
        "sa.UniqueConstraint('c', name='uq_{t}', postgresql_nulls_not_distinct=True)", POSTGRESQL),
    key("unique constraint: deferrable", "sa.UniqueConstraint('c', name='uq_{t}')",
        "sa.UniqueConstraint('c', name='uq_{t}', deferrable=True)", POSTGRESQL),
    key("check added", "", "sa.CheckConstraint('n > 0', name='ck_{t}')"),
    key("check dropped", "sa.CheckConstraint('n > 0', name='ck_{t}')", ""),
    key("check changed", "sa.CheckConstraint('n > 0', name='ck_{t}')",
        "sa.CheckConstraint('n > 9', name='ck_{t}')"),
    key("exclusion constraint added", "",
        "pg.ExcludeConstraint(('n', '='), name='ex_{t}', using='btree')", POSTGRESQL),
    Change("primary key's columns",
           "sa.Column('c', sa.Integer, nullable=False), sa.PrimaryKeyConstraint('id', name='pk_{t}')",
           "sa.Column('c', sa.Integer, nullable=False), "
           "sa.PrimaryKeyConstraint('id', 'c', name='pk_{t}')"),
    key("foreign key added", "", "sa.ForeignKeyConstraint(['n'], ['other.id'], name='fk_{t}')"),
    key("foreign key dropped", "sa.ForeignKeyConstraint(['n'], ['other.id'], name='fk_{t}')", ""),
    foreign("foreign key: ON DELETE", "", ", ondelete='CASCADE'"),
    foreign("foreign key: ON UPDATE", "", ", onupdate='CASCADE'"),
    foreign("foreign key: deferrable", "", ", deferrable=True, initially='DEFERRED'"),
    foreign("foreign key: INITIALLY DEFERRED", ", deferrable=True",
            ", deferrable=True, initially='DEFERRED'"),
    foreign("foreign key: MATCH FULL", "", ", match='FULL'", POSTGRESQL),
    index("index's columns", "'c'", "'c', 'n'"),
    key("index added", "", "sa.Index('ix_{t}', 'c')"),
    key("index dropped", "sa.Index('ix_{t}', 'c')", ""),
    index("index: unique", "'c'", "'c', unique=True"),
    index("index: WHERE", "'c'",
          "'c', sqlite_where=sa.text('n > 0'), postgresql_where=sa.text('n > 0')"),
    index("index: descending", "'c'", "sa.text('c DESC')"),
    index("index: an expression", "'c'", "sa.text('lower(c)')"),
    index("index: USING", "'c'", "'c', postgresql_using='hash'", POSTGRESQL),
    index("index: INCLUDE", "'c'", "'c', postgresql_include=['n']", POSTGRESQL),
    index("index: operator class", "'c'", "'c', postgresql_ops={'c': 'varchar_pattern_ops'}",
          POSTGRESQL),
    index("index: NULLS FIRST", "'c'", "sa.text('c NULLS FIRST')", POSTGRESQL),
    index("index: fillfactor", "'c'", "'c', postgresql_with={'fillfactor': 50}", POSTGRESQL),
    index("index: NULLS NOT DISTINCT", "'c', unique=True",
          "'c', unique=True, postgresql_nulls_not_distinct=True", POSTGRESQL),
    Change("table in another schema", "sa.Column('c', sa.Integer)", "sa.Column('c', sa.Integer)",
           POSTGRESQL, schema="archive"),
]

HEAD = """import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
"""


def tables(engine, side, metadata):
    """Lines that define the tables of one side, `before` or `after`, on a metadata."""
    lines = [f"sa.Table('other', {metadata}, sa.Column('id', sa.Integer, primary_key=True))"]
    for number, change in enumerate(CHANGES, 1):
        if engine not in change.engines:
            continue
        name = table(number)
        arguments = getattr(change, side).replace("{t}", name)
        own = "" if "PrimaryKeyConstraint" in arguments else ", primary_key=True"
        schema = f", schema='{change.schema}'" if change.schema and side == "after" else ""
        parts = [f"'{name}'", metadata, f"sa.Column('id', sa.Integer{own})"]
        lines.append(f"sa.Table({', '.join(parts + [arguments] * bool(arguments))}{schema})")
    return "\n".join(lines) + "\n"


def table(number):
    return f"t{number:02}"


def project(engine):
    """The files of a project whose models differ from its one migration in every change."""
    revision = f'''"""as it is"""
{HEAD}from alembic import op

revision = "a1"
down_revision = None
metadata = sa.MetaData()
{tables(engine, "before", "metadata")}

def upgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SCHEMA archive")
    metadata.create_all(op.get_bind())


def downgrade():
    metadata.drop_all(op.get_bind())
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SCHEMA archive")
'''
    return {
        "models.py": HEAD + "\nmetadata = sa.MetaData()\n" + tables(engine, "after", "metadata"),
        "migrations/env.py": ENVIRONMENT, "alembic.ini": INI,
        "migrations/versions/a1_as_it_is.py": revision,
    }


INI = """[alembic]
script_location = %(here)s/migrations
prepend_sys_path = .
sqlalchemy.url = sqlite:///app.db
"""

# As `alembic init` writes it, without the offline half.
ENVIRONMENT = """import os

from alembic import context
from sqlalchemy import create_engine, pool

from models import metadata as target_metadata

connectable = context.config.attributes.get("connection")
if connectable is None:
    url = os.environ.get("DATABASE_URL") or context.config.get_main_option("sqlalchemy.url")
    connectable = create_engine(url, poolclass=pool.NullPool)
with connectable.connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()
"""
