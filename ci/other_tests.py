"""The tests that Stairway is held against, laid into a sample project: pytest-alembic and the copied recipe."""

CONFTEST = '''\
import os
import pathlib
import sys

import pytest
import sqlalchemy as sa
from alembic.config import Config

ROOT = pathlib.Path(__file__).resolve().parent.parent
URL = os.environ["DATABASE_URL"]
os.chdir(ROOT)
sys.path.insert(0, str(ROOT))
PLAIN = (ROOT / "alembic.ini").exists()

if not PLAIN:
    from flask.cli import ScriptInfo

    APP = ScriptInfo().load_app()


def configuration():
    if PLAIN:
        return Config("alembic.ini")
    config = Config("migrations/alembic.ini")
    config.set_main_option("script_location", "migrations")
    return config


def wipe():
    engine = sa.create_engine(URL)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    if engine.dialect.name == "sqlite":
        pathlib.Path(engine.url.database).unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def surroundings():
    if PLAIN:
        wipe()
        yield
        return
    with APP.app_context():
        engine = APP.extensions["migrate"].db.engine
        engine.dispose()
        wipe()
        yield
        engine.dispose()


@pytest.fixture
def alembic_config():
    if PLAIN:
        return {"file": "alembic.ini"}
    return {"file": "migrations/alembic.ini", "script_location": "migrations"}


@pytest.fixture
def alembic_engine(surroundings):
    engine = sa.create_engine(URL) if PLAIN else APP.extensions["migrate"].db.engine
    yield engine
    engine.dispose()
'''
TESTS = {
    "pytest-alembic": '''\
from pytest_alembic.tests import (
    test_model_definitions_match_ddl,
    test_single_head_revision,
    test_up_down_consistency,
    test_upgrade,
)
from pytest_alembic.tests.experimental import test_downgrade_leaves_no_trace
''',
    "stairway test": '''\
import pytest
from alembic.command import downgrade, upgrade
from alembic.script import ScriptDirectory

from conftest import configuration


def revisions():
    script = ScriptDirectory.from_config(configuration())
    return list(reversed(list(script.walk_revisions("base", "heads"))))


@pytest.mark.parametrize("revision", revisions(), ids=lambda one: one.revision)
def test_stairway(revision):
    config = configuration()
    upgrade(config, revision.revision)
    downgrade(config, revision.down_revision or "-1")
    upgrade(config, revision.revision)
''',
}


def take_its_engine(root):
    """Edits env.py as pytest-alembic asks for, so that it works on the engine that it is handed."""
    env = next(path for path in (root / "migrations/env.py", root / "alembic/env.py") if path.exists())
    text = env.read_text()
    for opening in ("connectable = get_engine()", "connectable = engine_from_config("):
        handed = opening.replace("= ", '= config.attributes.get("connection") or ')
        text = text.replace(opening, handed)
    env.write_text(text)


def add(tool, root):
    """Adds `checks/` with the tests of one tool to a project, and what that tool asks to be changed in it."""
    checks = root / "checks"
    checks.mkdir()
    (checks / "conftest.py").write_text(CONFTEST)
    if tool == "pytest-alembic":
        take_its_engine(root)
    (checks / "test_migrations.py").write_text(TESTS[tool])
