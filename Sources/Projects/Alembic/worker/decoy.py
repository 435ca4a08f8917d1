"""A database for what an application does to its database while it is loaded.

Made when the first connection is opened in that time, so it costs nothing where none is.
"""
import os
import shutil
import tempfile

from .address import Address


class Decoy(object):
    def __init__(self, gate):
        self._gate = gate
        self._address = None
        self._folder = None

    def address(self):
        if self._address is None:
            scratch = self._gate.address
            if scratch.engine == "sqlite":
                self._folder = tempfile.mkdtemp(
                    prefix=".stairway-load-", dir=os.path.dirname(scratch.path) or None)
                self._address = Address.file(os.path.join(self._folder, "load.db"))
            else:
                name = "%s_load_%d" % (scratch.database[:40], os.getpid())
                _administer(scratch, ['CREATE DATABASE "%s"' % name])
                self._address = scratch.sibling(name)
        return self._address

    @property
    def is_used(self):
        return self._address is not None

    def tables(self):
        """What the application made."""
        if self._address is None:
            return []
        if self._address.engine == "sqlite":
            if not os.path.exists(self._address.path):
                return []
            return _administer(
                self._address,
                ["SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                 " ORDER BY name"])
        return _administer(
            self._address,
            ["SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND"
             " table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY table_name"])

    def drop(self):
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        elif self._address is not None:
            name = self._address.database
            _administer(self._gate.address, [
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
                " AND pid <> pg_backend_pid()" % name,
                'DROP DATABASE IF EXISTS "%s"' % name])
        self._folder = None
        self._address = None


def _administer(address, statements):
    """Runs statements on a connection of Stairway's own and gives the last one's first column."""
    from . import own_connections
    return own_connections.administer(address, statements)
