"""Leads every driver's connections through the gate, whoever opens them and with what arguments.

A driver is changed at the one function that all its ways of connecting go through, when it is
imported: before, if it already is.
"""
import inspect
import sys
from urllib.parse import parse_qsl, unquote, urlsplit

from . import imports, sqlite_session

# libpq keywords that say how to behave, not where to connect to.
KEPT = ("options", "application_name", "client_encoding", "connect_timeout")
originals = {}
# Drivers that open a file, or nothing.
EMBEDDED = ("pysqlcipher3.dbapi2", "sqlcipher3.dbapi2", "apsw", "duckdb")
# SQLite's class of connections as each module has it, and what stands in for it.
_sqlite_classes = {}


def psycopg2(module, gate):
    connect = module._connect
    originals["psycopg2"] = connect
    kind = module.extensions.connection

    def scratch(dsn):
        given = module.extensions.parse_dsn(dsn) if dsn else {}
        address = gate.open("postgresql", "psycopg2.connect()", given.get("dbname"), given)
        keywords = {key: given[key] for key in KEPT if key in given}
        keywords.update(address.libpq())
        return module.extensions.make_dsn(**keywords)

    class connection(kind):
        """What `connect()` makes, and what projects derive their own from or call themselves."""

        def __init__(self, dsn="", *arguments, **rest):
            kind.__init__(self, scratch(dsn), *arguments, **rest)
            gate.opened(self)

    connection.__module__ = kind.__module__

    def redirected(dsn=None, connection_factory=None, **rest):
        return connect(scratch(dsn), connection_factory=connection_factory or connection, **rest)

    module._connect = redirected
    module.extensions.connection = module._psycopg.connection = connection


def psycopg(module, gate):
    own = ("autocommit", "prepare_threshold", "context", "row_factory", "cursor_factory")
    for name in ("Connection", "AsyncConnection"):
        kind = getattr(module, name)
        connect = kind.connect.__func__
        if name == "Connection":
            originals["psycopg"] = kind.connect

        def redirected(cls, conninfo="", _connect=connect, _name=name, **given):
            passed = {key: given.pop(key) for key in own if key in given}
            try:
                settings = module.conninfo.conninfo_to_dict(conninfo, **given)
            except Exception:
                settings = {}
            address = gate.open(
                "postgresql", "psycopg.%s.connect()" % _name, settings.get("dbname"), settings)
            passed.update((key, settings[key]) for key in KEPT if settings.get(key) is not None)
            passed.update(address.libpq())
            answer = _connect(cls, "", **passed)
            if inspect.isawaitable(answer):
                return _opened_later(answer, gate)
            return gate.opened(answer)

        kind.connect = classmethod(redirected)
    module.connect = module.Connection.connect


async def _opened_later(answer, gate):
    return gate.opened(await answer)


def asyncpg(module, gate):
    connect = module._connect
    originals["asyncpg"] = connect
    where = ("passfile", "service", "servicefile", "direct_tls", "target_session_attrs", "ssl",
             "krbsrvname", "gsslib")

    async def redirected(*arguments, **keywords):
        address = gate.open(
            "postgresql", "asyncpg.connect()", _asyncpg_database(keywords), _asyncpg_place(keywords))
        for key in where:
            if key in keywords:
                keywords[key] = None
        keywords.update(address.asyncpg())
        return gate.opened(await connect(*arguments, **keywords))

    module._connect = redirected


def _asyncpg_database(keywords):
    """The database's name, which stands by itself or in the URL."""
    path = urlsplit(keywords.get("dsn") or "").path.lstrip("/")
    return keywords.get("database") or unquote(path) or None


def _asyncpg_place(keywords):
    """All that says where the database is, by libpq's names."""
    parts = urlsplit(keywords.get("dsn") or "")
    try:
        port = parts.port
    except ValueError:
        port = None
    found = {
        "host": parts.hostname, "port": port, "user": parts.username, "password": parts.password,
        "dbname": _asyncpg_database(keywords)}
    found = {name: unquote(value) if isinstance(value, str) else value
             for name, value in found.items()}
    found.update(parse_qsl(parts.query))
    found.update((name, keywords[name]) for name in ("host", "port", "user", "password")
                 if keywords.get(name) is not None)
    return found


def pg8000(module, gate):
    kind = getattr(module, "CoreConnection", None) or module.Connection
    begin = kind.__init__
    originals["pg8000"] = begin
    signature = inspect.signature(begin)

    def redirected(self, *arguments, **keywords):
        given = dict(signature.bind_partial(self, *arguments, **keywords).arguments)
        address = gate.open("postgresql", "pg8000.connect()", given.get("database"), given)
        given.pop("self", None)
        given.pop("ssl_context", None)
        given.update(
            (key, value) for key, value in address.pg8000().items()
            if key in signature.parameters)
        begin(self, **given)
        gate.opened(self)

    kind.__init__ = redirected


def sqlite3(module, gate):
    """Its function, its class, and the C module that both come from."""
    kind = module.Connection
    if kind in _sqlite_classes.values():
        return
    connect = module.connect
    originals.setdefault("sqlite3", connect)
    watched = _sqlite_classes.setdefault(kind, sqlite_session.watched(kind, gate))

    def redirected(database, *arguments, **keywords):
        if len(arguments) < 5:
            keywords.setdefault("factory", watched)
        return connect(database, *arguments, **keywords)

    package = module.__name__.split(".")[0]
    below = "_sqlite3" if package == "sqlite3" else package + "._sqlite3"
    for one in (module, sys.modules.get(below)):
        if one is not None:
            one.connect, one.Connection = redirected, watched


def refuse(module, gate):
    """A driver of an engine that is never a scratch database; what it keeps in memory is nobody's."""
    for name in ("connect", "Connect", "Connection", "create_pool"):
        if hasattr(module, name):
            def refused(*arguments, _name=name, _call=getattr(module, name), **keywords):
                if module.__name__ in EMBEDDED:
                    database = (arguments or (keywords.get("database", ":memory:"),))[0]
                    if sqlite_session.is_in_memory(str(database)):
                        return _call(*arguments, **keywords)
                gate.open("another", "%s.%s()" % (module.__name__, _name))
            setattr(module, name, refused)


PATCHES = {
    "psycopg2": psycopg2, "psycopg": psycopg, "asyncpg.connect_utils": asyncpg,
    "pg8000.core": pg8000, "sqlite3": sqlite3, "sqlite3.dbapi2": sqlite3,
    "pysqlite3": sqlite3, "pysqlite3.dbapi2": sqlite3,
}
PATCHES.update((name, refuse) for name in (
    "pymysql", "MySQLdb", "mysql.connector", "aiomysql", "asyncmy", "mariadb", "pyodbc", "pymssql",
    "cx_Oracle", "oracledb", "pysqlcipher3.dbapi2", "sqlcipher3.dbapi2", "apsw", "duckdb",
    "psycopg2cffi", "aiopg", "pgdb", "adbc_driver_postgresql.dbapi", "adbc_driver_sqlite.dbapi",
    "aioodbc", "snowflake.connector"))


def install(gate, more):
    """Changes all drivers, and further modules by the functions in `more`."""
    patches = {}
    for name, patch in PATCHES.items():
        patches[name] = lambda module, patch=patch: patch(module, gate)
    patches.update(more)
    imports.change(patches)
