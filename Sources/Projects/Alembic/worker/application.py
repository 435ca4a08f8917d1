"""The project's application, started as a deployment starts it: imported, built, and let run up.

What it then does to its database is seen from outside.
"""
import asyncio
import importlib
import inspect
import os
import re

from . import failures, files, first_request
from .failures import ProjectError, explain

_BUILDS = re.compile(
    r"^[ \t]*(?:async )?(?:[\w.]+\s*(?::[^=\n]+)?=\s*|return )"
    r"(?:\w+\.)?(Flask|FastAPI|Starlette|Litestar|Quart|Sanic)\(", re.MULTILINE)
_FRAME = re.compile(r'File "(.+?)", line (\d+)')
# Modules that deployments name, `__init__` for the package itself.
_USUAL = ("wsgi", "asgi", "main", "app", "application", "server", "__init__")
_FACTORIES = ("create_app", "make_app", "get_app", "build_app")
_NAMES = ("app", "application", "api")


def start(project, environment_file, name):
    """Starts it. Gives what it is called, or None where the project has none."""
    if project.is_flask and not name:
        project.load_application()
        project.started = project.app.app
        first_request.meet(project.started)
        return "the Flask application"
    _reach_modules(project)
    found = name or _find(project, environment_file)
    if found is None:
        return None
    module, _, attribute = found.partition(":")
    try:
        loaded = importlib.import_module(module)
    except BaseException as error:
        if isinstance(error, ModuleNotFoundError) and error.name and (
                module + ".").startswith(error.name + "."):
            raise _missing(found, "there is no module %s" % error.name)
        raise explain(error, "application-fails", "the application %s" % found)
    key, application = _attribute(loaded, attribute, found)
    if not attribute and inspect.isfunction(application):
        found = "%s:%s" % (module, key)
    try:
        project.started = _built(application, found)
        _run_up(project.started)
    except ProjectError:
        raise
    except BaseException as error:
        raise explain(error, "application-fails", "the application %s" % found)
    return "the application %s" % found


def _reach_modules(project):
    """Makes importable what `prepend_sys_path` of the ini makes importable, as Alembic does."""
    try:
        project.make_script(project.make_config())
    except ProjectError:
        # Told where the history is read.
        pass


def _attribute(module, name, found):
    """The application or its factory, and what it is called in the module."""
    if name:
        target = module
        for part in name.rstrip("()").split("."):
            if not hasattr(target, part):
                raise _missing(found, "the module has no %s" % name)
            target = getattr(target, part)
        return name, target
    for candidate in _NAMES + _FACTORIES:
        if hasattr(module, candidate):
            return candidate, getattr(module, candidate)
    return None, None


def _missing(found, why):
    return ProjectError(
        "no-application", "the application %s does not exist: %s" % (found, why), None,
        "name it with `application: module:attribute`, or switch it off: `application: none`")


def _built(application, found):
    """What a factory returns; an application itself is one already."""
    if not inspect.isfunction(application):
        return application
    needed = [
        one.name for one in inspect.signature(application).parameters.values()
        if one.default is one.empty and one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD,
                                                    one.KEYWORD_ONLY)]
    if len(needed) > 0 and not _is_asgi(needed):
        raise ProjectError(
            "application-fails", "the factory %s needs arguments (%s)" % (
                found, ", ".join(needed)), failures.place_of_function(application),
            "name one that needs none with `application: module:function`")
    return application if needed else application()


def _is_asgi(parameters):
    return parameters in (["scope", "receive", "send"], ["environ", "start_response"])


def _run_up(application):
    """Lets an application do what it does before its first request: Flask's, and one that speaks ASGI
    (<https://asgi.readthedocs.io/en/latest/specs/lifespan.html>)."""
    if application is None or not callable(application):
        return
    if hasattr(application, "wsgi_app"):
        first_request.meet(application)
        return
    if not _speaks_asgi(application):
        return
    asyncio.run(_lifespan(application))


def _speaks_asgi(application):
    call = application if inspect.isfunction(application) else type(application).__call__
    return inspect.iscoroutinefunction(call)


async def _lifespan(application):
    events = asyncio.Queue()
    told = asyncio.Queue()
    await events.put({"type": "lifespan.startup"})
    scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
    running = asyncio.ensure_future(application(scope, events.get, told.put))
    answer = asyncio.ensure_future(told.get())
    await asyncio.wait({running, answer}, return_when=asyncio.FIRST_COMPLETED)
    if not answer.done():
        # It ended without an answer: an application that knows no lifespan raises here, by the
        # protocol's own words, and is started without.
        answer.cancel()
        return
    said = answer.result()
    await events.put({"type": "lifespan.shutdown"})
    # How it ends is not looked at: it has started.
    await asyncio.wait({running}, timeout=5)
    running.cancel()
    if said["type"] == "lifespan.startup.failed":
        raise _cause(running) or _told(said.get("message") or "")


def _cause(running):
    """What the application let through after it said that it failed, as Starlette's do; None where it
    kept it for itself."""
    error = running.exception() if running.done() and not running.cancelled() else None
    # A group of tasks that a lifespan opens raises what one of them raised within a group.
    while getattr(error, "exceptions", None):
        error = error.exceptions[0]
    return error


def _told(message):
    """What an application says of its failure, which may be a whole stack: its last line is the cause."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    own = [(path, line) for path, line in _FRAME.findall(message) if failures.is_own(path)]
    return ProjectError(
        "application-fails", "the application did not start up%s" % (
            ": " + lines[-1] if lines else ""),
        "%s:%s" % (failures.relative(own[-1][0]), own[-1][1]) if own else None)


def _find(project, environment_file):
    """The module of the project that builds an application; None where there is none."""
    scripts = os.path.dirname(os.path.realpath(environment_file)) if environment_file else None
    # An env.py beside the application leaves the folder the project's own.
    history = (scripts + os.sep,) if scripts not in (None, os.getcwd()) else ()
    found = [
        path for path in files.walk(".", project.ini or project.toml, history)
        if _builds_application(path) and files.module_name(path)]
    return files.module_name(min(found, key=_rank)) if found else None


def _rank(path):
    """What a deployment names comes first: by its name, then the outermost."""
    name = os.path.basename(path)[:-3]
    usual = _USUAL.index(name) if name in _USUAL else len(_USUAL)
    return (usual == len(_USUAL), path.count(os.sep), usual, path)


def _builds_application(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return bool(_BUILDS.search(file.read()))
    except OSError:
        return False
