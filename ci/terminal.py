"""A shell at a terminal in which a page's commands are typed one after the other."""

import fcntl
import os
import pathlib
import pty
import re
import select
import struct
import subprocess
import termios
import time
import uuid

import fixtures

# As wide as a page of documentation shows without scrolling.
COLUMNS = 100
# What somebody's own shell may have set, and a newcomer's has not.
UNWANTED = re.compile(r"^(STAIRWAY|FLASK|DATABASE_|PG|GIT|VIRTUAL_ENV|CI$|GITHUB)")
# A live line, drawn and taken away again: nobody finds it in what the terminal shows at the end.
ERASED = re.compile(r"[^\n]*\r\x1b\[K")


class Shell:
    """Runs commands in `folder`; its home folder and the programs on its PATH lie in `home`."""

    def __init__(self, folder, home):
        self.folder = pathlib.Path(folder)
        self.home = pathlib.Path(home)
        self.mark = uuid.uuid4().hex

    def __enter__(self):
        programs = self.home / ".programs"
        programs.mkdir()
        (programs / "stairway").symlink_to(fixtures.stairway())
        self.screen, end = pty.openpty()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
        mode = termios.tcgetattr(end)
        mode[1] &= ~termios.OPOST
        termios.tcsetattr(end, termios.TCSANOW, mode)
        self.process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], cwd=self.folder, env=self.surroundings(programs),
            stdin=subprocess.PIPE, stdout=end, stderr=end, text=True, start_new_session=True,
        )
        os.close(end)
        fixtures.RUNNING.add(self.process)
        # A page puts the release build first on its PATH, which may be an older one here.
        self.process.stdin.write(f'stairway() {{ "{programs}/stairway" "$@"; }}\n')
        return self

    def __exit__(self, *_):
        fixtures.RUNNING.discard(self.process)
        self.process.stdin.close()
        fixtures.end(self.process)
        os.close(self.screen)

    def surroundings(self, programs):
        kept = {name: value for name, value in os.environ.items() if not UNWANTED.match(name)}
        path = [str(programs), str(fixtures.ROOT / ".python/bin"), kept["PATH"]]
        who = {"NAME": "Ann Lee", "EMAIL": "ann@example.org"}
        return {
            **kept, "PATH": ":".join(path), "HOME": str(self.home), "TERM": "xterm", "NO_COLOR": "1",
            "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "GIT_PAGER": "cat",
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()},
        }

    def run(self, command):
        """Types a command and returns the lines that the terminal then shows."""
        # What it reads is not what is typed next; `$?` is its own for the command after it.
        self.process.stdin.write(
            f"{{ {command}\n}} </dev/null; status=$?; printf '\\n%s\\n' {self.mark}; (exit $status)\n"
        )
        self.process.stdin.flush()
        shown = ERASED.sub("", self.shown()).replace(str(self.home), "/home/ann")
        return [line.rstrip() for line in shown.rstrip("\n").split("\n")] if shown.strip() else []

    def shown(self):
        end = f"\n{self.mark}\n"
        until = time.monotonic() + fixtures.LIMIT
        said = b""
        while not said.endswith(end.encode()):
            readable, _, _ = select.select([self.screen], [], [], max(0, until - time.monotonic()))
            if not readable:
                fixtures.stop(f"A command did not end within {fixtures.LIMIT} seconds:\n{said.decode()}")
            try:
                said += os.read(self.screen, 65536)
            except OSError:
                fixtures.stop(f"The shell ended before its command did:\n{said.decode()}")
        return said.decode()[: -len(end)]

    @property
    def here(self):
        """The folder that the commands so far have led to."""
        return pathlib.Path(os.readlink(f"/proc/{self.process.pid}/cwd"))

    def write(self, name, text):
        path = self.here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def change(self, difference):
        """Changes files as `git apply` would."""
        command = ["git", "apply", "--recount", "--unsafe-paths", "--whitespace=nowarn"]
        done = subprocess.run(
            command, input=difference, cwd=self.here, text=True, capture_output=True, check=False,
            env={**os.environ, "GIT_CEILING_DIRECTORIES": str(self.home)},
        )
        if done.returncode:
            fixtures.stop(f"The page's change does not apply:\n{done.stderr}{difference}")
