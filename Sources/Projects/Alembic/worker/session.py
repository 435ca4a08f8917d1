"""What a new session of the database would see, on a connection that stays open or comes anew."""
import re

from . import sqlite_session

# PRAGMAs that read, though they take an argument, or that write to the file and not to the session.
_NO_SETTING = (
    r"(?!\w*(?:table|index|function|module|pragma|collation|database)_x?(?:info|list)\b"
    r"|foreign_key_(?:list|check)\b|(?:integrity|quick)_check\b|(?:user|schema)_version\b)")
_SESSION_STATEMENT = re.compile(
    r"\s*(SET\s+(?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b)"
    r"|PRAGMA\s+(?:\w+\.)?" + _NO_SETTING + r"\w+\s*[=(]|ATTACH\b"
    r"|SELECT\s+(pg_catalog\.)?set_config\s*\()", re.IGNORECASE)
_SETTINGS = (
    "SELECT name, setting FROM pg_catalog.pg_settings WHERE source = 'session' AND context IN"
    " ('user', 'superuser')")

# How the last statement of a session ends that has had the server count all it wrote.
_COUNTED = "/* stairway: counted */"


class Settings(object):
    """What `env.py` did to its session before the first step, to be done again to a new one."""

    def __init__(self):
        self._statements = []
        self._values = None

    def note(self, connection, statement, parameters):
        if _SESSION_STATEMENT.match(statement):
            self._statements.append((statement, parameters))

    def read(self, connection):
        """Reads what differs from a new session's settings; only PostgreSQL can tell."""
        if connection.dialect.name != "postgresql":
            return
        self._values = _query(connection, _SETTINGS)

    def apply(self, connection):
        for statement, parameters in self._statements:
            _execute(connection, statement, parameters)
        for name, value in self._values or ():
            _execute(connection, "SELECT pg_catalog.set_config('%s', '%s', false) %s" % (
                name, value.replace("'", "''"), _COUNTED))

    @property
    def is_empty(self):
        return not self._statements and not self._values


def _cursor(connection):
    """A cursor of the driver, below SQLAlchemy's transaction."""
    return raw(connection).cursor()


def _execute(connection, statement, parameters=None):
    cursor = _cursor(connection)
    try:
        if parameters:
            cursor.execute(statement, parameters)
        else:
            cursor.execute(statement)
    finally:
        cursor.close()


def _query(connection, statement):
    cursor = _cursor(connection)
    try:
        cursor.execute(statement)
        return [tuple(row) for row in cursor.fetchall()]
    finally:
        cursor.close()


def raw(connection):
    """The driver's connection below SQLAlchemy's, or the adapter that stands for it."""
    fairy = connection.connection
    return getattr(fairy, "dbapi_connection", None) or fairy.connection


def key(context):
    """Which database the context's connection leads to, as the gate marked it."""
    try:
        return context.connection.info.get("stairway")
    except Exception:
        return None


def watch_pools(gate, recorder):
    """Marks each pooled connection with the database it leads to, and lets none be used for
    another: the pool then opens a new one."""
    from sqlalchemy import event, exc
    from sqlalchemy.pool import Pool

    def connected(dbapi_connection, record):
        record.info["stairway"] = gate.last
        recorder.listen_to(dbapi_connection)

    def taken(dbapi_connection, record, proxy):
        led = record.info.get("stairway")
        if led in (None, gate.address.key) or gate.leads_beside(led):
            return
        if not gate.leads_to_decoy():
            raise exc.DisconnectionError("the scratch database has moved")

    event.listen(Pool, "connect", connected)
    event.listen(Pool, "checkout", taken)


def count_writes(context):
    """Has the server count at once what the session wrote, by which Stairway tells what to read;
    where that cannot be, Stairway reads everything."""
    connection = context.connection
    if not _stays(connection) or in_transaction(connection):
        return
    if (getattr(connection.dialect, "server_version_info", None) or (0,)) < (15,):
        return
    try:
        _execute_at_once(connection, "SELECT pg_catalog.pg_stat_force_next_flush() " + _COUNTED)
    except Exception:
        pass


def renew(context, settings):
    """Ends the session on this connection, so that the next step sees a new one.

    Raises where the connection cannot be renewed; env.py is then run anew.
    """
    connection = context.connection
    if in_transaction(connection):
        raise RuntimeError("a transaction is still open")
    kept = sqlite_session.of(raw(connection))
    if kept is not None and kept.is_as_new(raw(connection)):
        return
    # Which types exist, by what this context has created: the next command would not know.
    getattr(context.impl, "memo", {}).clear()
    if _stays(connection):
        # https://www.postgresql.org/docs/current/sql-discard.html: temporary tables, settings, locks
        # and prepared statements of the session go.
        _execute_at_once(connection, "DISCARD ALL " + _COUNTED, settings.apply)
        return
    connection.invalidate()


def _stays(connection):
    """Whether the session can be ended without closing the connection."""
    return connection.dialect.name == "postgresql" and connection.dialect.driver in (
        "psycopg2", "psycopg", "psycopg_async")


def begin(context):
    """A step begins in the session as it is now."""
    kept = sqlite_session.of(raw(context.connection))
    if kept is not None:
        kept.begin(raw(context.connection))


def resume(context, settings):
    """Prepares a connection that `renew` left closed for the next step."""
    connection = context.connection
    if not getattr(connection, "invalidated", False):
        return
    options = connection.get_execution_options()
    # Opens the new driver's connection, without beginning a transaction.
    connection.connection
    if "isolation_level" in options:
        connection.execution_options(isolation_level=options["isolation_level"])
    if settings.is_empty:
        return
    settings.apply(connection)
    if connection.dialect.name == "postgresql":
        raw(connection).commit()


def _execute_at_once(connection, statement, then=lambda connection: None):
    """Runs the statement, and what comes after it, outside of a transaction."""
    driver = raw(connection)
    # psycopg 3 prepares what it is asked often, and would not know that it is gone.
    if getattr(driver, "prepare_threshold", None) is not None:
        driver.prepare_threshold = None
    automatic = driver.autocommit
    if not automatic:
        driver.autocommit = True
    try:
        _execute(connection, statement)
        then(connection)
    finally:
        if not automatic:
            driver.autocommit = False


def in_transaction(connection):
    """Whether a transaction is open on SQLAlchemy's connection."""
    try:
        return bool(connection.in_transaction())
    except AttributeError:
        return False


class Supplied(object):
    """The connection that stands in `config.attributes` for an env.py that needs one."""

    def __init__(self, connection=None, engine=None):
        self._connection = connection
        self._engine = engine

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._engine.dispose()


def supplied_connection(project):
    """Opens it where the project needs it."""
    if "connection" not in project.supplied:
        return Supplied()
    import sqlalchemy
    engine = sqlalchemy.create_engine(project.url(None))
    connection = engine.connect()
    project.supplied["connection"] = connection
    return Supplied(connection, engine)


def current_schema(connection):
    """Where the connection that env.py prepared makes what names no schema; None where there are no
    schemas."""
    if connection is None or connection.dialect.name != "postgresql":
        return None
    run = getattr(connection, "exec_driver_sql", connection.execute)
    return run("SELECT current_schema()").scalar()
