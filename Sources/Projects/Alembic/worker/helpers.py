"""The definitions of a revision's file that only its way down uses, and that do nothing where they stand."""
import ast

from .statements import DEFINITIONS, HEADER, is_import, names_in, targets

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# What Alembic asks a module for.
_ENTRIES = HEADER + ("upgrade", "downgrade")
# What may reach a definition by a text.
_LOOKING_UP = frozenset((
    "globals", "vars", "eval", "exec", "__import__", "importlib", "inspect", "modules"))
# What SQLAlchemy's and the language's own makers of values are called; whatever else is called may do anything.
_MAKERS = frozenset((
    "bool", "bytes", "column", "Column", "dict", "float", "frozenset", "int", "len", "list", "MetaData", "range",
    "select", "set", "sorted", "str", "table", "Table", "text", "tuple"))


def helpers_of_downgrade(body):
    """Those of a module's statements, without what only type checkers read."""
    bound = {}
    for node in body:
        for name in _bound(node):
            bound.setdefault(name, []).append(node)
    down = _reached({"downgrade"}, bound)
    found = [
        one for one in body if _is_calm(one) and all(
            name in down and len(bound[name]) == 1 and name not in _ENTRIES for name in _bound(one))]
    # What the file's loading runs grows with what is no helper.
    while True:
        loaded = [part for one in body if one not in found for part in _loaded(one)]
        up = _reached(set(_ENTRIES) - {"downgrade"}, bound, loaded)
        remaining = [
            one for one in found if not up.intersection(_bound(one)) and not _may_change(one, up, bound)]
        if len(remaining) == len(found):
            return found
        found = remaining


def _is_calm(node):
    """Whether a statement only defines a function, or gives values to names."""
    if isinstance(node, _FUNCTIONS):
        return not node.decorator_list and not any(map(_calls, _defaults(node)))
    return _is_plain_assignment(node) and not any(isinstance(one, ast.NamedExpr) for one in ast.walk(node)) and all(
        _name_of(one.func) in _MAKERS for one in _calls(node.value))


def _calls(node):
    return [one for one in ast.walk(node) if isinstance(one, ast.Call)]


def _name_of(function):
    return getattr(function, "id", None) or getattr(function, "attr", None)


def _defaults(function):
    return [one for one in function.args.defaults + function.args.kw_defaults if one]


def _loaded(node):
    """What of a statement the file's loading runs, or may."""
    if not isinstance(node, _FUNCTIONS):
        return [node]
    if node.decorator_list and node.name != "downgrade":
        return [node]
    return node.decorator_list + _defaults(node)


def _may_change(node, up, bound):
    """Whether a value is made with one that the way up uses, as a table is with its MetaData."""
    if isinstance(node, _FUNCTIONS) or not _calls(node.value):
        return False
    return any(
        _calls(one) for name in names_in([node.value]) if name in up
        for one in bound.get(name, ()) if not is_import(one))


def _bound(node):
    """The names that a statement of the module's binds, or may."""
    if isinstance(node, DEFINITIONS):
        return [node.name]
    if _is_plain_assignment(node):
        return targets(node)
    names = []
    for one in ast.walk(node):
        if isinstance(one, ast.alias):
            names.append(one.asname or one.name.split(".")[0])
        elif isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load):
            names.append(one.id)
        elif isinstance(one, DEFINITIONS + (ast.ExceptHandler,)) and one.name:
            names.append(one.name)
    return names


def _is_plain_assignment(node):
    """Whether a value is given to names, and to nothing else."""
    return isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None and (
        None not in targets(node))


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
    used, nodes = names_in([node]), list(ast.walk(node))
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
