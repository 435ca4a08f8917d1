"""A syntax tree written out as nested lists of texts, and its digest: alike on every Python.

The digests stand in `stairway.lock` and are compared between machines, so they must not depend on the
Python that makes them. `ast.dump` does; here a tree is written out from what 3.8 to 3.14 agree on:
empty lists, None and positions are left out, so that a field which only some versions have
(`type_params`, `kind`, `type_comment`) does not show, and nodes that went away are resolved
(`Index` and `ExtSlice` until 3.8).
"""
import ast
import hashlib
import json

from .statements import is_idle

_LEFT_OUT = ("ctx", "kind", "type_comment", "type_ignores", "returns", "annotation", "type_params")


def digest(written):
    """Of nested lists of texts; JSON writes them alike everywhere."""
    text = json.dumps(written, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]


def assignment_text(node):
    """An annotated assignment as one without; None where nothing is assigned."""
    return None if node.value is None else ["Assign", [node_text(node.target)], node_text(node.value)]


def node_text(node):
    """A node as nested lists of texts."""
    kind = type(node).__name__
    if kind == "Index":
        return node_text(node.value)
    if kind == "ExtSlice":
        return ["Tuple", ["elts", [node_text(one) for one in node.dims]]]
    if isinstance(node, ast.Constant):
        return _constant(node.value)
    if isinstance(node, ast.JoinedStr):
        return _joined(node)
    if isinstance(node, ast.Assign):
        return ["Assign", [node_text(one) for one in node.targets], node_text(node.value)]
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
                if not isinstance(one, ast.stmt) or not is_idle(one)]
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
        return assignment_text(value)
    if isinstance(value, ast.AST):
        return node_text(value)
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
    return ["FormattedValue", node_text(node.value), "%d" % conversion, ["JoinedStr", form]]


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
