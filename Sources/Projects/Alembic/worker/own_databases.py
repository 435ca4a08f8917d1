"""The databases that are the project's own: those that its settings name and that its code opens.

The project's environment is run as it is by hand, with the variables that it has there, and every connection
that it asks for is led elsewhere or refused: none of them is opened.
"""
import ast
import os

from . import databases, places
from .address import split_scheme

# What psycopg2 and libpq, SQLAlchemy's URLs and asyncpg call the same.
_NAMES = {"username": "user", "database": "dbname", "passwd": "password"}
# Of libpq's keywords, those that say where a database is and how one gets there.
_KEYWORDS = ("host", "hostaddr", "port", "user", "password", "dbname", "service", "passfile", "sslmode",
             "sslrootcert", "sslcert", "sslkey")
# Where the keyword is left out.
_VARIABLES = {"host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "user": "PGUSER",
              "password": "PGPASSWORD", "dbname": "PGDATABASE", "service": "PGSERVICE",
              "sslmode": "PGSSLMODE"}
# An environment that waits for its database would wait for ever.
_PATIENCE = 20


class Enough(BaseException):
    """Ends an environment that asks for the same again and again."""


class Witness(object):
    """Takes down what is asked for, each database once."""

    def __init__(self, place):
        """`place` is the file that connections are led to."""
        self._place = databases.named("sqlite", place)
        self._refused = 0
        self.found = []

    def see_url(self, text):
        """A text that may be a database's URL."""
        from sqlalchemy.engine.url import make_url
        if split_scheme(text) is None:
            return
        try:
            self.see_engine(make_url(text.replace("postgres://", "postgresql://", 1)), {})
        except Exception:
            # It is a template, or no URL of SQLAlchemy's.
            pass

    def see_engine(self, url, keywords):
        """What an engine is made of."""
        from sqlalchemy.engine.url import make_url
        url = make_url(url)
        engine, _ = split_scheme(url.drivername + "://") or (None, None)
        if engine == "sqlite":
            self.see(engine, url.database)
        elif engine == "postgresql":
            given = dict(url.translate_connect_args())
            given.update(url.query)
            given.update(keywords.get("connect_args") or {})
            self.see(engine, None, given)

    def see_connection(self, engine, database, given):
        """What a driver is asked for.

        Raises Enough where it was refused one ever so often.
        """
        self.see(engine, database, given)
        self._refused += engine == "postgresql"
        if self._refused > _PATIENCE:
            raise Enough()

    def see(self, engine, database, given=None):
        if engine == "sqlite":
            name = databases.named(engine, database)
            is_none = name in (self._place, (engine, ":memory:"))
            one = None if is_none else {"engine": engine, "path": name[1]}
        else:
            one = {"engine": engine, "keywords": _keywords(given or {})}
        if one is not None and one not in self.found:
            self.found.append(one)


def _keywords(given):
    """libpq's keywords for what a driver is given."""
    named = {_NAMES.get(name, name): value for name, value in given.items()}
    socket = named.get("unix_sock")
    if socket:
        folder, _, name = str(socket).rpartition("/")
        named["host"], named["port"] = folder, name.rpartition(".")[2]
    for name, variable in _VARIABLES.items():
        if named.get(name) in (None, "") and os.environ.get(variable):
            named[name] = os.environ[variable]
    return {
        name: str(named[name]) for name in _KEYWORDS
        if isinstance(named.get(name), (str, int)) and named[name] != ""}


def look(worker):
    """What the settings name and the environment asks for when it is run without a step."""
    from .environment import Environment
    witness = worker.gate.witness = Witness(worker.gate.address.path)
    worker.project.enter()
    for text in worker.project.urls + worker.variables.urls + [worker.project.own_url() or ""]:
        witness.see_url(text)
    environment = Environment(worker.project, worker.gate, worker.recorder)
    try:
        worker.project.load_application()
        environment.ask_for_connection()
    except BaseException:
        # What is wrong with it is told when it is to work.
        pass
    script = getattr(environment.script, "env_py_location", None)
    for text in _texts(script or worker.project.environment_file()):
        witness.see_url(text)
    return witness.found


def _texts(path):
    """The texts that stand in a file's code, whichever of them it takes today."""
    tree = places.parsed(path) if path else None
    return [one.value for one in ast.walk(tree) if isinstance(one, ast.Constant)] if tree else []
