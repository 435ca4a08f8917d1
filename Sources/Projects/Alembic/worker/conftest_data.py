"""What a project's `conftest.py` tells pytest-alembic: the value of its fixture `alembic_config`.

The fixture is asked for by pytest itself, so that it finds what it needs as in a test run: other
fixtures, plugins, the settings of pytest. Nothing else is set up, no test is run, and nothing is
written into the project.
"""
import importlib.util
import os
import re
import sys

from .failures import ProjectError, explain, installing, is_managed, place_of, relative
from .values import Unsayable, said

NAME = "alembic_config"
_DEFINITION = re.compile(
    r"^\s*(?:async\s+)?def\s+alembic_config\b|\bname\s*=\s*[\"']alembic_config[\"']"
    r"|^alembic_config\s*=|^\s*from\s.*\bimport\b.*\balembic_config\b", re.MULTILINE)
_FOREIGN = frozenset((
    "node_modules", "site-packages", "build", "dist", "venv", "env", "__pycache__"))
_LONGEST_FILE = 1 << 20


def read(project):
    """The data of `alembic_config` as an answer of the worker's. Raises ProjectError."""
    for package, module in (("pytest", "pytest"), ("pytest-alembic", "pytest_alembic")):
        if importlib.util.find_spec(module) is None:
            raise ProjectError(
                "missing-package", "%s is not installed in %s" % (package, sys.executable), None,
                ("" if is_managed() else installing(package) + ", or ")
                + "name the Python that runs the tests with --python")
    # Neither bytecode nor pytest's own cache is left in the project.
    sys.dont_write_bytecode = True
    sys.argv = ["pytest"]
    from .conftest_plugin import Plugin
    plugin = Plugin(sorted(_definers(project.folder)))
    status = plugin.run(_arguments())
    if plugin.failure is not None:
        path, error = plugin.failure
        raise explain(error, "conftest-fails", relative(path))
    trial = _chosen(plugin.trials)
    if trial is None:
        raise _nothing_found(plugin, status)
    if trial.error is not None:
        raise _explained(trial)
    return _fields(trial.value)


def _arguments():
    """No capturing, no cache, no rewritten assertions; and what may stand in `addopts` and would
    keep this process from seeing the fixture is taken back."""
    arguments = ["-s", "-q", "--assert=plain", "-p", "no:cacheprovider"]
    for module, argument in (("xdist", "-n0"), ("pytest_cov", "--no-cov")):
        if importlib.util.find_spec(module) is not None:
            arguments.append(argument)
    return arguments


def _definers(folder):
    """The project's files that seem to define the fixture; none of them is run for it."""
    for place, folders, names in os.walk(folder):
        folders[:] = [
            one for one in folders if not one.startswith(".") and one not in _FOREIGN
            and not os.path.isfile(os.path.join(place, one, "pyvenv.cfg"))]
        for name in names:
            path = os.path.join(place, name)
            if name.endswith(".py") and _defines(path):
                yield os.path.realpath(path)


def _defines(path):
    try:
        if os.path.getsize(path) > _LONGEST_FILE:
            return False
        with open(path, encoding="utf-8", errors="replace") as file:
            return bool(_DEFINITION.search(file.read()))
    except OSError:
        return False


def _chosen(trials):
    """The trial that met a fixture of the project's: where pytest-alembic binds its own tests, else
    the only one there is. None where the project defines none."""
    own = [one for one in trials if one.is_own]
    places = sorted({one.place for one in own})
    if len(places) > 1 and not own[0].is_bound:
        raise ProjectError(
            "several-alembic-configs", "%d fixtures %s were found: %s" % (
                len(places), NAME, ", ".join(places)), None,
            "say which one counts with `pytest_alembic_tests_path` in the settings of pytest, which"
            " `pytest --test-alembic` goes by too")
    return own[0] if own else None


def _nothing_found(plugin, status):
    if plugin.trials or not plugin.files:
        return ProjectError(
            "no-alembic-config", "no conftest.py of the project defines the fixture %s, so"
            " pytest-alembic has no data to bring along" % NAME, None,
            "`stairway init` without --from-pytest-alembic begins anew; docs/fixtures.md says how"
            " rows are written")
    return ProjectError(
        "conftest-fails", "pytest could not be brought to ask for the fixture %s: it ended with"
        " status %d" % (NAME, status), relative(plugin.files[0]),
        "`pytest --test-alembic` has to work first")


def _explained(trial):
    """The ProjectError for a fixture that could not be had."""
    error = trial.error
    what = "the fixture %s" % NAME
    missing = getattr(error, "argname", None)
    if type(error).__name__ == "FixtureLookupError" and missing:
        return ProjectError(
            "conftest-fails", "%s needs the fixture %s, which pytest does not find" % (what, missing),
            trial.place)
    if type(error).__name__ in ("Skipped", "Failed", "Exit"):
        return ProjectError(
            "conftest-fails", "%s gave up: %s" % (what, getattr(error, "msg", error)),
            place_of(error) or trial.place)
    explained = explain(error, "conftest-fails", what)
    explained.place = explained.place or trial.place
    return explained


def _fields(config):
    """What the fixture's value says of rows and revisions: a dictionary, a `pytest_alembic.Config`,
    or Alembic's own, which says nothing of these."""
    def part(name):
        return config.get(name) if isinstance(config, dict) else getattr(config, name, None)

    minimum = part("minimum_downgrade_revision")
    return {
        "minimumDowngradeRevision": None if minimum is None else str(minimum),
        "skippedRevisions": [str(one) for one in part("skip_revisions") or []],
        "before": _rows("before_revision_data", part("before_revision_data")),
        "at": _rows("at_revision_data", part("at_revision_data"))}


def _rows(name, data):
    # pytest-alembic's RevisionSpec keeps them so.
    data = getattr(data, "data", data)
    if not data:
        return []
    if not isinstance(data, dict):
        raise ProjectError(
            "conftest-fails", "%s of the fixture %s is a %s and should be a dictionary of revisions"
            % (name, NAME, type(data).__name__))
    return [
        {"revision": str(revision), "rows": [_row(one) for one in _several(rows)]}
        for revision, rows in data.items()]


def _several(rows):
    """A single row may stand without a list around it."""
    if rows is None:
        return []
    return [rows] if isinstance(rows, dict) else rows


def _row(row):
    """A row's table, and each of its columns with what it holds; or why no fixture can say that."""
    if not isinstance(row, dict):
        return {"problem": "it is a %s and should be a dictionary" % type(row).__name__}
    table = row.get("__tablename__")
    if not isinstance(table, str) or not table:
        return {"problem": "it names no table as __tablename__"}
    cells = []
    for column, value in row.items():
        if column == "__tablename__":
            continue
        # SQLAlchemy also takes a column's object for its name.
        name = str(getattr(column, "key", None) or column)
        try:
            cells.append({"column": name, "value": said(value)})
        except Unsayable as unsayable:
            return {"table": table, "problem": "its %s is %s" % (name, unsayable)}
        except RecursionError:
            return {"table": table, "problem": "its %s holds itself" % name}
    return {"table": table, "cells": cells}
