"""Which database a connection that this process opens leads to: the scratch database, or none.

Everything that opens one asks the gate, whatever it was about to open: drivers (drivers.py),
engines (engines.py), and, through variables, programs that the project starts (variables.py).
"""
import sys
import weakref

from . import decoy


class Refused(Exception):
    """Something tried to open a database that is not the scratch database."""


# Why SQLite was last told to refuse a statement; its own error says only that it was, in the second
# way for `VACUUM INTO`.
_denial = []
_DENIED = ("not authorized", "authorization denied")


def refusal(error):
    """Why Stairway refused what led to this error; None where it did not."""
    seen = []
    while error is not None and error not in seen:
        if isinstance(error, Refused):
            return str(error)
        if _denial and any(words in str(error) for words in _DENIED):
            return _denial[0]
        seen.append(error)
        error = error.__cause__ or error.__context__
    return None


class Gate(object):
    def __init__(self, address):
        self.address = address
        # An application that makes tables or migrates while it is loaded does so on a decoy, so
        # that the scratch database is empty when the walk begins, and is left as it is when a new
        # worker takes over in the middle of it.
        self.decoy = decoy.Decoy(self)
        self.uses_decoy = True
        self.is_loading = False
        # The engines that the project's own settings name.
        self.named = frozenset()
        self.last = None
        # While an application is started: its databases, of which one is the migrated one.
        self.databases = None
        # Who takes down what is asked for, where that is the question (own_databases.py).
        self.witness = None
        self._opened = []

    def address_text(self, scheme):
        """The scratch database's URL in the place of the project's own, whose engine and driver
        these are."""
        return self.address.spelled_as(scheme)

    def leads_to_decoy(self):
        """Whether what is opened right now belongs to the loading of the application."""
        return self.uses_decoy and self.decoy.is_used and (self.is_loading or _is_importing())

    def address_for(self, name):
        """Where an engine is built for the database of this name (databases.py)."""
        return self.address if self.databases is None else self.databases.address_for(name)

    def leads_beside(self, key):
        """Whether a pooled connection's mark is that of another database than the migrated one."""
        return self.databases is not None and self.databases.leads_beside(key)

    def open(self, engine, call, database=None, given=None):
        """Where a connection of this engine leads that was to open this database, by what else the
        driver was given.

        Raises Refused where the scratch database is another engine's.
        """
        if self.witness is not None and engine in ("sqlite", "postgresql"):
            self.witness.see_connection(engine, database, given)
        if self.databases is not None and engine in ("sqlite", "postgresql"):
            other = self.databases.lead(engine, database)
            if other is not None:
                self.last = other.key
                return other
        if engine != self.address.engine:
            title = "PostgreSQL" if self.address.engine == "postgresql" else "SQLite"
            reason = (
                "%s was called, but the migrations run on a scratch %s database, and Stairway lets"
                " them reach no other" % (call, title))
            raise Refused(reason)
        address = self.address
        if self.uses_decoy and (self.is_loading or _is_importing()):
            address = self.decoy.address()
        self.last = address.key
        return address

    @staticmethod
    def deny(path):
        """Notes that a statement was about to open another file of SQLite's."""
        _denial[:] = [
            "a statement would open %s, and Stairway lets the migrations reach no file but the"
            " scratch database" % (path or "another file")]

    def opened(self, connection):
        """Remembers a driver's connection, so that it can be closed when the database is copied."""
        try:
            self._opened.append(weakref.ref(connection))
        except TypeError:
            pass
        return connection

    def open_connections(self):
        """The driver connections that are still open, as far as they tell."""
        alive = [(reference, reference()) for reference in self._opened]
        still = [
            (reference, one) for reference, one in alive if one is not None and not _is_closed(one)]
        self._opened = [reference for reference, _ in still]
        return [one for _, one in still]


def _is_closed(connection):
    """What the driver says; SQLite's connections may be closed twice."""
    if type(connection).__module__.startswith("pg8000"):
        return getattr(connection, "_usock", None) is None
    closed = getattr(connection, "closed", None)
    if closed is None:
        closed = getattr(connection, "is_closed", False)
    try:
        return bool(closed() if callable(closed) else closed)
    except Exception:
        return True


# The worker's own modules that run env.py and load revisions.
_LOADERS = ("<stairway>/environment", "<stairway>/revisions")


def _is_importing():
    """Whether a module of the project is just being imported: its code is not yet a migration's.

    `env.py` and the revisions are loaded by Alembic itself and do not count.
    """
    frame = sys._getframe(1)
    importing = False
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith("<frozen importlib"):
            importing = importing or frame.f_code.co_name == "_find_and_load_unlocked"
        elif name.endswith("/env.py") or name.startswith(_LOADERS):
            return importing
        frame = frame.f_back
    return importing
