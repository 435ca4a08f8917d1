"""Which of an application's databases is the migrated one, and a decoy for each of the others.

Databases are told apart by their names: the file's path, or the database's name on whatever server, so
that a replica or a pooler is no other one.
"""
import os

from .address import split_scheme
from .decoy import Decoy
from .sqlite_session import is_in_memory


def name_of_url(url):
    """What the database of a URL is called, as (engine, path or name); None for what is no database
    URL, or names none."""
    from sqlalchemy.engine.url import make_url
    try:
        text = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    except AttributeError:
        text = str(url)
    scheme = split_scheme(text)
    if scheme is None:
        return None
    try:
        return named(scheme[0], make_url(text.replace("postgres://", "postgresql://", 1)).database)
    except Exception:
        return None


def named(engine, database):
    """The name of what a driver is asked to open."""
    if engine != "sqlite":
        return (engine, str(database)) if database else None
    path = os.fsdecode(database or "")
    if is_in_memory(path):
        return engine, ":memory:"
    if path.startswith("file:"):
        path = path[5:].split("?")[0]
        path = "/" + path.lstrip("/") if path.startswith("//") else path
    return engine, os.path.realpath(path)


def name_of(address):
    return named(address.engine, address.path or address.database)


def made_by(engine):
    """What the database of SQLAlchemy's engine was called before it was led to the scratch database."""
    return getattr(engine.dialect, "stairway_name", None)


class Databases(object):
    """The databases of an application that is started."""

    def __init__(self, gate, known, chosen=None):
        """`known` are names that env.py or the settings give the migrated one; `chosen` is what an
        earlier start found it to be called, where it has none of these."""
        self._gate = gate
        self._known = {tuple(one) for one in known}
        # Whether a file that the application opens by itself can be told from the migrated one.
        self._is_named = bool(self._known)
        self._chosen = tuple(chosen) if chosen else None
        self._decoys = {}
        # By the name of the decoy.
        self._stands_for = {}
        self._has_engine = False
        # Whether the application has the migrated one, for sure.
        self._is_met = False
        self._opened = []
        self._files = []

    def is_migrated(self, name):
        if name is None or name == name_of(self._gate.address) or name in self._known:
            return True
        return name == self._chosen

    def address_for(self, name):
        """Where an engine is built for the database of this name. What comes of it is seen when it
        connects."""
        self._has_engine = True
        name = self._stands_for.get(name, name)
        if self.is_migrated(name):
            self._is_met = True
            return self._gate.address
        return self._decoy(name, self._gate.address.engine).place()

    def alias(self, name):
        """An address that stands for the database of this name, in variables."""
        return self._decoy(name, self._gate.address.engine).place()

    def lead(self, engine, database):
        """The decoy's address for a connection to another database; None for the migrated one."""
        asked = named(engine, database)
        stands_for = self._stands_for.get(asked, asked)
        if self.is_migrated(stands_for):
            self._is_met = True
            return None
        if asked == stands_for and engine == "sqlite":
            self._files.append(asked)
        else:
            self._opened.append(stands_for)
        if engine == "postgresql" and self._gate.address.engine != engine:
            return None
        return self._decoy(stands_for, engine).address()

    def leads_beside(self, key):
        """Whether a pooled connection's mark says that it leads to another database."""
        return any(decoy.is_used and decoy.address().key == key for decoy in self._decoys.values())

    def found(self, default):
        """The name of the migrated one, where what was opened as another turns out to be it.

        It is the application's `default` database where it has one; else the first that it opened, by
        an engine or on a server. A file that it opens by itself is only taken for it where nothing
        else could be.
        """
        if self._is_met or self._chosen is not None:
            return None
        if default is not None:
            return default if default in self._opened else None
        if self._opened:
            return self._opened[0]
        return None if self._is_named or self._has_engine or not self._files else self._files[0]

    def drop(self):
        for decoy in self._decoys.values():
            decoy.drop()

    def _decoy(self, name, engine):
        decoy = self._decoys.get((name, engine))
        if decoy is None:
            decoy = Decoy(self._gate, "other%d" % (len(self._decoys) + 1), engine)
            self._decoys[name, engine] = decoy
            self._stands_for[name_of(decoy.place())] = name
        return decoy
