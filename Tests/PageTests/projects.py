"""Projects whose reports are looked at, made for the run, and the pages that Stairway writes of them."""

import contextlib
import os
import pathlib
import tempfile

import cluster
import fixtures

INI = "[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = sqlite:///dev.db\n"
ENV = """\
from alembic import context
from sqlalchemy import create_engine

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
REVISION = '''\
{message!r}
import sqlalchemy as sa
from alembic import op

revision = {id!r}
down_revision = {parents!r}
branch_labels = None
depends_on = None


def upgrade():
    {upgrade}


def downgrade():
    {downgrade}
'''
# What runs, or breaks the page, where it is not escaped.
CORPUS = [
    "<script>window.ran = 1</script>", '"><img src=x onerror="window.ran = 2">', "' onmouseover='window.ran = 3",
    "javascript:window.ran=4", "]]><script>window.ran = 5</script>", "</style><script>window.ran = 6</script>",
    "</script><svg onload='window.ran = 7'>", "<!-- <b>", "\x1b[31mred\x1b[0m", "\u202eturned",
]
# A message that stands in its finding once more, whole, and that has no place to break a line.
LONG_ADDRESS = "https://docs.example.org/" + "a" * 600
FINDINGS, CLEAN, BRANCHES, HOSTILE, LONG = "findings", "clean", "branches", "hostile", "long"
REHEARSAL = "rehearsal"


def revision(folder, name, message, parents, upgrade="pass", downgrade="pass", file=None):
    text = REVISION.format(
        id=name, message=message, parents=parents, upgrade=upgrade, downgrade=downgrade
    )
    (folder / "migrations/versions" / (file or f"{name}.py")).write_text(text)


def project(folder):
    (folder / "migrations/versions").mkdir(parents=True)
    (folder / "alembic.ini").write_text(INI)
    (folder / "migrations/env.py").write_text(ENV)
    return folder


def table(name, *columns):
    columns = "".join(f", sa.Column({column!r}, sa.String(80))" for column in columns)
    return f'op.create_table({name!r}, sa.Column("id", sa.Integer, primary_key=True){columns})'


def findings(folder):
    """Several things wrong on several revisions, and much that is right."""
    project(folder)
    revision(folder, "a1f0c2d3e4b5", "create users", None, table("users", "name", "email"), 'op.drop_table("users")')
    revision(folder, "b2e1d3c4f5a6", "create orders", "a1f0c2d3e4b5", table("orders", "state"), 'op.drop_table("orders")')
    revision(folder, "c3d2e4f5a6b7", "index emails", "b2e1d3c4f5a6", 'op.create_index("ix_users_email", "users", ["email"])')
    revision(folder, "d4c3f5a6b7c8", "lower emails", "c3d2e4f5a6b7", 'op.execute("UPDATE users SET email = lower(email)")')
    revision(folder, "e5b4a6c7d8e9", "forget states", "d4c3f5a6b7c8",
             'op.drop_column("orders", "state")', 'op.add_column("orders", sa.Column("state", sa.String(80)))')
    revision(folder, "f6a5b7c8d9e0", "no way back", "e5b4a6c7d8e9", table("notes", "text"), "raise NotImplementedError")
    return ["--engine", "sqlite", "--engine", "postgresql"]


def clean(folder):
    project(folder)
    revision(folder, "a1f0c2d3e4b5", "create users", None, table("users"), 'op.drop_table("users")')
    return ["--engine", "sqlite"]


def branches(folder):
    """A history with a merge, two heads and a label."""
    project(folder)
    revision(folder, "a1", "begin", None, table("a"), 'op.drop_table("a")')
    revision(folder, "b1", "billing", "a1", table("b"), 'op.drop_table("b")')
    revision(folder, "c1", "catalogue", "a1", table("c"), 'op.drop_table("c")')
    revision(folder, "d1", "merge both", ("b1", "c1"))
    revision(folder, "e1", "elsewhere", "c1", table("e"), 'op.drop_table("e")')
    return ["--engine", "sqlite"]


def hostile(folder):
    """Markup in every name, message, row and line of output that a project can hold."""
    project(folder)
    said = " ".join(CORPUS)
    revision(folder, "a1", CORPUS[0], None, f"print({said!r})\n    {table(CORPUS[1], CORPUS[2])}")
    name = CORPUS[1].replace('"', '""')
    revision(folder, "b2", said, "a1", "op.execute(sa.text(" + repr(f'DELETE FROM "{name}"') + "))",
             f"raise RuntimeError({f'{said} {LONG_ADDRESS}'!r})", file="b2_<img src=x onerror=alert(1)>.py")
    revision(folder, "c3", CORPUS[5], "b2", table(CORPUS[5].replace("/", "|")))
    fixtures_folder = folder / "stairway/fixtures"
    fixtures_folder.mkdir(parents=True)
    rows = "".join(f"INSERT INTO \"{name}\" VALUES ({number}, '{text.replace(chr(39), chr(39) * 2)}');\n"
                   for number, text in enumerate(CORPUS[:8], 1))
    (fixtures_folder / "a1.sql").write_text(rows)
    return ["--engine", "sqlite"]


def long(folder):
    """A thousand revisions, of which every hundredth leaves something."""
    project(folder)
    for number in range(1_000):
        down = "pass" if number % 100 == 99 else f'op.drop_table("t{number:04d}")'
        revision(folder, f"r{number:04d}", f"create t{number:04d}", f"r{number - 1:04d}" if number else None,
                 table(f"t{number:04d}", "name"), down)
    return ["--engine", "sqlite", "--rows", "none"]


def rehearsal(folder):
    """Three pending revisions, one of which writes a table of many rows anew, on a copy of a server's database."""
    project(folder)
    revision(folder, "a1f0c2d3e4b5", "create users", None, table("users", "name", "email"), 'op.drop_table("users")')
    fill = "INSERT INTO users SELECT n, 'name ' || n, 'Mail' || n FROM generate_series(1, 200000) n"
    revision(folder, "b2e1d3c4f5a6", "fill users", "a1f0c2d3e4b5", f"op.execute({fill!r})", "op.execute('DELETE FROM users')")
    revision(folder, "c3d2e4f5a6b7", "widen ids", "b2e1d3c4f5a6",
             'op.alter_column("users", "id", type_=sa.BigInteger)', 'op.alter_column("users", "id", type_=sa.Integer)')
    revision(folder, "d4c3f5a6b7c8", "index emails", "c3d2e4f5a6b7",
             'op.create_index("ix_users_email", "users", ["email"])', 'op.drop_index("ix_users_email")')
    revision(folder, "e5b4a6c7d8e9", "create notes", "d4c3f5a6b7c8", table("notes", "text"), 'op.drop_table("notes")')


def verified(name, folder):
    """The page of `stairway verify` on a project that is written into the folder."""
    options = globals()[name](folder)
    said = fixtures.verify(folder, folder / "reports", options=options).said
    return folder / "reports/report.html", said


def rehearsed(folder):
    """The page of `stairway rehearse` on a copy of a server's database that stands at the second revision."""
    rehearsal(folder)
    ini = (folder / "alembic.ini").read_text()
    with cluster.Cluster(folder.with_name("production")) as server:
        (folder / "alembic.ini").write_text(ini.replace("sqlite:///dev.db", server.database()))
        upgrade = [fixtures.python(), "-m", "alembic", "upgrade", "b2e1d3c4f5a6"]
        done = fixtures.run(upgrade, cwd=folder)
        if done.returncode:
            fixtures.stop(done.stdout)
        source = f"postgresql://scratch@/d1?host={server.folder}"
        command = [fixtures.stairway(), "rehearse", folder, "--source", source, "--python", fixtures.python()]
        said = fixtures.run(
            [*command, "--report-dir", folder / "reports", "--max-lock", "50ms"],
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        ).stdout
    return folder / "reports/rehearsal/report.html", said


class Pages:
    """The pages by the name of their project; each is made when it is first asked for."""

    def __init__(self, folder):
        self.folder = folder
        self.made = {}

    def __getitem__(self, name):
        if name not in self.made:
            # Within the tests' own folder, which nothing of another project lies above.
            folder = self.folder / name
            page, said = rehearsed(folder) if name == REHEARSAL else verified(name, folder)
            if not page.exists():
                fixtures.stop(f"{name}: no report.html was written:\n{said}")
            self.made[name] = page
        return self.made[name]

    def address(self, name, fragment=""):
        return self[name].as_uri() + fragment


@contextlib.contextmanager
def made():
    with tempfile.TemporaryDirectory(prefix="stairway-pages-") as folder:
        folder = pathlib.Path(folder)
        # The account that a private PostgreSQL runs as must be able to enter.
        folder.chmod(0o755)
        yield Pages(folder)
