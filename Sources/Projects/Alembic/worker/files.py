"""The project's own Python files, and the names under which its modules are imported."""
import os
import sys

_SKIPPED_FOLDERS = frozenset((
    "node_modules", "site-packages", "dist-packages", "tests", "test", "testing", "docs", "doc",
    "examples", "example", "scripts", "benchmarks", "build", "dist", "__pycache__", "venv", "env",
    "fixtures", "stairway"))
_SKIPPED_FILES = ("test_", "conftest", "setup.py", "noxfile", "fabfile")


def walk(top, own_ini, history=()):
    """Every file below the folder that may be a module of the project, tests and tools left out.

    `history` are the folders of the migrations, each with a separator at its end; `own_ini` is the
    settings' file of this project: a folder with another one is another project.
    """
    top = os.path.realpath(top)
    own_ini = os.path.realpath(own_ini or top)
    for base, folders, names in os.walk(top):
        folders[:] = sorted(
            one for one in folders
            if not one.startswith(".") and one.lower() not in _SKIPPED_FOLDERS
            and not _is_foreign(os.path.join(base, one), history, own_ini))
        for name in sorted(names):
            path = os.path.join(base, name)
            if name.endswith(".py") and not name.startswith(_SKIPPED_FILES) and not (
                    name.endswith("_test.py") or path.startswith(tuple(history))):
                yield path


def _is_foreign(folder, history, own):
    """A virtual environment, this history or another one, another project."""
    path = os.path.realpath(folder)
    if (path + os.sep).startswith(tuple(history)) or os.path.islink(folder):
        return True
    if os.path.exists(os.path.join(path, "pyvenv.cfg")):
        return True
    if os.path.exists(os.path.join(path, "env.py")) and os.path.isdir(
            os.path.join(path, "versions")):
        return True
    ini = os.path.join(path, "alembic.ini")
    return os.path.exists(ini) and ini != own


def loaded():
    """The files of all modules that are imported by now."""
    return {os.path.realpath(path) for path in (
        getattr(module, "__file__", None) for module in list(sys.modules.values()))
        if isinstance(path, str)}


def module_name(path):
    """The name under which the file would be imported; None where it cannot be."""
    path = os.path.realpath(path)
    best = None
    for folder in sys.path:
        folder = os.path.realpath(folder or ".")
        if not path.startswith(folder + os.sep):
            continue
        parts = path[len(folder) + 1:-len(".py")].split(os.sep)
        if parts[-1] == "__init__":
            parts = parts[:-1]
        if not parts or not all(part.isidentifier() for part in parts):
            continue
        name = ".".join(parts)
        rank = (_is_package_of(path, parts), -len(parts))
        if best is None or rank > best[0]:
            best = (rank, name)
    return best[1] if best else None


def path_of_module(name):
    """The file that would be imported under the name, which is not loaded; None where there is none."""
    parts = name.split(".")
    package = sys.modules.get(".".join(parts[:-1])) if len(parts) > 1 else None
    folders = [os.path.join(one, parts[-1]) for one in getattr(package, "__path__", ())] or [
        os.path.join(one or ".", *parts) for one in sys.path if isinstance(one, str)]
    for folder in folders:
        for path in (folder + ".py", os.path.join(folder, "__init__.py")):
            if os.path.isfile(path):
                return os.path.realpath(path)
    return None


def _is_package_of(path, parts):
    """2 where its package is loaded from this folder, 1 where every folder in between is a package."""
    if len(parts) == 1:
        return 0
    parent = sys.modules.get(".".join(parts[:-1]))
    folders = [os.path.realpath(one) for one in getattr(parent, "__path__", ())]
    if os.path.dirname(path) in folders:
        return 2
    folder = os.path.dirname(path)
    for _ in parts[:-1]:
        if not os.path.isfile(os.path.join(folder, "__init__.py")):
            return 0
        folder = os.path.dirname(folder)
    return 1
