"""A database for what an application does to one that is not the migrated one: to its own while it is
loaded, or to another that it has beside it (databases.py).

Made when the first connection is opened, so it costs nothing where none is.
"""
import os
import shutil
import tempfile

from .address import Address


class Decoy(object):
    def __init__(self, gate, label="load", engine=None):
        """`label` is a word for names; `engine` the one that it is for, the scratch database's where it
        is not told. One for PostgreSQL needs a scratch database there."""
        self._gate = gate
        self._label = label
        self._engine = engine
        self._place = None
        self._folder = None
        self._is_made = False

    def place(self):
        """Its address, whether or not it is made."""
        if self._place is None:
            scratch = self._gate.address
            if (self._engine or scratch.engine) == "sqlite":
                beside = os.path.dirname(scratch.path) or None if scratch.path else None
                self._folder = tempfile.mkdtemp(prefix=".stairway-%s-" % self._label, dir=beside)
                self._place = Address.file(os.path.join(self._folder, self._label + ".db"))
            else:
                name = "%s_%s_%d" % (scratch.database[:40], self._label, os.getpid())
                self._place = scratch.sibling(name)
        return self._place

    def address(self):
        """Its address; it is there afterwards."""
        place = self.place()
        if not self._is_made and place.engine == "postgresql":
            _administer(self._gate.address, ['CREATE DATABASE "%s"' % place.database])
        self._is_made = True
        return place

    @property
    def is_used(self):
        return self._is_made

    def tables(self):
        """What the application made."""
        if not self._is_made:
            return []
        if self._place.engine == "sqlite":
            if not os.path.exists(self._place.path):
                return []
            return _administer(
                self._place,
                ["SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                 " ORDER BY name"])
        return _administer(
            self._place,
            ["SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND"
             " table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY table_name"])

    def drop(self):
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        elif self._is_made:
            name = self._place.database
            _administer(self._gate.address, [
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
                " AND pid <> pg_backend_pid()" % name,
                'DROP DATABASE IF EXISTS "%s"' % name])
        self._folder = None
        self._place = None
        self._is_made = False


def _administer(address, statements):
    """Runs statements on a connection of Stairway's own and gives the last one's first column."""
    from . import own_connections
    return own_connections.administer(address, statements)
