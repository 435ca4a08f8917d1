"""What the project's models say of the schema, and what the tool's own comparison makes of it."""
import re

from . import failures, places

_ASSIGNED = re.compile(r"^\s*target_metadata\s*(:[^=\n]+)?=(?!=)")
_PASSED = re.compile(r"\btarget_metadata\s*=(?!=)")
# Engines' titles, as sentences name them.
_TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Models(object):
    def __init__(self, environment, recorder):
        self.environment = environment
        self.recorder = recorder

    def read(self):
        """Holds the models against the database as it is, as autogenerate does."""
        metadata = self.several()
        answer = {"metadata": self._place()}
        if not metadata:
            return dict(answer, status="none")
        state = {}

        def look(heads, context):
            if not state:
                state["seen"] = True
                state.update(_Comparison(context, metadata).answer())
            return ()

        try:
            self.environment.run_env(look, dont_mutate=True)
        except BaseException as error:
            return dict(answer, status="failed", failure=_failure(error))
        finally:
            self.environment.release()
        state.pop("seen", None)
        known = places.Places()
        tables = _tables(metadata)
        refused = {(one.get("schema"), one["name"]) for one in state["leftOut"]
                   if one["type"] == "table"}
        lacking = self._lacking(tables, refused, known)
        return dict(
            answer, status="unsupported" if lacking else "succeeded", lacking=lacking,
            models=[known.of(table) for table in tables],
            creatable=_names(_creatable(tables, refused)), **state)

    def create(self, order):
        """Makes the tables of this order, as `create_all()` does: all at once or, where that raises,
        one by one, so that those that cannot be made are known."""
        wanted = {(one.get("schema"), one["name"]) for one in order["tables"]}
        self.recorder.begin()
        state = {"done": False}
        refused = []

        def create(heads, context):
            if state["done"]:
                return ()
            for one in self.several():
                chosen = [table for table in one.sorted_tables
                          if (table.schema, table.name) in wanted]
                if order.get("oneByOne"):
                    refused.extend(_made_one_by_one(context.connection, one, chosen))
                else:
                    one.create_all(context.connection, tables=chosen)
            if hasattr(context.connection, "commit") and not self.environment.is_external:
                context.connection.commit()
            state["done"] = True
            return ()

        try:
            self.environment.run_env(create, dont_mutate=True)
        except BaseException as error:
            return {"status": "failed", "statements": self.recorder.take(),
                    "failure": _failure(error)}
        finally:
            self.environment.release()
        return {"status": "succeeded", "statements": self.recorder.take(), "refused": refused}

    def several(self):
        """What env.py hands over, as a list; without what is there twice."""
        metadata = self.environment.metadata
        if metadata is None:
            return []
        several = metadata if isinstance(metadata, (list, tuple)) else [metadata]
        found = []
        for one in several:
            if one is not None and not any(one is other for other in found):
                found.append(one)
        return found

    def _place(self):
        """Where env.py says what its metadata is."""
        text = self.environment._environment_text()
        file = self.environment._environment_file()
        lines = text.splitlines()
        for pattern in (_ASSIGNED, _PASSED):
            for number, line in enumerate(lines, 1):
                if pattern.search(line) and not line.lstrip().startswith("#"):
                    return {"file": file, "line": number}
        return {"file": file, "line": 1} if file else None

    def _lacking(self, tables, refused, known):
        """The columns whose types this engine's dialect cannot write, each with its place."""
        dialect = self.environment.dialect
        compiler = getattr(dialect, "type_compiler_instance", None) or dialect.type_compiler
        found = []
        for table in tables:
            if (table.schema, table.name) in refused:
                continue
            for column in table.columns:
                try:
                    compiler.process(column.type, type_expression=column)
                except Exception as error:
                    if type(error).__name__ != "UnsupportedCompilationError":
                        continue
                    where = known.of(table)
                    line = next((one["line"] for one in where["columns"]
                                 if one["name"] == column.name), where.get("line"))
                    found.append({
                        "table": table.name, "schema": table.schema, "column": column.name,
                        "type": _type_name(column.type), "file": where.get("file"), "line": line,
                        "engine": _TITLES.get(dialect.name, dialect.name)})
        return found


class _Comparison(object):
    """One look of autogenerate at the database, with the filters of env.py watched."""

    def __init__(self, context, metadata):
        self.context = context
        self.metadata = metadata
        self.refused = []

    def answer(self):
        from alembic.autogenerate import api
        options = self.context.opts
        kept = dict(options)
        self._watch(options)
        given = self.metadata if len(self.metadata) > 1 else self.metadata[0]
        answer = {
            "leftOut": self.refused, "operations": [],
            "includesSchemas": bool(options.get("include_schemas")),
            "comparesTypes": _is_set(self.context, "_user_compare_type"),
            "comparesDefaults": _is_set(self.context, "_user_compare_server_default")}
        try:
            script = api.produce_migrations(self.context, given)
            writer = _Writer(api.AutogenContext(self.context, metadata=given))
            answer["operations"] = list(writer.operations(script.upgrade_ops))
        except Exception as error:
            # The filters were asked as far as it came; what it would say is not known.
            answer["comparisonFailure"] = _failure(error)
        finally:
            options.clear()
            options.update(kept)
        return answer

    def _watch(self, options):
        objects = options.get("include_object")
        names = options.get("include_name")
        if objects:
            def include_object(thing, name, kind, reflected, other, *rest):
                answer = objects(thing, name, kind, reflected, other, *rest)
                if not answer:
                    self._note_object(thing, name, kind)
                return answer
            options["include_object"] = include_object
        if names:
            def include_name(name, kind, parents):
                answer = names(name, kind, parents)
                if not answer:
                    self._note(kind, name, parents.get("table_name"), parents.get("schema_name"))
                return answer
            options["include_name"] = include_name

    def _note_object(self, thing, name, kind):
        table = None if kind == "table" else getattr(thing, "table", None)
        if kind != "table" and table is None:
            table = getattr(thing, "parent", None)
        owner = thing if kind == "table" else table
        columns = []
        if kind not in ("table", "column"):
            try:
                columns = [one if isinstance(one, str) else one.name
                           for one in getattr(thing, "columns", ())]
            except Exception:
                columns = []
        self._note(kind, name, getattr(table, "name", None), getattr(owner, "schema", None), columns)

    def _note(self, kind, name, table, schema, columns=()):
        entry = {"type": kind, "name": None if name is None else str(name), "table": table,
                 "schema": schema, "columns": [one for one in columns if one]}
        entry["name"] = entry["name"] or ""
        if entry not in self.refused:
            self.refused.append(entry)


class _Writer(object):
    """Autogenerate's operations, one by one: what each is about, and its line of Python."""

    def __init__(self, context):
        self.context = context

    def operations(self, container):
        for one in container.ops:
            if hasattr(one, "ops"):
                for inner in self.operations(one):
                    yield inner
            else:
                yield self._operation(one)

    def _operation(self, one):
        kind = re.sub(r"(?<!^)(?=[A-Z])", "_", type(one).__name__)
        kind = kind.lower()
        kind = kind[:-len("_op")] if kind.endswith("_op") else kind
        table = getattr(one, "table_name", None) or getattr(one, "source_table", None)
        column = getattr(one, "column", None)
        name = getattr(column, "name", None) or getattr(one, "column_name", None)
        if name is None:
            for attribute in ("index_name", "constraint_name"):
                name = name or getattr(one, attribute, None)
        schema = getattr(one, "schema", None) or getattr(one, "source_schema", None)
        return {
            "kind": kind, "table": None if table is None else str(table),
            "schema": None if schema is None else str(schema),
            "name": None if name is None else str(name), "changes": list(_changes(one)),
            "code": self._code(one)}

    def _code(self, one):
        from alembic.autogenerate import render
        try:
            lines = render.render_op(self.context, one)
        except Exception:
            return ""
        return "\n".join([lines] if isinstance(lines, str) else lines)


def _changes(one):
    """Which properties of a column an operation changes, by Stairway's names."""
    for name, attribute, unset in (
            ("type", "modify_type", None), ("not-null", "modify_nullable", None),
            ("default", "modify_server_default", False), ("comment", "modify_comment", False)):
        if getattr(one, attribute, unset) is not unset:
            yield name


def _made_one_by_one(connection, metadata, tables):
    """Makes each table by itself; gives those that cannot be made."""
    for table in tables:
        savepoint = connection.begin_nested() if connection.dialect.name != "sqlite" else None
        try:
            metadata.create_all(connection, tables=[table])
        except Exception:
            if savepoint is not None:
                savepoint.rollback()
            yield {"schema": table.schema, "name": table.name}
        else:
            if savepoint is not None:
                savepoint.commit()


def _is_set(context, option):
    """Whether env.py asks for this comparison; a function of its own counts."""
    return getattr(context, option, False) is not False


def _tables(metadata):
    found = []
    for one in metadata:
        for table in one.tables.values():
            if table not in found:
                found.append(table)
    return sorted(found, key=lambda table: (table.schema or "", table.name))


def _creatable(tables, refused):
    """All but those that env.py leaves out, unless one that it does not refers to them."""
    by_name = {(table.schema, table.name): table for table in tables}
    wanted = {}
    waiting = [table for key, table in by_name.items() if key not in refused]
    while waiting:
        table = waiting.pop()
        key = (table.schema, table.name)
        if key in wanted:
            continue
        wanted[key] = table
        for foreign in table.foreign_keys:
            try:
                other = foreign.column.table
            except Exception:
                continue
            if (other.schema, other.name) in by_name:
                waiting.append(other)
    return list(wanted.values())


def _names(tables):
    return sorted(
        ({"schema": table.schema, "name": table.name} for table in tables),
        key=lambda one: (one["schema"] or "", one["name"]))


def _type_name(kind):
    text = type(kind).__name__
    inner = getattr(kind, "impl", None)
    return "%s (%s)" % (text, type(inner).__name__) if inner is not None and not isinstance(
        inner, type) and type(inner).__name__ != text else text


def _failure(error):
    return dict(failures.describe(error), kind="raised")
