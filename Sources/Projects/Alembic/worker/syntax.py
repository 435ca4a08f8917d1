"""What a revision's file does, as digests of its syntax tree: no formatting, no comments, no docstrings.

The digests stand in `stairway.lock` and are compared between machines, so they must not depend on the
Python that makes them. `ast.dump` does; here a tree is written out from what 3.8 to 3.14 agree on:
empty lists, None and positions are left out, so that a field which only some versions have
(`type_params`, `kind`, `type_comment`) does not show, and nodes that went away are resolved
(`Index` and `ExtSlice` until 3.8).
"""
import ast
import hashlib
import json

# What a revision is called and where it stands is told apart.
HEADER = ("revision", "down_revision", "depends_on", "branch_labels")
# What is imported from these serves annotations alone.
TYPING = ("typing", "typing_extensions", "collections.abc", "__future__")
_LEFT_OUT = ("ctx", "kind", "type_comment", "type_ignores", "returns", "annotation", "type_params")


def read(tree, with_header=False):
    """The digest of the whole, that of all but the way down, and the parts as dictionaries."""
    functions, rest = {}, []
    body = list(_running(tree.body))
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            functions.setdefault(node.name, []).append(node)
        elif not _is_idle(node):
            rest.append(node)
    imports = _imports(rest, _names(body))
    others = [_statement(one, with_header) for one in rest if not _is_import(one)]
    others = [one for one in others if one is not None]
    written = {name: [_node(one) for one in nodes] for name, nodes in functions.items()}
    whole = [(name, _digest(one)) for name, one in written.items()]
    if imports or others:
        whole.append(("", _digest([imports, others])))
    # An import belongs to the functions that use it: one that a function begins to use is its own.
    own = {name: _imports(rest, _names(nodes), False) for name, nodes in functions.items()}
    parts = [_part(name, [own[name], written[name]], nodes) for name, nodes in functions.items()]
    beside = [one for one in rest if with_header or not _is_header(one)]
    kept = _imports(rest, _names(one for one in beside if not _is_import(one)), False)
    left = [one for one in imports if one in kept or not any(one in used for used in own.values())]
    if left or others:
        parts.append(_part("", [left, others], beside))
    upward = [[one["name"], one["digest"]] for one in parts if one["name"] != "downgrade"]
    return _digest(sorted(whole)), _digest(sorted(upward)), parts


def labels(tree, names):
    """The part that says the branch labels, by what they are; none where there are none."""
    said = [one for one in tree.body if _is_header(one) and "branch_labels" in _targets(one)]
    return [_part("branch_labels", sorted(names), said)] if names and said else []


def _running(body):
    """A module's statements but those that only type checkers read: `if TYPE_CHECKING:`."""
    for node in body:
        if isinstance(node, ast.If) and _is_type_checking(node.test):
            for inner in _running(node.orelse):
                yield inner
        else:
            yield node


def _is_type_checking(test):
    name = test.id if isinstance(test, ast.Name) else getattr(test, "attr", None)
    return name == "TYPE_CHECKING"


def _names(nodes):
    """What these use by its name. Annotations use nothing, but in a class, where they may declare."""
    found, waiting = set(), [(node, False) for node in nodes]
    while waiting:
        node, in_class = waiting.pop()
        if isinstance(node, ast.Name):
            found.add(node.id)
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns") and not in_class:
                continue
            children = value if isinstance(value, list) else [value]
            waiting += [
                (one, isinstance(node, ast.ClassDef)) for one in children
                if isinstance(one, ast.AST)]
    return found


def _part(name, written, nodes):
    first = min(
        [one.lineno for one in nodes]
        + [mark.lineno for one in nodes for mark in getattr(one, "decorator_list", ())])
    last = max(one.end_lineno for one in nodes)
    return {"name": name, "digest": _digest(written), "firstLine": first, "lastLine": last}


def _digest(written):
    """Of nested lists of texts; JSON writes them alike everywhere."""
    text = json.dumps(written, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]


def _is_import(node):
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _is_header(node):
    return isinstance(node, (ast.Assign, ast.AnnAssign)) and all(
        name in HEADER for name in _targets(node))


def _targets(node):
    """The names that an assignment binds; None for what is none."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [
        name.id if isinstance(name, ast.Name) else None
        for one in targets for name in (one.elts if isinstance(one, ast.Tuple) else [one])]


def _is_idle(node):
    """Whether a statement does nothing: `pass`, a docstring or another constant by itself, `__all__`."""
    if isinstance(node, ast.Assign) and _targets(node) == ["__all__"]:
        return True
    return isinstance(node, ast.Pass) or (
        isinstance(node, ast.Expr) and _is_constant(node.value))


def _is_constant(node):
    """Whether it is a literal, an f-string without fields among them."""
    return isinstance(node, ast.Constant) or (
        isinstance(node, ast.JoinedStr) and all(isinstance(one, ast.Constant) for one in node.values))


def _imports(nodes, used, with_stars=True):
    """The module's imports, one by one and sorted: neither order nor repetition counts, nor those that
    nothing uses."""
    return [list(one) for one in sorted(set(_imported(nodes, used, with_stars)))]


def _imported(nodes, used, with_stars):
    for node in nodes:
        if not _is_import(node):
            continue
        module = getattr(node, "module", None) or ""
        for alias in node.names:
            bound = alias.asname or alias.name.split(".")[0]
            if module in TYPING or alias.name in TYPING:
                continue
            if bound in used or with_stars and alias.name == "*":
                level = str(getattr(node, "level", None) or 0)
                kind, name = type(node).__name__, alias.name
                if kind == "Import" and alias.asname and "." in name:
                    # `import a.b as c` binds what `from a import b as c` does.
                    kind = "ImportFrom"
                    module, name = name.rsplit(".", 1)
                other = alias.asname if alias.asname != name else ""
                yield kind, level, module, name, other or ""


def _statement(node, with_header):
    """A statement of the module's own; None for the header, unless that is to count."""
    if _is_header(node) and not with_header:
        return None
    return _assignment(node) if isinstance(node, ast.AnnAssign) else _node(node)


def _assignment(node):
    """An annotated assignment as one without; None where nothing is assigned."""
    return None if node.value is None else ["Assign", [_node(node.target)], _node(node.value)]


def _node(node):
    """A node as nested lists of texts."""
    kind = type(node).__name__
    if kind == "Index":
        return _node(node.value)
    if kind == "ExtSlice":
        return ["Tuple", ["elts", [_node(one) for one in node.dims]]]
    if isinstance(node, ast.Constant):
        return _constant(node.value)
    if isinstance(node, ast.JoinedStr):
        return _joined(node)
    if isinstance(node, ast.Assign):
        return ["Assign", [_node(one) for one in node.targets], _node(node.value)]
    if isinstance(node, ast.ClassDef):
        # In a class an annotation may declare a column.
        return [kind] + _fields(node, kept=("annotation",))
    return [kind] + _fields(node)


def _fields(node, kept=()):
    found = []
    for name, value in ast.iter_fields(node):
        if name in _LEFT_OUT and name not in kept:
            continue
        if isinstance(value, list):
            written = [
                _child(one, bool(kept)) for one in value
                if not isinstance(one, ast.stmt) or not _is_idle(one)]
            value = [one for one in written if one is not None]
            if value:
                found.append([name, value])
        elif value is not None:
            found.append([name, _child(value, bool(kept))])
    return found


def _child(value, in_class):
    if isinstance(value, ast.AnnAssign) and in_class:
        return ["AnnAssign"] + _fields(value, kept=("annotation",))
    if isinstance(value, ast.AnnAssign):
        return _assignment(value)
    if isinstance(value, ast.AST):
        return _node(value)
    return "" if value is None else _constant(value) if not isinstance(value, str) else value


def _joined(node):
    """An f-string; one without fields is the plain text that it holds."""
    pieces = _pieces(node)
    if all(one[0] == "str" for one in pieces):
        return ["str", "".join(one[1] for one in pieces)]
    return ["JoinedStr", pieces]


def _pieces(node):
    """What an f-string is put together from; how its plain pieces are split differs between versions."""
    pieces = []
    for one in node.values:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            if pieces and pieces[-1][0] == "str":
                pieces[-1] = ["str", pieces[-1][1] + one.value]
            elif one.value:
                pieces.append(["str", one.value])
        else:
            pieces.append(_formatted(one))
    return pieces


def _formatted(node):
    conversion = node.conversion if node.conversion is not None else -1
    form = _pieces(node.format_spec) if node.format_spec is not None else []
    return ["FormattedValue", _node(node.value), "%d" % conversion, ["JoinedStr", form]]


def _constant(value):
    if isinstance(value, bool) or value is None or value is Ellipsis:
        return ["name", str(value)]
    if isinstance(value, str):
        return ["str", value]
    if isinstance(value, bytes):
        return ["bytes", value.hex()]
    if isinstance(value, int):
        # In hexadecimal: the length of a decimal one is limited from 3.11 on.
        return ["int", "%x" % value]
    return [type(value).__name__, repr(value)]
