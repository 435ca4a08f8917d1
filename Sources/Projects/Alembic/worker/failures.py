"""What was raised, as values: class, message, SQLSTATE, statement and the project's own lines."""
import linecache
import os
import re
import sys
import sysconfig

LONGEST = 4000
# What SQLite says of another engine's SQL.
_OTHER_SQL = re.compile(
    "syntax error|unrecognized token|no such function|no such collation|unknown database"
    "|no such table: (pg_|information_schema)|no such module")
# Modules whose package has another name.
_PACKAGES = {
    "dotenv": "python-dotenv", "yaml": "pyyaml", "jwt": "pyjwt", "PIL": "pillow",
    "decouple": "python-decouple", "psycopg2": "psycopg2-binary", "dateutil": "python-dateutil",
}
_project = {"folder": None, "foreign": (), "scripts": ()}


class ProjectError(Exception):
    """The project cannot be read or run; the fields of Stairway's error of that name."""

    def __init__(self, code, message, place=None, fix=None):
        Exception.__init__(self, message)
        self.code = code
        self.place = place
        self.fix = fix

    def fields(self):
        return {"code": self.code, "message": str(self), "place": self.place, "fix": self.fix}


def know_project(folder):
    """Says which files are the project's own: below its folder, and in no Python installation."""
    foreign = {os.path.realpath(sys.prefix), os.path.realpath(sys.base_prefix)}
    folder = os.path.realpath(folder)
    _project["folder"] = folder + os.sep
    # A project may itself lie inside the prefix, e.g. below /usr.
    _project["foreign"] = tuple(
        path + os.sep for path in foreign if not (folder + os.sep).startswith(path + os.sep))


def know_scripts(script):
    """Counts the history's own folders in, wherever they lie: a package may hold its history."""
    folders = [script.dir] + [str(one) for one in script._version_locations]
    _project["scripts"] = tuple(os.path.realpath(one) + os.sep for one in folders)


def is_own(path):
    """Whether a file is the user's own code."""
    folder = _project["folder"]
    if folder is None or path.startswith("<"):
        return False
    path = os.path.realpath(path)
    # Compiled modules name files that are not there, by paths that seem to begin in this folder.
    if not os.path.isfile(path):
        return False
    return path.startswith(_project["scripts"]) or (
        path.startswith(folder) and os.sep + "site-packages" + os.sep not in path
        and os.sep + "dist-packages" + os.sep not in path
        and not path.startswith(_project["foreign"]))


def project_folder():
    return _project["folder"] or ""


def relative(path):
    """A file's name as reports show it."""
    path = os.path.realpath(path)
    folder = _project["folder"]
    return path[len(folder):] if folder and path.startswith(folder) else path


def _frame(path, line, function):
    return {
        "file": relative(path), "line": line or 0, "function": function,
        "code": linecache.getline(path, line or 0).strip()[:200]}


def frames_of(error):
    """The project's own frames, outermost first; `env.py` only where it is the last."""
    found = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if is_own(code.co_filename):
            found.append(_frame(code.co_filename, trace.tb_lineno, code.co_name))
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename and is_own(error.filename):
        found.append(_frame(error.filename, error.lineno, "<module>"))
    return _without_environment(found)


def frames_of_stack():
    """The same of the present stack."""
    found = [
        _frame(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)
        for frame in stack(sys._getframe(1)) if is_own(frame.f_code.co_filename)]
    found.reverse()
    return _without_environment(found)


def stack(frame):
    """The frames from this one outwards. SQLAlchemy runs an asynchronous connection's work in a greenlet,
    where the stack ends: it goes on with the coroutine that awaits it."""
    greenlet = sys.modules.get("greenlet")
    current = greenlet.getcurrent() if greenlet is not None else None
    while frame is not None:
        yield frame
        frame = frame.f_back
        while frame is None and current is not None:
            current = current.parent
            frame = current.gr_frame if current is not None else None


def _without_environment(found):
    inner = [
        index for index, frame in enumerate(found) if os.path.basename(frame["file"]) != "env.py"]
    return found[inner[0]:] if inner else found


def place_of(error):
    """`path:line` of the project's innermost frame."""
    frames = frames_of(error)
    return "%s:%d" % (frames[-1]["file"], frames[-1]["line"]) if frames else None


def class_name(error):
    kind = type(error)
    module = kind.__module__
    return kind.__qualname__ if module == "builtins" else "%s.%s" % (module, kind.__qualname__)


def _driver_error(error):
    """The driver's own exception: below SQLAlchemy's, and below that of its asyncio adapters."""
    original = getattr(error, "orig", None)
    if not isinstance(original, BaseException):
        original = error
    if "AsyncAdapt" in type(original).__qualname__ and original.__cause__ is not None:
        original = original.__cause__
    return original


def _message(original):
    diagnosis = getattr(original, "diag", None)
    primary = getattr(diagnosis, "message_primary", None)
    if primary:
        return _with_dependents(primary, original, getattr(diagnosis, "message_detail", None))
    arguments = getattr(original, "args", ())
    if arguments and isinstance(arguments[0], dict) and "M" in arguments[0]:
        return _with_dependents(str(arguments[0]["M"]), original, arguments[0].get("D"))
    if type(original).__module__.startswith("asyncpg") and arguments:
        return _with_dependents(str(arguments[0]), original, getattr(original, "detail", None))
    if isinstance(original, KeyError) and arguments:
        return repr(arguments[0])
    if isinstance(original, SyntaxError):
        return original.msg or str(original)
    text = str(original)
    return text if not hasattr(original, "_sql_message") else str(original.args[0])


# dependent_objects_still_exist: its detail says which, and holds no values of rows.
_DEPENDENTS = "2BP01"


def _with_dependents(message, original, detail):
    """PostgreSQL's message, with its detail where that alone says what is to be done."""
    if _state(original) != _DEPENDENTS or not detail:
        return message
    return "%s: %s" % (message, "; ".join(str(detail).splitlines()))


def _state(original):
    for name in ("pgcode", "sqlstate"):
        state = getattr(original, name, None)
        if isinstance(state, str):
            return state
    arguments = getattr(original, "args", ())
    if arguments and isinstance(arguments[0], dict):
        state = arguments[0].get("C")
        return str(state) if state else None
    return None


def describe(error):
    """The fields of Stairway's `StepFailure`, but for its kind."""
    original = _driver_error(error)
    statement = getattr(error, "statement", None)
    return {
        "type": class_name(error), "message": _message(original).strip()[:LONGEST],
        "sqlState": _state(original),
        "statement": statement.strip() if isinstance(statement, str) else None,
        "frames": frames_of(error)}


def raised(error):
    """The fields of Stairway's `StepFailure` for what was raised and let through."""
    return dict(describe(error), kind="raised")


def missing_variable(error):
    """The name of the variable that the code asked `os.environ` for in vain."""
    trace = error.__traceback__
    last = None
    while trace is not None:
        last = trace.tb_frame
        trace = trace.tb_next
    if isinstance(error, KeyError) and last is not None and error.args:
        if last.f_code.co_filename in (os.__file__, "<frozen os>"):
            return str(error.args[0])
    if type(error).__name__ in ("UndefinedValueError", "EnvError") and error.args:
        words = str(error.args[0]).replace('"', " ").replace("'", " ").split()
        return words[0] if words and words[0].isupper() else None
    return None


def missing_settings(error):
    """The settings that a pydantic class asks for and nobody gave."""
    ask = getattr(error, "errors", None)
    if type(error).__name__ != "ValidationError" or not callable(ask):
        return []
    try:
        return [
            str(one["loc"][-1]) for one in ask()
            if one.get("type") in ("missing", "value_error.missing") and one.get("loc")]
    except Exception:
        return []


def explain(error, code, what):
    """The ProjectError for something that the project's code raised while it was loaded.

    `what` begins the sentence: `env.py`, `the application wsgi:app`.
    """
    from .address import MissingDriver
    from .gate import refusal
    chain = []
    one = error
    while one is not None and one not in chain:
        chain.append(one)
        one = one.__cause__ or one.__context__
    for one in chain:
        if isinstance(one, ProjectError):
            return one
        if isinstance(one, MissingDriver):
            return ProjectError(
                "missing-driver" if one.is_own else "other-engine", str(one), place_of(error),
                installing(one.packages[0] if one.packages else ""))
    refused = refusal(error)
    if refused is not None:
        return refused_connection(refused, error)
    place = place_of(error)
    name = missing_variable(error)
    if name is not None:
        return ProjectError(
            code, "%s needs the environment variable %s, which is not set" % (what, name), place,
            "set it under `alembic: {environment: {%s: …}}` in stairway.yml" % name)
    missing = missing_settings(error)
    if missing:
        names = ", ".join(one.upper() for one in missing)
        return ProjectError(
            code, "%s needs settings that are not set: %s" % (what, names), place,
            "set them under `alembic: {environment: {%s: …}}` in stairway.yml" % missing[0].upper())
    if isinstance(error, ModuleNotFoundError) and error.name:
        top = error.name.split(".")[0]
        if top in sys.modules:
            return ProjectError(
                code, "%s imports %s, which the project's Python does not have" % (
                    what, error.name), place)
        own = _folder_of_own(top)
        if own is not None:
            return ProjectError(
                code, "%s imports %s, which lies in %s and is not installed in the project's Python" % (
                    what, top, own), place, _installation_of_own(own))
        return ProjectError(
            "missing-package" if top == "alembic" else code,
            "%s imports %s, which is not installed in the project's Python" % (what, top), place,
            _installation(top))
    if any(isinstance(one, (ImportError, ValueError)) and "greenlet" in str(one) for one in chain):
        return ProjectError(
            code, "%s needs greenlet for asynchronous connections, which is not installed in the"
            " project's Python" % what, place, _installation("greenlet"))
    described = describe(error)
    if isinstance(error, SystemExit):
        return ProjectError(
            code, "%s ended the process (exit status %s)" % (what, error.code), place)
    return ProjectError(
        code, "%s raised %s: %s" % (what, described["type"], _first_lines(described["message"])),
        place, _one_engine(error, described) if code == "environment-fails" else None)


def _one_engine(error, described):
    """The mend for what SQLite cannot read; None for all else."""
    if type(_driver_error(error)).__module__.split(".")[0] not in ("sqlite3", "aiosqlite"):
        return None
    if not _OTHER_SQL.search(described["message"]):
        return None
    return ("where the project runs on PostgreSQL alone, write `engines: [postgresql]` into stairway.yml;"
            " else ask `connection.dialect.name` before the statement")


def refused_connection(why, error):
    """The ProjectError for what Stairway does not let the project's code open."""
    return ProjectError(
        "connection-refused", why, place_of(error),
        "switch it off where Stairway runs, e.g. by a variable under `alembic: {environment: {…}}`"
        " in stairway.yml")


def _first_lines(text):
    return " ".join(line.strip() for line in text.splitlines()[:3])[:500]


def _installation(package):
    folder = (_project["folder"] or "").rstrip(os.sep)
    for name in ("requirements.txt", "requirements/base.txt"):
        if os.path.isfile(os.path.join(folder, name)):
            return installing("-r " + name)
    return installing(_PACKAGES.get(package, package))


def installing(what):
    """What makes the project's Python have it: pip, but not where the system keeps its own packages from it."""
    if is_managed():
        return ("activate the project's virtual environment, or name its Python with --python or"
                " STAIRWAY_PYTHON; where there is none yet, `python3 -m venv .venv` makes one")
    return "%s -m pip install %s" % (sys.executable, what)


def is_managed():
    """Whether pip refuses to install anything for this Python, which is the system's own (PEP 668)."""
    home = os.path.dirname(os.path.dirname(sys.executable))
    if os.path.exists(os.path.join(home, "pyvenv.cfg")):
        return False
    return os.path.exists(os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED"))


def _folder_of_own(package):
    """The folder of the project, from it on, that a package or module of its own lies in; None where it has none."""
    folder = _project["folder"] or ""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return None
    for name in names:
        path = os.path.join(folder, name, package)
        if not name.startswith(".") and (
                os.path.isfile(os.path.join(path, "__init__.py")) or os.path.isfile(path + ".py")):
            return name
    return None


def _installation_of_own(folder):
    project = _project["folder"] or ""
    if any(os.path.isfile(os.path.join(project, name)) for name in ("pyproject.toml", "setup.py")):
        return installing("-e " + project.rstrip(os.sep))
    return "write `alembic: {environment: {PYTHONPATH: %s}}` into stairway.yml" % folder


def place_of_function(function):
    """`path:line` where it is defined."""
    code = getattr(function, "__code__", None)
    return "%s:%d" % (relative(code.co_filename), code.co_firstlineno) if code else None
