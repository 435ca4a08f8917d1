"""What Alembic's own comparison of models and database says, operation by operation."""
from . import failures
from .proposals import Proposals


class Comparison(object):
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
            proposals = Proposals(api.AutogenContext(self.context, metadata=given))
            answer["operations"] = list(proposals.all(script.upgrade_ops))
        except Exception as error:
            # The filters were asked as far as it came; what it would say is not known.
            answer["comparisonFailure"] = failures.raised(error)
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


def _is_set(context, option):
    """Whether env.py asks for this comparison; a function of its own counts."""
    return getattr(context, option, False) is not False
