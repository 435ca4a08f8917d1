"""Finds and builds a project's Flask application, as `flask` does, and looks a little further."""
import os
import re
import sys

from . import databases
from .failures import ProjectError, explain

_SPEAKS_OF_FLASK = re.compile(r"\bcurrent_app\b")
_MAKES_APPLICATION = re.compile(r"\b(create_app|make_app)\b|\bFlask\(")
_STARTS = ("wsgi.py", "app.py", ".flaskenv")


def wants_application(environment_file):
    """Whether an `env.py` takes its engine from the application that is current."""
    if environment_file is None:
        return False
    try:
        with open(environment_file, encoding="utf-8", errors="replace") as file:
            return bool(_SPEAKS_OF_FLASK.search(file.read()))
    except OSError:
        return False


def folder_above(start, top, name):
    """The folder that `flask db` is run in: the nearest from `start` up to `top` with its files."""
    module = (name or "").split(":")[0].strip()
    wanted = list(_STARTS)
    if module:
        wanted = [module] if module.endswith(".py") else [
            module.split(".")[0] + ".py", module.split(".")[0]]
    folder = start
    while True:
        if any(os.path.exists(os.path.join(folder, one)) for one in wanted):
            return folder
        if folder == top or os.path.dirname(folder) == folder or not folder.startswith(top):
            return start
        folder = os.path.dirname(folder)


class Application(object):
    """The application, with its context entered."""

    def __init__(self, name):
        try:
            from flask import cli
        except ImportError as error:
            raise explain(error, "application-fails", "env.py")
        self.name = name
        try:
            cli.load_dotenv()
        except Exception:
            pass
        self.app = self._load(cli, name or os.environ.get("FLASK_APP"))
        self._context = self.app.app_context()
        self._context.push()

    def _load(self, cli, name):
        if name:
            return self._loaded(cli, name, "the application %s" % name)
        for path in ("wsgi.py", "app.py"):
            module = path[:-3]
            if os.path.exists(path) or os.path.exists(os.path.join(module, "__init__.py")):
                found = self._loaded(cli, module, "the application in %s" % _shown(module), True)
                if found is not None:
                    return found
        candidates = _candidates()
        for module in candidates:
            only = len(candidates) == 1
            found = self._loaded(cli, module, "the application in %s" % _shown(module), not only)
            if found is not None:
                return found
        elsewhere = _candidates("src") if os.path.isdir("src") else []
        if elsewhere:
            raise ProjectError(
                "application-fails", "no Flask application was found in %s, but %s in its folder src" % (
                    os.getcwd(), elsewhere[0]), None,
                "write `alembic: {app: %s, environment: {PYTHONPATH: src}}` into stairway.yml, or install the"
                " project" % elsewhere[0])
        raise ProjectError(
            "application-fails", "no Flask application was found in %s" % os.getcwd(), None,
            "name it with `alembic: {app: …}` in stairway.yml, as FLASK_APP would")

    def _loaded(self, cli, name, what, may_fail=False):
        """The application of this name; None where there is none in the module."""
        try:
            info = cli.ScriptInfo(app_import_path=name)
        except TypeError:
            info = cli.ScriptInfo()
        info.app_import_path = name
        try:
            return info.load_app()
        except cli.NoAppException as error:
            cause = error.__cause__ or error.__context__
            if cause is not None and not isinstance(cause, (ValueError, AttributeError, TypeError)):
                raise explain(cause, "application-fails", what)
            if may_fail:
                return None
            raise ProjectError(
                "application-fails", "%s cannot be loaded: %s" % (what, _plain(error)), None,
                "name it with `alembic: {app: …}` in stairway.yml, as FLASK_APP would")
        except BaseException as error:
            raise explain(error, "application-fails", what)

    @property
    def has_migrate(self):
        return "migrate" in getattr(self.app, "extensions", {})

    def config(self, directory, x):
        """Flask-Migrate's own `Config`, with what the application changes in it."""
        migrate = self.app.extensions["migrate"].migrate
        return migrate.get_config(directory, x_arg=x) if x else migrate.get_config(directory)

    @property
    def db(self):
        extension = self.app.extensions.get("migrate")
        return getattr(extension, "db", None)

    def renew_context(self):
        """Leaves the context and enters a new one, as the next command would; sessions end here."""
        try:
            self._context.pop()
        except Exception:
            pass
        self._context = self.app.app_context()
        self._context.push()


def default_database(application):
    """What Flask-SQLAlchemy's default database of the application is called, beside which there may be
    others (`SQLALCHEMY_BINDS`); None where there is none."""
    extension = getattr(application, "extensions", {}).get("sqlalchemy")
    # Before version 3 the extension's state stood there.
    db = getattr(extension, "db", extension)
    if db is None:
        return None
    try:
        with application.app_context():
            return databases.made_by(db.engine)
    except Exception:
        return None


def _candidates(folder="."):
    """Modules of a folder that seem to make an application."""
    found = []
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if os.path.isfile(os.path.join(path, "__init__.py")):
            path, module = os.path.join(path, "__init__.py"), name
        elif name.endswith(".py") and name not in ("setup.py", "conftest.py"):
            module = name[:-3]
        else:
            continue
        if name.startswith(("test", ".")):
            continue
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read()
        except OSError:
            continue
        if _MAKES_APPLICATION.search(text):
            found.append(("Migrate(" not in text, module))
    return [module for _, module in sorted(found)]


def _shown(module):
    return module + ".py" if os.path.exists(module + ".py") else module + "/"


def _plain(error):
    return " ".join(str(error).split())[:500]


def version():
    """Flask-Migrate's version, where it is loaded."""
    if "flask_migrate" not in sys.modules:
        return None
    from importlib import metadata
    try:
        return metadata.version("Flask-Migrate")
    except metadata.PackageNotFoundError:
        return "unknown"
