"""A machine for one case of the action's tests, and what a case says when something is not right."""

import dataclasses
import os
import pathlib

import composite
import fixtures
from cases import Wrong, case, must

ENV_PY = """\
from alembic import context
from sqlalchemy import create_engine

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
REVISION = '''\
"""{message}"""
import os
import sys
import time
import sqlalchemy as sa
from alembic import op

revision = "{id}"
down_revision = {parent!r}


def upgrade():
    {upgrade}


def downgrade():
    {downgrade}
'''
# A revision that is as it should be.
GOOD = ("Create users", 'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))',
        'op.drop_table("users")')


@dataclasses.dataclass
class Runner:
    """A machine of its own for one case: a workspace, a PATH, and the action's checkout."""

    folder: pathlib.Path

    def __post_init__(self):
        self.workspace = self.folder / "workspace"
        self.programs = self.folder / "bin"
        self.checkout = fixtures.ROOT
        for one in (self.workspace, self.programs, self.folder / "temporary"):
            one.mkdir()
        self.variables = {}

    def put_stairway(self):
        """Puts the program on the PATH, by way of a script that keeps the command line."""
        self.put("stairway", f"""
            printf '%s\\n' "$@" >{self.folder}/arguments
            exec {fixtures.stairway()} "$@"
        """)

    def put(self, name, text):
        program = self.programs / name
        program.write_text("#!/bin/bash\n" + text)
        program.chmod(0o755)

    @property
    def arguments(self):
        return (self.folder / "arguments").read_text().splitlines()

    def project(self, revisions, folder="."):
        """An Alembic project on SQLite with (message, upgrade, downgrade) each, one after another."""
        project = self.workspace / folder
        (project / "migrations/versions").mkdir(parents=True)
        (project / "alembic.ini").write_text(
            "[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite:///app.db\n")
        (project / "migrations/env.py").write_text(ENV_PY)
        for number, revision in enumerate(revisions, 1):
            self.write_revision(project, number, *revision)
        return project

    @staticmethod
    def write_revision(project, number, message, upgrade, downgrade):
        (project / f"migrations/versions/r{number}.py").write_text(REVISION.format(
            id=f"r{number}", parent=f"r{number - 1}" if number > 1 else None,
            message=message, upgrade=upgrade, downgrade=downgrade))

    def sample(self, project, defect):
        return fixtures.lay_out(project, defect, self.workspace).relative_to(self.workspace)

    def use(self, inputs=(), **options):
        variables = {
            "PATH": f"{self.programs}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.folder),
            "VIRTUAL_ENV": str(fixtures.ROOT / ".python"),
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.variables,
        }
        action = composite.Action(
            self.checkout, self.workspace, self.folder / "temporary", variables)
        return action.use({"engines": "sqlite", **dict(inputs)}, **options)


def expect(outcome, status, result):
    must((outcome.status, outcome.outputs["result"]) == (status, result),
         f"status {outcome.status} and result {outcome.outputs['result']!r}, "
         f"not {status} and {result!r}:\n{outcome.log}")
