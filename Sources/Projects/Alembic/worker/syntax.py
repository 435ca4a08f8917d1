"""What a revision's file does, as digests of its syntax tree: no formatting, no comments, no docstrings.

The digests stand in `stairway.lock` and are compared between machines, so they must not depend on the
Python that makes them. `ast.dump` does; here a tree is written out from what 3.8 to 3.14 agree on:
empty lists, None and positions are left out, so that a field which only some versions have
(`type_params`, `kind`, `type_comment`) does not show, and nodes that went away are resolved
(`Index` and `ExtSlice` until 3.8).
"""
import ast
import hashlib
import itertools
import json

# What a revision is called and where it stands is told apart.
HEADER = ("revision", "down_revision", "depends_on", "branch_labels")
# What is imported from these serves annotations alone.
TYPING = ("typing", "typing_extensions", "collections.abc", "__future__")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# What Alembic asks a module for.
_ENTRIES = HEADER + ("upgrade", "downgrade")
# What may reach a definition by a text.
_LOOKING_UP = frozenset((
    "globals", "vars", "eval", "exec", "__import__", "importlib", "inspect", "modules"))
# The modules whose functions change nothing by being called, and those that may wrap a function.
_CALLED = frozenset((
    "collections", "contextlib", "dataclasses", "datetime", "decimal", "enum", "functools", "logging",
    "re", "sqlalchemy", "string", "textwrap", "typing", "uuid"))
_DECORATORS = frozenset(("contextlib", "dataclasses", "functools"))
_ACTING = frozenset((
    "as_mutable", "associate_with", "basicConfig", "compiler", "create", "create_all", "create_engine", "drop",
    "drop_all", "engine_from_config", "event", "events", "execute"))
_BUILT_IN = frozenset((
    "Exception", "RuntimeError", "ValueError", "bool", "bytes", "dict", "enumerate", "float", "frozenset",
    "int", "len", "list", "max", "min", "object", "range", "reversed", "set", "sorted", "str", "sum",
    "tuple", "zip"))
_LEFT_OUT = ("ctx", "kind", "type_comment", "type_ignores", "returns", "annotation", "type_params")


def read(tree, with_header=False):
    """The digest of the whole, that of all but the way down, and the parts as dictionaries."""
    functions, rest = {}, []
    body = list(_running(tree.body))
    for node in body:
        if isinstance(node, _DEFINITIONS):
            functions.setdefault(node.name, []).append(node)
        elif not _is_idle(node):
            rest.append(node)
    imports = _imports(rest, _names(body))
    others = _statements(rest, with_header)
    whole = [(name, _digest([_node(one) for one in nodes])) for name, nodes in functions.items()]
    if imports or others:
        whole.append(("", _digest([imports, [text for _, text in others]])))
    helpers = _helpers(body) if "downgrade" in functions else []
    named = {name: nodes for name, nodes in functions.items() if nodes[0] not in helpers}
    # An import belongs to the functions that use it: one that a function begins to use is its own.
    own = {
        name: _imports(rest, _names(nodes + (helpers if name == "downgrade" else [])), False)
        for name, nodes in named.items()}
    parts = [
        _downgrade(own[name], nodes, helpers, body) if helpers and name == "downgrade"
        else _part(name, [own[name], [_node(one) for one in nodes]], nodes)
        for name, nodes in named.items()]
    beside = [one for one in rest if one not in helpers and (with_header or not _is_header(one))]
    others = _statements(beside, with_header)
    kept = _imports(rest, _names(one for one in beside if not _is_import(one)), False)
    left = [one for one in imports if one in kept or not any(one in used for used in own.values())]
    if left or others:
        nodes = [one for one, _ in others] or [
            one for one in rest if any(list(name) in left for name in _imported([one], None))]
        parts.append(_part("", [left, [text for _, text in others]], nodes))
    upward = [[one["name"], one["digest"]] for one in parts if one["name"] != "downgrade"]
    return _digest(sorted(whole)), _digest(sorted(upward)), parts


def _downgrade(imports, nodes, helpers, body):
    """The part of the way down with what only that uses; its lines are those that lie together."""
    written = sorted(_digest(_statement(one, True)) for one in helpers)
    together = list(nodes)
    around = body.index(nodes[0]), body.index(nodes[-1])
    for neighbours in (body[:around[0]][::-1], body[around[1] + 1:]):
        together += itertools.takewhile(lambda one: one in helpers, neighbours)
    return _part("downgrade", [imports, [_node(one) for one in nodes], written], together)


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


def _helpers(body):
    """The functions, classes and values that only the way down reaches, and that do nothing where
    they stand."""
    units = [one for one in body if not _is_import(one) and not _is_idle(one)]
    bound = {}
    for node in body:
        for name in _bound(node):
            bound.setdefault(name, []).append(node)
    down = _reached({"downgrade"}, bound)
    found = [
        one for one in units if (isinstance(one, _DEFINITIONS) or _is_plain_assignment(one))
        and all(name in down and len(bound[name]) == 1 and name not in _ENTRIES for name in _bound(one))]
    # What the file's loading runs, and what the way up reaches, grows with what is not calm.
    while True:
        loaded = [
            one for unit in units if unit not in found for one in _loaded(unit, _Calm(bound, ()))]
        up = _reached(set(_ENTRIES) - {"downgrade"}, bound, loaded)
        calm = _Calm(bound, up)
        remaining = [one for one in found if not up.intersection(_bound(one)) and calm.is_so(one)]
        if len(remaining) == len(found):
            return found
        found = remaining


def _loaded(unit, calm):
    """What of a statement the file's loading runs, or may."""
    if not isinstance(unit, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return [unit]
    given = unit.decorator_list + [one for one in unit.args.defaults + unit.args.kw_defaults if one]
    return given if unit.name == "downgrade" or calm.is_so(unit) else [unit]


def _bound(node):
    """The names that a statement of the module's binds, or may."""
    if isinstance(node, _DEFINITIONS):
        return [node.name]
    if _is_plain_assignment(node):
        return _targets(node)
    names = []
    for one in ast.walk(node):
        if isinstance(one, ast.alias):
            names.append(one.asname or one.name.split(".")[0])
        elif isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load):
            names.append(one.id)
        elif isinstance(one, _DEFINITIONS + (ast.ExceptHandler,)) and one.name:
            names.append(one.name)
    return names


def _is_plain_assignment(node):
    """Whether a value is given to names, and to nothing else."""
    return isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None and (
        None not in _targets(node))


def _reached(names, bound, nodes=()):
    """The names that these and these statements use, and those that what they name uses in turn."""
    found, waiting = set(), list(names)
    for node in nodes:
        waiting += _used(node, bound)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            for node in bound.get(name, ()):
                waiting += _used(node, bound)
    return found


def _used(node, bound):
    """What a statement uses by its name, or may look up by a text."""
    used, nodes = _names([node]), list(ast.walk(node))
    ways = [
        one for one in nodes
        if (getattr(one, "id", None) or getattr(one, "attr", None)) in _LOOKING_UP]
    places = [place for place in map(_place_in_globals, nodes) if place is not None]
    # Where it is not told of each what is looked up, it may be anything.
    beginnings = [_beginning(one) for one in places] if len(places) == len(ways) else [""]
    return used.union(name for name in bound if name.startswith(tuple(beginnings)))


def _place_in_globals(node):
    """What `globals()[…]` is asked for, as Alembic's template for several databases does; else None."""
    if not isinstance(node, ast.Subscript):
        return None
    owner, place = node.value, node.slice
    if type(place).__name__ == "Index":
        place = place.value
    is_globals = isinstance(owner, ast.Call) and getattr(owner.func, "id", None) == "globals"
    return place if is_globals else None


def _beginning(node):
    """How a text begins that is put together, e.g. `"downgrade_%s" % name`; empty where it is not told."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp):
        text = _beginning(node.left)
        return text.split("%")[0] if isinstance(node.op, ast.Mod) else text
    if isinstance(node, ast.JoinedStr) and node.values:
        return _beginning(node.values[0])
    if isinstance(node, ast.Call) and getattr(node.func, "attr", None) == "format":
        return _beginning(node.func.value).split("{")[0]
    return ""


class _Calm(object):
    """Whether definitions do nothing but define: nothing is called that may change anything else."""

    def __init__(self, bound, up):
        self._bound = bound
        self._up = up

    def is_so(self, node):
        if isinstance(node, ast.ClassDef):
            bases = node.bases + [one.value for one in node.keywords]
            return self._is_wrapped(node) and all(self._is_base(one) for one in bases) and all(
                self.is_so(one) for one in node.body)
        if isinstance(node, _DEFINITIONS):
            given = [one for one in node.args.defaults + node.args.kw_defaults if one]
            return self._is_wrapped(node) and all(self._is_value(one) for one in given)
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            return None not in _targets(node) and (node.value is None or self._is_value(node.value))
        return _is_idle(node)

    def _is_wrapped(self, node):
        return all(self._is_harmless(one, _DECORATORS) for one in node.decorator_list)

    def _is_base(self, base):
        """Whether nothing else is changed by a class that has this base, or this option."""
        name = getattr(base, "id", None)
        if name in self._bound and name not in self._up and not any(
                _is_import(one) for one in self._bound[name]):
            return True
        return self._is_harmless(base, _CALLED)

    def _is_value(self, value):
        waiting = [value]
        while waiting:
            node = waiting.pop()
            if isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)):
                return False
            if isinstance(node, ast.Call) and not self._is_call(node):
                return False
            if not isinstance(node, ast.Lambda):
                waiting += ast.iter_child_nodes(node)
        return True

    def _is_call(self, call):
        given = call.args + [one.value for one in call.keywords]
        return self._is_harmless(call.func, _CALLED) and not any(
            self._is_acted_on(one, name) for name in _names(given) for one in self._bound.get(name, ()))

    def _is_acted_on(self, node, name):
        """Whether a call that is given this may run it, or change it under the way up."""
        if isinstance(node, _DEFINITIONS):
            return True
        return name in self._up and not _is_import(node) and any(
            isinstance(one, ast.Call) for one in ast.walk(node))

    def _is_harmless(self, function, modules):
        """Whether what is called, or derived from, is known to change nothing."""
        words = []
        while isinstance(function, (ast.Attribute, ast.Subscript, ast.Call)):
            if isinstance(function, ast.Attribute):
                words.append(function.attr)
            function = function.func if isinstance(function, ast.Call) else function.value
        if isinstance(function, (ast.Constant, ast.JoinedStr)):
            return True
        if not isinstance(function, ast.Name):
            return False
        name = function.id
        binding = self._bound.get(name, ())
        if not binding:
            return name in _BUILT_IN
        if all(_is_import(one) for one in binding):
            wholes = [_imported_from(one, name) + words for one in binding]
            return wholes == [["alembic", "op", "f"]] or all(
                one[0] in modules and not _ACTING.intersection(one) for one in wholes)
        # A value of the way down's own, whose methods change nothing but itself.
        return bool(words) and name not in self._up and all(_is_plain_assignment(one) for one in binding)


def _imported_from(node, name):
    """The words of what an import binds to the name, from the outermost package on; "" before dots."""
    for alias in node.names:
        if (alias.asname or alias.name.split(".")[0]) == name:
            if isinstance(node, ast.ImportFrom):
                return [""] * (node.level or 0) + (node.module or "").split(".") + [alias.name]
            return alias.name.split(".")[:None if alias.asname else 1]
    return [""]


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


def _imported(nodes, used, with_stars=True):
    """Each import as what it binds; all of them where `used` is None."""
    for node in nodes:
        if not _is_import(node):
            continue
        module = getattr(node, "module", None) or ""
        for alias in node.names:
            bound = alias.asname or alias.name.split(".")[0]
            if module in TYPING or alias.name in TYPING:
                continue
            if used is None or bound in used or with_stars and alias.name == "*":
                level = str(getattr(node, "level", None) or 0)
                kind, name = type(node).__name__, alias.name
                if kind == "Import" and alias.asname and "." in name:
                    # `import a.b as c` binds what `from a import b as c` does.
                    kind = "ImportFrom"
                    module, name = name.rsplit(".", 1)
                other = alias.asname if alias.asname != name else ""
                yield kind, level, module, name, other or ""


def _statements(nodes, with_header):
    """The module's own statements, each with how it is written out; no imports."""
    written = [(one, _statement(one, with_header)) for one in nodes if not _is_import(one)]
    return [(one, text) for one, text in written if text is not None]


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
