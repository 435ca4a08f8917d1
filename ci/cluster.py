"""A PostgreSQL for the tools that Stairway is measured and compared with."""

import glob
import os
import re
import shutil
import subprocess

import fixtures


class Cluster:
    """A private PostgreSQL without Stairway, on a socket in `folder`, which must not exist."""

    def __init__(self, folder):
        binaries = sorted(
            glob.glob("/usr/lib/postgresql/*/bin"),
            key=lambda path: int(re.search(r"/(\d+)/bin", path)[1]),
        )
        if not binaries:
            fixtures.stop("There is no PostgreSQL under /usr/lib/postgresql: run ci/setup.")
        self.bin, self.folder, self.made = binaries[-1], folder, 0
        folder.mkdir()
        # PostgreSQL refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(folder, self.user)
        self.run("initdb", "--no-sync", "-A", "trust", "-U", "scratch", "-D", folder / "data")
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        self.run("pg_ctl", "-w", "-D", folder / "data", "-l", folder / "log", "-o", options, "start")

    def run(self, program, *arguments):
        subprocess.run(
            [f"{self.bin}/{program}", *map(str, arguments)],
            user=self.user,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )

    def database(self, driver="psycopg2"):
        """A new, empty database's URL; without a driver's name where `driver` is None."""
        self.made += 1
        self.run("createdb", "-h", self.folder, "-U", "scratch", f"d{self.made}")
        scheme = f"postgresql+{driver}" if driver else "postgresql"
        return f"{scheme}://scratch@/d{self.made}?host={self.folder}"

    def stop(self):
        self.run("pg_ctl", "-m", "immediate", "-D", self.folder / "data", "stop")
