"""Variables that name a database: in the process, in `.env` files, and those that libpq reads."""
import os
import re

from .address import is_telling, passwords, split_scheme
from .databases import name_of_url

USUAL = ("DATABASE_URL", "SQLALCHEMY_DATABASE_URI", "DATABASE_URI")
_LINE = re.compile(r"^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$")


def read_file(path):
    """The variables of a `.env` file, plainly: enough to see which name a database."""
    found = {}
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                match = _LINE.match(line)
                if match:
                    found[match.group(1)] = match.group(2).strip("'\"")
    except OSError:
        pass
    return found


class Variables(object):
    """Sets every variable that names a database to the scratch database, in the driver it named."""

    def __init__(self, folders):
        self._schemes = {}
        # Of those that name another database than the migrated one, where they lead.
        self._others = {}
        given = {}
        for folder in folders:
            for name in (".env", ".flaskenv"):
                for key, value in read_file(os.path.join(folder, name)).items():
                    given.setdefault(key, value)
        given.update(os.environ)
        for key, value in given.items():
            scheme = split_scheme(value)
            if scheme is not None and not key.startswith("STAIRWAY_"):
                self._schemes[key] = scheme
        # The passwords of the databases that they named.
        self.passwords = sorted({
            password for key in self._schemes for password in passwords(given[key])}.union(
                one for one in [given.get("PGPASSWORD", "")] if is_telling(one)))
        self._urls = {key: given[key] for key in self._schemes}
        for key in USUAL:
            self._schemes.setdefault(key, (None, None))

    @property
    def named_engines(self):
        """The engines that the variables named before they were led elsewhere."""
        return {engine for engine, _ in self._schemes.values() if engine is not None}

    @property
    def urls(self):
        """The URLs that the variables held before they were led elsewhere."""
        return list(self._urls.values())

    def names(self):
        """What the migrated database is called in the variables, as far as they tell: what the usual
        ones say or, without these, the only name."""
        names = {key: name_of_url(url) for key, url in self._urls.items()}
        usual = {names[key] for key in USUAL if names.get(key) is not None}
        several = {one for one in names.values() if one is not None}
        return usual or (several if len(several) == 1 else set())

    def tell_apart(self, databases):
        """Lets variables that name another database than the migrated one name a decoy."""
        for key, url in self._urls.items():
            name = name_of_url(url)
            if key not in USUAL and not databases.is_migrated(name):
                self._others[key] = databases.alias(name)

    def lead_to(self, address):
        for key, scheme in self._schemes.items():
            os.environ[key] = self._others.get(key, address).spelled_as(scheme)
        for key, value in address.variables().items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value
