"""Started with `python -c`: takes the worker's modules from descriptor 3 and runs them.

The modules come as one JSON line, so that nothing has to be written to disk; they live in the
package `stairway_worker` and appear in tracebacks under names that no project's file has.
"""
import fcntl
import gc
import importlib.abc
import importlib.util
import json
import os
import sys

# While Alembic and the project are loaded, next to nothing becomes garbage, and the collector would go
# through all that is there, again and again; `serve` starts it.
gc.disable()
requests = os.fdopen(fcntl.fcntl(3, fcntl.F_DUPFD_CLOEXEC, 200), "rb")
answers = fcntl.fcntl(4, fcntl.F_DUPFD_CLOEXEC, 200)
lifeline = fcntl.fcntl(5, fcntl.F_DUPFD_CLOEXEC, 200)
for number in (3, 4, 5):
    os.close(number)
# Stairway holds the other end: when it dies, however it dies, SIGIO ends this process and what it
# has started, even while a migration hangs.
fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgrp())
fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
sources = json.loads(requests.readline().decode("utf-8"))


class Modules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules that were handed over, and only them."""

    def find_spec(self, name, path=None, target=None):
        if name == "stairway_worker":
            return importlib.util.spec_from_loader(name, self, is_package=True)
        if name.startswith("stairway_worker.") and name[16:] in sources:
            return importlib.util.spec_from_loader(name, self)
        return None

    def exec_module(self, module):
        name = module.__name__[16:]
        if name:
            code = compile(sources[name], "<stairway>/%s.py" % name, "exec", dont_inherit=True)
            exec(code, module.__dict__)


sys.meta_path.insert(0, Modules())
# `python -c` puts the working folder first, where a project's folder `alembic` would hide the
# package; the commands `alembic` and `flask` do not.
if sys.path and sys.path[0] in ("", os.getcwd()):
    del sys.path[0]

from stairway_worker import serve  # noqa: E402

serve.main(requests, answers)
