"""The scratch database, in every spelling that a driver, a framework or a program wants."""
from urllib.parse import quote, unquote

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
# Passwords that are no secret, and would be taken for one wherever they are said.
COMMON_WORDS = {
    "admin", "changeme", "example", "mysql", "pass", "passwd", "password", "postgres", "postgresql",
    "root", "secret", "sqlite", "test", "user",
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

    def spelled_as(self, scheme):
        """The URL in the place of one of the project's whose engine and driver these are: with its
        driver where that is the engine's, and with one of its kind where engines differ."""
        engine, driver = scheme or (None, None)
        if driver is None or engine == self.engine:
            return self.text(driver)
        if driver in ASYNC_DRIVERS:
            try:
                return self.text(choose_driver(self.engine, None, True))
            except MissingDriver:
                pass
        return self.text()

    def text(self, driver=None):
        """The URL for variables and settings, with a driver of the address's own engine.

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
        variables = {
            "PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user,
            "PGDATABASE": self.database, "PGPASSWORD": self.password, "PGHOSTADDR": None,
            "PGSERVICE": None, "PGSSLMODE": self.parameters.get("sslmode"),
        }
        if self.password:
            variables["PGPASSFILE"] = None
        return variables


def _credentials(user, password):
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


def passwords(text):
    """What is secret of a database URL, in the spellings in which it may be told.

    None of it where the value says nothing by itself: it has fewer than four characters, is a name
    that the URL shows anyway, or a word that stands for other things as well.
    """
    if split_scheme(text) is None:
        return []
    authority, _, path = text.strip().strip("'\"").split("://", 1)[1].rpartition("@")
    user, _, password = authority.partition(":")
    if password.startswith(("$", "{", "<")) or "%(" in password:
        # A template, which somebody else fills in.
        return []
    host, _, database = path.partition("/")
    shown = (user, host.split(":")[0], database.split("?")[0])
    names = {name.lower() for name in shown}
    found = {password, unquote(password), password.replace("%%", "%")}
    found.add(unquote(password.replace("%%", "%")))
    if "%" in password:
        # Where an ini's single % is refused, what follows it is quoted.
        found.add(password[password.index("%"):])
    return sorted(one for one in found if is_telling(one) and one.lower() not in names)


def is_telling(password):
    """Whether texts that hold the password can be expected to mean it."""
    return len(password) >= 4 and password.lower() not in COMMON_WORDS


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


