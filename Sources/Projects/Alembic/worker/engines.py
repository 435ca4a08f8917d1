"""Builds every SQLAlchemy engine on the scratch database, whatever it was given."""
import sys
import weakref

from .address import MissingDriver, choose_driver, split_scheme
from .databases import made_by, name_of_url

# Arguments that mean the same on every engine; others go when the project's URL is another's.
PORTABLE = {
    "echo", "echo_pool", "future", "pool_pre_ping", "pool_reset_on_return", "execution_options",
    "json_serializer", "json_deserializer", "hide_parameters", "logging_name",
    "pool_logging_name", "query_cache_size", "label_length", "max_identifier_length",
    "insertmanyvalues_page_size", "use_insertmanyvalues", "enable_from_linting", "convert_unicode",
    "_is_async", "_coerce_config", "_initialize", "empty_in_strategy", "strategy",
}
# What says where to connect to, in URLs' queries and in `connect_args`.
WHERE = {
    "host", "hostaddr", "port", "user", "username", "password", "passwd", "database", "dbname",
    "dsn", "service", "passfile", "ssl", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl",
    "sslpassword", "ssl_context", "direct_tls", "target_session_attrs", "channel_binding",
    "gssencmode", "krbsrvname", "connect_timeout", "unix_sock", "uri", "mode", "cache", "vfs",
    "async_creator_fn",
}
LIBPQ_KEYWORDS = {"application_name", "options", "client_encoding", "fallback_application_name"}
SQLITE_ARGUMENTS = {
    "check_same_thread", "timeout", "detect_types", "isolation_level", "cached_statements",
    "factory", "autocommit",
}
engines = weakref.WeakSet()


class Engines(object):
    """Stands in for `create_engine`."""

    def __init__(self, gate):
        self._gate = gate
        self.drivers = set()

    def rewritten(self, url, keywords):
        """The URL and arguments to use instead of these."""
        from sqlalchemy.engine.url import make_url
        if self._gate.witness is not None:
            _show(self._gate.witness, url, keywords)
        address = self._gate.address_for(name_of_url(url))
        try:
            given = make_url(url)
            named = split_scheme(given.drivername + "://") or (given.drivername.split("+")[0], None)
            query = dict(given.query)
        except Exception:
            given, query = None, {}
            named = split_scheme(str(url)) or ("", None)
        if "+" in getattr(given, "drivername", ""):
            named = (named[0], given.drivername.split("+", 1)[1])
        is_same = named[0] == address.engine
        is_async = bool(keywords.get("_is_async")) or named[1] in (
            "aiosqlite", "asyncpg", "psycopg_async", "aiomysql", "asyncmy")
        wanted = named[1] if is_same else None
        try:
            driver = choose_driver(address.engine, wanted or _default(address.engine), is_async)
        except MissingDriver as missing:
            # A URL of Stairway's own says nothing about what the project supports.
            is_ours = address.leads_here(given)
            missing.is_own = address.engine in self._gate.named or (is_same and not is_ours)
            raise
        self.drivers.add(driver)
        spoken = "psycopg_async" if driver == "psycopg" and wanted == "psycopg_async" else driver
        target = make_url(address.text(spoken))
        kept = {}
        if is_same and address.engine == "postgresql":
            kept = {key: value for key, value in query.items() if key not in WHERE}
        if driver == "asyncpg":
            # The scratch address may stand in the variable that the URL was read from, with
            # keywords of libpq that this driver does not take.
            kept = {key: value for key, value in kept.items() if key not in LIBPQ_KEYWORDS}
        target = _with_query(target, kept)

        def same_driver():
            return is_same and (wanted in (None, driver, spoken))

        return target, self._arguments(keywords, is_same, same_driver(), address.engine)

    def _arguments(self, keywords, is_same, is_same_driver, engine):
        """Of the arguments, those that fit the scratch database."""
        kept = dict(keywords)
        for name in ("creator", "async_creator", "pool"):
            kept.pop(name, None)
        if _version() < [2, 0] and kept.pop("_is_async", False):
            kept["future"] = True
        arguments = kept.pop("connect_args", None) or {}
        if not is_same_driver:
            options = arguments.get("options") if is_same else None
            arguments = {"options": options} if options else {}
            kept.pop("module", None)
        poolclass = kept.get("poolclass")
        name = getattr(poolclass, "__name__", "")
        loses_pool = name in ("StaticPool", "SingletonThreadPool")
        if loses_pool:
            kept.pop("poolclass")
        if not is_same:
            kept = {
                key: value for key, value in kept.items()
                if key in PORTABLE or (key == "poolclass" and name == "NullPool")
                or (key == "isolation_level" and _is_common_level(value))}
        if isinstance(arguments, dict):
            wanted = {
                key: value for key, value in arguments.items()
                if key not in WHERE and (engine != "sqlite" or key in SQLITE_ARGUMENTS)}
            if wanted:
                kept["connect_args"] = wanted
        return kept


def _show(witness, url, keywords):
    """Lets the witness see where an engine would lead; a function that opens its connections is called,
    and asks the gate."""
    try:
        if callable(keywords.get("creator")):
            keywords["creator"]()
        else:
            witness.see_engine(url, keywords)
    except Exception:
        # Told where the engine is made.
        pass


def _is_common_level(level):
    return isinstance(level, str) and level.upper() in ("AUTOCOMMIT", "SERIALIZABLE")


def _default(engine):
    """The driver that SQLAlchemy takes for a URL without one."""
    if engine != "postgresql":
        return None
    return "psycopg" if _version() >= [2, 1] else "psycopg2"


def _version():
    import sqlalchemy
    return [int(part) for part in sqlalchemy.__version__.split(".")[:2] if part.isdigit()]


def _with_query(url, query):
    """The URL with this query, in the words of SQLAlchemy 1.4 and later, or of 1.3."""
    if hasattr(url, "set"):
        return url.set(query=query)
    url.query = query
    return url


def install(gate):
    """Puts the stand-in where user code will import it from; returns it."""
    import sqlalchemy
    import sqlalchemy.engine
    stand_in = Engines(gate)
    real = sqlalchemy.create_engine

    def create_engine(url, **keywords):
        if keywords.get("strategy") in ("mock", "threadlocal") or "executor" in keywords:
            return real(url, **keywords)
        name = name_of_url(url)
        url, keywords = stand_in.rewritten(url, keywords)
        engine = real(url, **keywords)
        # The dialect is the same for all that is derived from the engine.
        engine.dialect.stairway_name = name
        engines.add(engine)
        return engine

    create_engine.__doc__ = real.__doc__
    for name in ("sqlalchemy", "sqlalchemy.engine", "sqlalchemy.engine.create"):
        module = sys.modules.get(name)
        if module is not None and getattr(module, "create_engine", None) is real:
            module.create_engine = create_engine
    stand_in.create_engine = create_engine
    stand_in.real = real
    return stand_in


def patch_asyncio(stand_in):
    """What to do once `sqlalchemy.ext.asyncio.engine` is imported: an `AsyncEngine` made around an
    engine whose driver is not asynchronous gets one that is."""
    def patch(module):
        if getattr(module, "_create_engine", None) is stand_in.real:
            module._create_engine = stand_in.create_engine
        begin = module.AsyncEngine.__init__

        def redirected(self, sync_engine, *arguments, **keywords):
            if not getattr(sync_engine.dialect, "is_async", False):
                name = made_by(sync_engine)
                sync_engine = stand_in.create_engine(sync_engine.url, _is_async=True)
                sync_engine.dialect.stairway_name = name
            begin(self, sync_engine, *arguments, **keywords)

        module.AsyncEngine.__init__ = redirected
    return patch


def dispose():
    """Closes the idle connections of every engine that there is.

    Those of an asynchronous driver belong to an event loop that has ended; the gate closes them.
    """
    for engine in list(engines):
        try:
            if getattr(engine.dialect, "is_async", False):
                engine.dispose(close=False)
            else:
                engine.dispose()
        except Exception:
            pass
