"""What a Flask application does to its database before it answers its first request."""
import functools
import sys
import types


def meet(application):
    """Runs those functions that Flask calls before a request and that make tables.

    No view is called, and none of the other functions: they may reach whatever a request may. What one
    raises is for whoever sends a request; what it did to the database is seen.
    """
    makers = [one for one in _hooks(application) if _makes_tables(one)]
    if not makers:
        return
    with application.test_request_context("/"):
        for one in makers:
            try:
                one()
            except Exception:
                pass


def _hooks(application):
    """Those before the first request alone, which Flask 2.3 dropped, and those before each."""
    first = getattr(application, "before_first_request_funcs", None) or []
    each = getattr(application, "before_request_funcs", None) or {}
    return list(first) + [one for functions in each.values() for one in functions]


def _makes_tables(function, depth=3):
    """Whether it, or a function that it calls by name, calls `create_all`."""
    function = _plain(function)
    if type(function) is not types.FunctionType:
        return False
    names = set(_names(function.__code__))
    if "create_all" in names:
        return True
    return depth > 0 and any(_makes_tables(one, depth - 1) for one in _known(function, names))


def _plain(function):
    """The function itself, behind a method, a decorator or a partial call. Types are asked for by `type`:
    a proxy of Flask's may raise whatever else it is asked."""
    while True:
        if type(function) is functools.partial:
            function = function.func
        elif type(function) is types.MethodType:
            function = function.__func__
        elif type(function) is types.FunctionType and hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        else:
            return function


def _names(code):
    for name in code.co_names:
        yield name
    for constant in code.co_consts:
        if type(constant) is types.CodeType:
            for name in _names(constant):
                yield name


def _known(function, names):
    """What the names stand for, as globals, in a closure, or as parts of modules that they name."""
    found = [function.__globals__.get(name) for name in names]
    for cell in function.__closure__ or ():
        try:
            found.append(cell.cell_contents)
        except ValueError:
            # Nothing was put into it yet.
            pass
    modules = [one for one in found if type(one) is types.ModuleType]
    modules += [sys.modules[name] for name in names if name in sys.modules]
    return found + [vars(module).get(name) for module in modules for name in names]
