"""Programs that an application starts while it runs up: they would not be led to the scratch database.

A variable names it to them, but what they read from files of the project names the project's own.
"""
import os
import sys

from .gate import Refused

# What only asks the machine something.
_HARMLESS = frozenset((
    "git", "hg", "uname", "ldconfig", "gcc", "cc", "ld", "objdump", "file", "hostname", "nproc",
    "locale", "lscpu", "which", "lsb_release", "tput", "stty"))


def refuse():
    """From now on this process starts no program but harmless ones."""
    sys.addaudithook(_watch)
    _refuse_spawning()


def _watch(event, arguments):
    if event == "subprocess.Popen":
        program, command = arguments[0], arguments[1]
        if isinstance(command, (list, tuple)) and command:
            _judge(command[0] if program is None else program, command)
        else:
            _judge(program or command, [command])
    elif event in ("os.exec", "os.posix_spawn", "os.spawn"):
        path = arguments[1] if event == "os.spawn" else arguments[0]
        _judge(path, [path])
    elif event == "os.system":
        _judge(arguments[0], [arguments[0]])


def _judge(program, command):
    name = os.path.basename(os.fsdecode(program)) if program else ""
    if name not in _HARMLESS:
        shown = " ".join(os.fsdecode(one) for one in command if one is not None)
        raise Refused(
            "the application starts a program (%s), which Stairway cannot lead to the scratch"
            " database" % shown[:200])


def _refuse_spawning():
    """`multiprocessing` starts its children without telling the audit hook."""
    from multiprocessing import util

    def refused(path, arguments, descriptors):
        _judge(path, arguments)

    util.spawnv_passfds = refused
