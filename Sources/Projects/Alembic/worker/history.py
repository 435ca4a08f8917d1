"""The revisions as their files tell them, without running the project's code where possible."""
import ast
import os
import re

from .failures import ProjectError, explain, place_of, relative

NAMES = ("revision", "down_revision", "depends_on", "branch_labels")
_REVISION_FILE = re.compile(r"(?!\.\#|__init__)(.*\.py)$")
_LEGACY_NAME = re.compile(r"([a-f0-9]+)\.py$")
_SLUG = re.compile(r"^[^_]+_(.+)$")


class Computed(Exception):
    """A variable's value cannot be read without running the file."""


def files(script):
    """The revision files in Alembic's order, each once."""
    from alembic.script.base import Script
    found = []
    for location in script._version_locations:
        location = os.path.abspath(str(location))
        if not os.path.isdir(location):
            continue
        names = Script._list_py_dir(script, _like(script, location))
        listed = [os.path.join(location, str(one)) for one in names]
        for path in sorted(listed):
            if _REVISION_FILE.match(os.path.basename(path)) and path not in found:
                found.append(path)
    return found


def _like(script, location):
    """The location in the type that this Alembic's own functions take."""
    first = script._version_locations[0]
    return type(first)(location) if not isinstance(first, str) else location


def read(script):
    """Every revision as a dictionary, and whether any file had to be run to read it.

    Raises ProjectError for a file that cannot be read.
    """
    ran = False
    revisions = []
    for path in files(script):
        try:
            found = _parsed(path)
        except Computed:
            found = _run(script, path)
            ran = True
        if found is not None:
            revisions.append(found)
    resolve(revisions)
    return revisions, ran


def folders(script):
    """The folders in which the revisions' files are looked for, as an answer."""
    return {
        "folders": [os.path.abspath(str(one)) for one in script._version_locations],
        "isRecursive": bool(getattr(script, "recursive_version_locations", False))}


def none_found(script):
    """The ProjectError for folders without any revision."""
    places = ", ".join(relative(str(one)) for one in script._version_locations)
    return ProjectError(
        "no-revisions", "there is no revision in %s" % places, None,
        "make one with `alembic revision` or `flask db migrate`, or name the right "
        "`alembic: {config: …}` in stairway.yml")


def _parsed(path):
    with open(path, "rb") as file:
        source = file.read()
    try:
        tree = ast.parse(source, filename=path)
    except (SyntaxError, ValueError) as error:
        raise unreadable(path, error)
    return parsed(tree, path)


def parsed(tree, path, named=None):
    """A revision as its file's syntax tree tells it, whether or not the file is there now; with an id,
    under that one, whatever the file says.

    Raises Computed where the file would have to be run, ProjectError where it is no revision.
    """
    values, lines, stars = {}, {}, False
    bindings = _bindings(tree)
    for node in _statements(tree.body):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines.setdefault(node.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                stars = stars or alias.name == "*"
                lines.setdefault(alias.asname or alias.name, node.lineno)
        for name, value in _assigned(node):
            lines.setdefault(name, node.lineno)
            values[name] = value
    known = {}
    for name in NAMES:
        if name == "revision" and named is not None:
            known[name] = named
            continue
        if bindings.get(name, 0) > (name in values):
            raise Computed(name)
        if name not in values:
            continue
        try:
            known[name] = ast.literal_eval(values[name])
        except (ValueError, TypeError, SyntaxError):
            raise Computed(name)
    if "revision" not in known:
        if stars or "globals" in bindings:
            raise Computed("revision")
        legacy = _LEGACY_NAME.match(os.path.basename(path))
        if legacy is None:
            raise ProjectError(
                "unreadable-revision",
                "the file lies among the revisions but has no variable `revision`",
                "%s:1" % relative(path), "give it one, or move it out of the versions folder")
        known["revision"] = legacy.group(1)
    return _revision(path, known, ast.get_docstring(tree) or "", lines)


def _statements(body):
    """A module's statements, those inside `if` and `try` at its top included."""
    for node in body:
        yield node
        for field in ("body", "orelse", "finalbody"):
            if isinstance(node, (ast.If, ast.Try)):
                for inner in _statements(getattr(node, field, [])):
                    yield inner


def _bindings(tree):
    """How often each variable of a revision is bound, in whatever way, outside of functions that keep
    it to themselves; and `globals` where that is called, through which anything may be."""
    found = {}
    waiting = [(tree, True)]
    while waiting:
        node, is_module = waiting.pop()
        names = []
        if isinstance(node, ast.Name):
            if node.id == "globals":
                names = ["globals"]
            elif is_module and not isinstance(node.ctx, ast.Load):
                names = [node.id]
        elif isinstance(node, ast.Global):
            names = node.names
        elif isinstance(node, ast.ImportFrom) and is_module:
            names = [alias.asname or alias.name for alias in node.names]
        for name in names:
            if name in NAMES or name == "globals":
                found[name] = found.get(name, 0) + 1
        is_function = isinstance(
            node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda))
        waiting.extend(
            (child, is_module and not is_function) for child in ast.iter_child_nodes(node))
    return found


def _assigned(node):
    """The names that an assignment binds to a value that stands there."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            for name, value in _pairs(target, node.value):
                yield name, value
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        if node.value is not None:
            yield node.target.id, node.value


def _pairs(target, value):
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
        starred = any(isinstance(one, ast.Starred) for one in target.elts + value.elts)
        if len(target.elts) == len(value.elts) and not starred:
            for part, one in zip(target.elts, value.elts):
                for pair in _pairs(part, one):
                    yield pair


def _run(script, path):
    """The same by running the file, as Alembic does."""
    from alembic.script.base import Script
    try:
        if hasattr(Script, "_from_path"):
            found = Script._from_path(script, _like(script, path))
        else:
            found = Script._from_filename(script, os.path.dirname(path), os.path.basename(path))
    except Exception as error:
        raise unreadable(path, error)
    if found is None:
        return None
    module = found.module
    known = {name: getattr(module, name, None) for name in NAMES}
    known["revision"] = found.revision
    lines = {}
    for name in ("upgrade", "downgrade"):
        code = getattr(getattr(module, name, None), "__code__", None)
        if code is not None:
            lines[name] = code.co_firstlineno
    return dict(_revision(path, known, module.__doc__ or "", lines), isComputed=True)


def _revision(path, known, doc, lines):
    message = doc.strip().split("\n")[0].strip()
    # Where nobody gave a message, the tool's template begins with this.
    if not message or message.startswith("Revision ID:"):
        slug = _SLUG.match(os.path.basename(path)[:-3])
        message = slug.group(1).replace("_", " ") if slug else ""
    return {
        "id": str(known["revision"]), "parents": _tuple(known.get("down_revision")),
        # An empty name is no dependency, as Alembic sees it, and nobody can say an empty label.
        "dependencies": [one for one in _tuple(known.get("depends_on")) if one],
        "labels": [one for one in _tuple(known.get("branch_labels")) if one], "message": message, "file": relative(path),
        "upgradeLine": lines.get("upgrade"), "downgradeLine": lines.get("downgrade"),
        "idLine": lines.get("revision"), "parentLine": lines.get("down_revision"),
        "dependencyLine": lines.get("depends_on")}


def _tuple(value):
    if value is None:
        return []
    if isinstance(value, (tuple, list, set, frozenset)):
        return [str(one) for one in value if one is not None]
    return [str(value)]


def resolve(revisions):
    """Replaces labels, partial ids and `label@head` by ids; what names nothing stays as it is."""
    ids = {one["id"] for one in revisions}
    labelled = {label: one["id"] for one in revisions for label in one["labels"]}
    children = {}
    for one in revisions:
        for parent in one["parents"]:
            children.setdefault(labelled.get(parent, parent), []).append(one["id"])

    def head(branch):
        waiting, seen = [branch], set()
        heads = []
        while waiting:
            one = waiting.pop()
            if one in seen:
                continue
            seen.add(one)
            following = children.get(one, [])
            waiting.extend(following)
            if not following:
                heads.append(one)
        return heads[0] if len(heads) == 1 else None

    def resolve(name):
        if name in ids:
            return name
        if name in labelled:
            return labelled[name]
        branch, at, rest = name.partition("@")
        if at:
            start = labelled.get(branch, branch)
            if rest in ("head", "heads"):
                return head(start) or name
            if rest == "base":
                return start
            name = rest
        if len(name) > 3:
            matches = [one for one in ids if one.startswith(name)]
            if len(matches) == 1:
                return matches[0]
        return name

    for one in revisions:
        one["parents"] = [resolve(name) for name in one["parents"]]
        one["dependencies"] = [resolve(name) for name in one["dependencies"]]


def conflict(path):
    """The line in which git begins both sides of a merge that it could not make; None where none is."""
    try:
        with open(path, "rb") as file:
            lines = file.read().splitlines()
    except (OSError, TypeError):
        return None
    starts = [at for at, line in enumerate(lines, 1) if line.startswith(b"<<<<<<< ")]
    return starts[0] if starts and any(line.startswith(b">>>>>>> ") for line in lines) else None


def unreadable(path, error):
    """The ProjectError for a revision's file that cannot be loaded."""
    if isinstance(error, SyntaxError):
        where = error.filename or path
        marker = conflict(where)
        if marker is not None:
            return ProjectError(
                "unreadable-revision", "the file holds an unresolved merge",
                "%s:%s" % (relative(where), marker), "settle it, and take git's markers out")
        return ProjectError(
            "unreadable-revision", "syntax error: %s" % error.msg,
            "%s:%s" % (relative(where), error.lineno or 1), "correct the file")
    # The code that fails may be another file's, which the revision imports.
    place = place_of(error)
    is_elsewhere = path and place and place.rsplit(":", 1)[0] != relative(path)
    explained = explain(
        error, "unreadable-revision",
        "the revision %s" % relative(path) if is_elsewhere else "the revision")
    if explained.place is None and path:
        explained.place = "%s:1" % relative(path)
    return explained
