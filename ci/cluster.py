"""A PostgreSQL for the tools that Stairway is measured and compared with."""

import glob
import itertools
import os
import re
import shutil
import subprocess

import fixtures


class Cluster:
    """A private PostgreSQL without Stairway, on a socket in `folder`, which must not exist.

    It is stopped when the `with` block that it is made for ends, on SIGTERM and Control-C, too.
    """

    def __init__(self, folder):
        binaries = sorted(
            glob.glob("/usr/lib/postgresql/*/bin"),
            key=lambda path: int(re.search(r"/(\d+)/bin", path)[1]),
        )
        if not binaries:
            fixtures.stop("There is no PostgreSQL under /usr/lib/postgresql: run ci/setup.")
        self.bin, self.folder, self.numbers = binaries[-1], folder, itertools.count(1)
        folder.mkdir()
        # PostgreSQL refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(folder, self.user)

    def __enter__(self):
        fixtures.end_on_signals()
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.run("initdb", "--no-sync", "-A", "trust", "-U", "scratch", "-D", self.folder / "data")
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off"
        where = ("-D", self.folder / "data", "-l", self.folder / "log")
        self.run("pg_ctl", "-w", *where, "-o", options, "start")

    def run(self, program, *arguments, seconds=120):
        subprocess.run(
            [f"{self.bin}/{program}", *map(str, arguments)],
            user=self.user,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd="/",
            timeout=seconds,
        )

    def database(self, driver="psycopg2"):
        """A new, empty database's URL; without a driver's name where `driver` is None."""
        name = f"d{next(self.numbers)}"
        self.run("createdb", "-h", self.folder, "-U", "scratch", name)
        scheme = f"postgresql+{driver}" if driver else "postgresql"
        return f"{scheme}://scratch@/{name}?host={self.folder}"

    def stop(self):
        if (self.folder / "data/postmaster.pid").exists():
            self.run("pg_ctl", "-m", "immediate", "-D", self.folder / "data", "stop")
