"""The scratch database, in every spelling that a driver, a framework or a program wants."""

ASYNC_DRIVERS = {"aiosqlite", "asyncpg", "psycopg_async", "aiomysql", "asyncmy"}
# The drivers of each engine in the order in which they are tried, with the package to install.
DRIVERS = {
    "sqlite": [("pysqlite", "sqlite3", None)],
    "postgresql": [
        ("psycopg2", "psycopg2", "psycopg2-binary"),
        ("psycopg", "psycopg", "'psycopg[binary]'"),
        ("pg8000", "pg8000", "pg8000"),
    ],
}
ASYNC = {
    "sqlite": [("aiosqlite", "aiosqlite", "aiosqlite")],
    "postgresql": [
        ("asyncpg", "asyncpg", "asyncpg"),
        ("psycopg", "psycopg", "'psycopg[binary]'"),
    ],
}
# What a URL's scheme may say that means one of the engines.
DIALECTS = {
    "sqlite": "sqlite", "postgresql": "postgresql", "postgres": "postgresql",
    "mysql": "mysql", "mariadb": "mysql", "oracle": "oracle", "mssql": "mssql",
    "cockroachdb": "postgresql",
}


class Address(object):
    """Where the scratch database is: a SQLite file, or a database on a PostgreSQL server."""

    def __init__(self, order):
        self.engine = order["engine"]
        self.path = order.get("path")
        self.host = order.get("host")
        self.port = order.get("port")
        self.user = order.get("user")
        self.password = order.get("password")
        self.database = order.get("database")
        self.parameters = order.get("parameters") or {}

    @classmethod
    def file(cls, path):
        return cls({"engine": "sqlite", "path": path})

    def sibling(self, name):
        """Another database of the same server."""
        other = Address.__new__(Address)
        other.__dict__.update(self.__dict__)
        other.database = name
        return other

    def leads_here(self, url):
        """Whether a URL that SQLAlchemy has read names this database."""
        return getattr(url, "database", None) == (self.path or self.database)

    @property
    def uses_socket(self):
        return bool(self.host) and self.host.startswith("/")

    @property
    def key(self):
        return (self.engine, self.path, self.host, self.port, self.database)

    def text(self, driver=None):
        """The URL for variables and settings.

        It has a host even where the server listens on a socket only, because settings classes
        refuse a URL without one; libpq lets the query's `host` win over it. It holds no `%` that is
        not part of the password, because an ini file cannot hold one.
        """
        scheme = self.engine + ("+" + driver if driver else "")
        if self.engine == "sqlite":
            return "%s:///%s" % (scheme, self.path)
        host = "localhost" if self.uses_socket else self.host
        if ":" in host:
            host = "[%s]" % host
        query = dict(self.parameters)
        if self.uses_socket:
            query["host"] = self.host
        return "%s://%s@%s:%s/%s%s" % (
            scheme, _credentials(self.user, self.password), host, self.port, self.database,
            "?" + "&".join("%s=%s" % pair for pair in sorted(query.items())) if query else "")

    def libpq(self):
        """libpq's keywords, as psycopg2 and psycopg take them."""
        keywords = dict(self.parameters)
        keywords.update(host=self.host, port=str(self.port), user=self.user, dbname=self.database)
        if self.password:
            keywords["password"] = self.password
        return keywords

    def asyncpg(self):
        keywords = {
            "dsn": None, "host": self.host, "port": self.port, "user": self.user,
            "password": self.password, "database": self.database,
        }
        if self.uses_socket:
            keywords["ssl"] = False
        elif self.parameters.get("sslmode"):
            keywords["ssl"] = self.parameters["sslmode"]
        return keywords

    def pg8000(self):
        keywords = {
            "user": self.user, "password": self.password, "database": self.database,
            "host": self.host, "port": self.port, "unix_sock": None,
        }
        if self.uses_socket:
            keywords["unix_sock"] = "%s/.s.PGSQL.%s" % (self.host, self.port)
            keywords["ssl_context"] = None
        return keywords

    def variables(self):
        """What libpq programs read from the environment, so that they too reach only this."""
        if self.engine == "sqlite":
            nowhere = "/nonexistent/stairway-verifies-on-sqlite"
            return {"PGHOST": nowhere, "PGHOSTADDR": None, "PGSERVICE": None}
        return {
            "PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user,
            "PGDATABASE": self.database, "PGPASSWORD": self.password, "PGHOSTADDR": None,
            "PGSERVICE": None, "PGSSLMODE": self.parameters.get("sslmode"), "PGPASSFILE": None,
        }


def _credentials(user, password):
    try:
        from urllib.parse import quote
    except ImportError:
        return user
    return quote(user, safe="") + (":" + quote(password, safe="") if password else "")


def split_scheme(text):
    """The engine and driver that a database URL names; None for what is no database URL."""
    if not isinstance(text, str) or "://" not in text:
        return None
    scheme = text.split("://", 1)[0].strip().strip("'\"").lower()
    dialect, _, driver = scheme.partition("+")
    if dialect not in DIALECTS:
        return None
    return DIALECTS[dialect], driver or None


def is_installed(module):
    """Whether a driver can be imported; finding it is quicker than importing it."""
    import importlib.util
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


class MissingDriver(Exception):
    """No driver for the engine is installed in the project's Python."""

    def __init__(self, engine, is_async, packages):
        self.engine = engine
        self.packages = packages
        # Whether it is the engine that the project's own URL names.
        self.is_own = True
        title = "PostgreSQL" if engine == "postgresql" else "SQLite"
        Exception.__init__(
            self, "no %sdriver for %s is installed in the project's Python (looked for %s)"
            % ("asynchronous " if is_async else "", title, ", ".join(packages)))


def choose_driver(engine, wanted, is_async):
    """The driver to run with: the one that the project names where it fits, else an installed one.

    Returns None where SQLAlchemy's own default fits.
    """
    choices = (ASYNC if is_async else DRIVERS)[engine]
    for name, module, _ in choices:
        if wanted == name or (wanted == "psycopg_async" and name == "psycopg"):
            if is_installed(module):
                return name
    if wanted in ("psycopg2cffi",) and not is_async and is_installed(wanted):
        return wanted
    for name, module, _ in choices:
        if is_installed(module):
            return name
    raise MissingDriver(engine, is_async, [package for _, _, package in choices if package])


