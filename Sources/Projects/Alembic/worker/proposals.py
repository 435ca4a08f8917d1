"""Autogenerate's operations, one by one: what each is about, its line of Python, and what that needs."""
import io
import re

_ENGINES = ("sqlite", "postgresql")


class Proposals(object):
    def __init__(self, context):
        self.context = context
        self._users_own = context.opts.get("render_item")
        # The line stands in a revision as Alembic's own template makes it.
        context.opts.update(
            alembic_module_prefix="op.", sqlalchemy_module_prefix="sa.", user_module_prefix=None,
            render_item=self._item)

    def all(self, container):
        for one in container.ops:
            if hasattr(one, "ops"):
                for inner in self.all(one):
                    yield inner
            else:
                yield self._proposal(one)

    def _proposal(self, one):
        code, imports = self._written(one)
        made = {engine: _statements(engine, one) for engine in _ENGINES}
        runs = all(
            made[engine] and made[engine] == _statements(engine, code, imports)
            for engine in _ENGINES)
        changed = getattr(one, "modify_type", None) or getattr(
            getattr(one, "column", None), "type", None)
        return dict(
            _subject(one), changes=list(_changes(one)), code=code, imports=imports,
            isPortable=runs, makesTypes="CREATE TYPE" in (made["postgresql"] or ""),
            isAddedInPlace=_is_added_in_place(getattr(one, "column", None)),
            type=None if changed is None else self._type(changed))

    def _written(self, one):
        """The line, empty where it cannot be written, and the imports that it needs."""
        from alembic.autogenerate import render
        kept = self.context.imports
        self.context.imports = set()
        try:
            lines = render.render_op(self.context, one)
            code = "\n".join([lines] if isinstance(lines, str) else lines)
            return code, sorted(self.context.imports)
        except Exception:
            return "", []
        finally:
            self.context.imports = kept

    def _item(self, kind, thing, context):
        """Alembic's hook: types and the defaults of both engines, as any revision can have them."""
        if kind == "type":
            found = self._type(thing)
            if found is not None:
                context.imports.update(found["imports"])
                return found["code"]
        if kind == "server_default":
            found = _portable_default(thing)
            if found is not None:
                return found
        return self._users_own(kind, thing, context) if self._users_own else False

    def _type(self, wanted):
        """The expression of a type and its imports; None where none that is known makes it.

        What the project writes itself comes first, then a type of SQLAlchemy's own which makes the same
        on both engines, for a class of the project may change after the revision.
        """
        candidates = [(wanted, self._users_own)] if self._users_own else []
        plain = getattr(wanted, "impl", None) if _own_imports(wanted) else None
        if plain is not None and not isinstance(plain, type):
            candidates.append((plain, None))
        for thing, users_own in candidates + [(wanted, None)]:
            written = self._expression(thing, users_own)
            if written is not None and _makes(wanted, *written):
                return {"code": written[0], "imports": written[1]}
        name = "%s.%s" % (type(wanted).__module__, type(wanted).__qualname__)
        written = name + "()", _own_imports(wanted)
        return {"code": written[0], "imports": written[1]} if _makes(wanted, *written) else None

    def _expression(self, thing, users_own):
        from alembic.autogenerate import render
        kept, options = self.context.imports, self.context.opts
        self.context.imports = set()
        options["render_item"] = users_own
        try:
            code = render._repr_type(thing, self.context)
            # A variant is written as SQLAlchemy shows it.
            code = " ".join(code.replace("=Text()", "=sa.Text()").split())
            return code, sorted(self.context.imports.union(_own_imports(thing)))
        except Exception:
            return None
        finally:
            self.context.imports = kept
            options["render_item"] = self._item


def _subject(one):
    """What an operation does, and to which object."""
    kind = re.sub(r"(?<!^)(?=[A-Z])", "_", type(one).__name__).lower()
    kind = kind[:-len("_op")] if kind.endswith("_op") else kind
    table = getattr(one, "table_name", None) or getattr(one, "source_table", None)
    name = getattr(getattr(one, "column", None), "name", None)
    if name is None:
        attributes = ["column_name", "index_name", "constraint_name"]
        # Packages add operations on other objects, which they call by name.
        attributes += ["name"] if table is None else []
        name = next((found for found in (getattr(one, key, None) for key in attributes) if found), None)
    # A new foreign key keeps its schema among the options that it passes on.
    schema = getattr(one, "schema", None) or (getattr(one, "kw", None) or {}).get("source_schema")
    return {
        "kind": kind, "table": None if table is None else str(table),
        "schema": None if schema is None else str(schema),
        "name": None if name is None else str(name)}


def _changes(one):
    """Which properties of a column an operation changes, by Stairway's names."""
    for name, attribute, unset in (
            ("type", "modify_type", None), ("not-null", "modify_nullable", None),
            ("default", "modify_server_default", False), ("comment", "modify_comment", False)):
        if getattr(one, attribute, unset) is not unset:
            yield name


def _portable_default(default):
    """A default that each engine writes in its own way, as SQLAlchemy's expression; None for others."""
    from sqlalchemy.sql import elements, functions
    value = getattr(default, "arg", None)
    if isinstance(value, functions.now):
        return "sa.func.now()"
    if isinstance(value, (elements.True_, elements.False_)):
        return "sa.true()" if isinstance(value, elements.True_) else "sa.false()"
    return None


def _is_added_in_place(column):
    """Whether each engine adds such a column to a table that holds rows, without copying it and
    without a type that would have to be made first."""
    import sqlalchemy
    if column is None or isinstance(column.type, sqlalchemy.Enum):
        return False
    default = column.server_default
    if default is None:
        return bool(column.nullable)
    return isinstance(getattr(default, "arg", None), str)


def _own_imports(one):
    """What a type of the project needs, with those in it."""
    inner = [getattr(one, "item_type", None)]
    inner += list((getattr(one, "_variant_mapping", None) or {}).values())
    found = set()
    for other in inner:
        if other is not None:
            found.update(_own_imports(other))
    module = type(one).__module__
    if module.split(".")[0] != "sqlalchemy":
        found.add("import %s" % module)
    return sorted(found)


def _names(imports):
    import sqlalchemy
    names = {"sa": sqlalchemy}
    exec("\n".join(imports), names)
    return names


def _makes(wanted, code, imports):
    """Whether the expression can be evaluated, and is the same type on both engines."""
    try:
        made = eval(code, _names(imports))
        made = made() if isinstance(made, type) else made
    except Exception:
        return False
    return all(_compiled(made, engine) == _compiled(wanted, engine) for engine in _ENGINES)


def _compiled(one, engine):
    try:
        return one.compile(dialect=_dialect(engine)), tuple(getattr(one, "enums", ()))
    except Exception:
        return None


def _dialect(engine):
    from sqlalchemy.dialects import postgresql, sqlite
    return {"sqlite": sqlite, "postgresql": postgresql}[engine].dialect()


def _statements(engine, what, imports=()):
    """The SQL of an operation of Alembic's, or of code with its imports; None where there is none."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    # What an operation of another package does is not known.
    if not isinstance(what, str) and not type(what).__module__.startswith("alembic."):
        return None
    written = io.StringIO()
    try:
        operations = Operations(MigrationContext.configure(
            dialect=_dialect(engine), opts={"as_sql": True, "output_buffer": written}))
        if isinstance(what, str):
            exec(what, dict(_names(imports), op=operations))
        else:
            operations.invoke(what)
    except Exception:
        return None
    return written.getvalue()
