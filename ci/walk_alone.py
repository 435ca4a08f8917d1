"""Takes the steps of Stairway's walk with Alembic alone, for the time that no verification can do without.

usage: python ci/walk_alone.py PROJECT URL ROUND_TRIPS

Everything is loaded once, one connection serves all steps, nothing is looked at between them: each
revision up and ROUND_TRIPS times down and up again, then all down, and all up.
"""

import sys

from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine


def steps(script, round_trips):
    history = list(reversed(list(script.walk_revisions())))
    for revision in history:
        yield revision, True
        for _ in range(round_trips):
            yield revision, False
            yield revision, True
    for revision in reversed(history):
        yield revision, False
    for revision in history:
        yield revision, True


def take(context, script, revision, is_upgrade):
    make = MigrationStep.upgrade_from_script if is_upgrade else MigrationStep.downgrade_from_script
    context._migrations_fn = lambda heads, _: [make(script.revision_map, revision)]
    with Operations.context(context), context.begin_transaction():
        context.run_migrations()


def main(project, url, round_trips):
    script = ScriptDirectory.from_config(Config(f"{project}/alembic.ini"))
    with create_engine(url).connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA synchronous = OFF")
            connection.commit()
        context = MigrationContext.configure(connection, opts={"fn": lambda heads, _: []})
        for revision, is_upgrade in steps(script, int(round_trips)):
            take(context, script, revision, is_upgrade)


main(*sys.argv[1:])
