"""A statement outside of a transaction: what PostgreSQL lets be one of several in a transaction can be
looked at before its own ends, and of the rest can be seen what changed.
"""
import json
import re

_COMMENTS = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*"
# A transaction may hold these with others: none of their forms is refused in one, but for what follows.
# A query, whose rows the driver has read by then, cannot end a transaction either.
_WRAPPED = re.compile(
    _COMMENTS + r"(SELECT|WITH|VALUES|INSERT|UPDATE|DELETE|MERGE|TRUNCATE|ALTER|CREATE|DROP|COMMENT"
    r"|GRANT|REVOKE|REASSIGN|REFRESH|SECURITY|IMPORT)\b", re.IGNORECASE | re.DOTALL)
# https://www.postgresql.org/docs/current/sql-createindex.html and the pages of the other statements
# that "cannot be executed inside a transaction block".
_REFUSED = re.compile(
    _COMMENTS + r"(?:CREATE|ALTER|DROP)\s+(?:SYSTEM|DATABASE|TABLESPACE|SUBSCRIPTION)\b", re.I | re.S)
_CONCURRENTLY = re.compile(r"\bCONCURRENTLY\b", re.IGNORECASE)
# Of several statements in one string.
_TRANSACTIONAL = re.compile(
    r";\s*(?:BEGIN|START|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|PREPARE|VACUUM|CLUSTER|REINDEX|CALL|DO|SET"
    r"|LOCK)\b", re.IGNORECASE)

_IMAGE = """
SELECT pg_catalog.json_build_object(
  'wal', (pg_catalog.pg_current_wal_insert_lsn() - '0/0'::pg_catalog.pg_lsn)::pg_catalog.text,
  'relations', (
    SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
      c.oid::pg_catalog.int8, pg_catalog.pg_relation_filenode(c.oid)::pg_catalog.int8,
      pg_catalog.pg_stat_get_numscans(c.oid), pg_catalog.pg_stat_get_tuples_returned(c.oid),
      pg_catalog.pg_stat_get_tuples_inserted(c.oid), pg_catalog.pg_stat_get_tuples_updated(c.oid),
      pg_catalog.pg_stat_get_tuples_deleted(c.oid), x.indrelid::pg_catalog.int8, c.relname))
    FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = c.oid
    WHERE c.oid::pg_catalog.int8 >= 16384 AND c.relkind IN ('r', 'p', 'm', 'i', 'I')))::pg_catalog.text
"""
_FLUSH = "SELECT pg_catalog.pg_stat_force_next_flush()::pg_catalog.text"


class Image(object):
    """All relations at one moment: of each its file, and what the server has counted."""

    def __init__(self, reading):
        self.wal = int(reading["wal"])
        relations = reading["relations"] or ()
        self.relations = {one[0]: (one[1], one[2:7]) for one in relations}
        # Of each index: its table and its name.
        self.indexes = {one[0]: one[7:] for one in relations if one[7] is not None}


def may_be_wrapped(statement):
    """Whether it does the same between BEGIN and COMMIT as by itself."""
    first = _WRAPPED.match(statement)
    if first is None or _REFUSED.match(statement) or _TRANSACTIONAL.search(statement):
        return False
    return first.group(1).upper() == "REFRESH" or not _CONCURRENTLY.search(statement)


def in_transaction(raw):
    """Whether one is open, by the driver's own account."""
    driver = getattr(raw, "driver_connection", None) or raw
    status = getattr(getattr(driver, "info", None), "transaction_status", None)
    if status is not None:
        return int(status) != 0
    if hasattr(driver, "is_in_transaction"):
        return bool(driver.is_in_transaction())
    return bool(getattr(driver, "in_transaction", getattr(driver, "_in_transaction", False)))


def run(raw, statement):
    """Sends it past SQLAlchemy; gives the first value of its answer, nothing where it has none."""
    cursor = raw.cursor()
    try:
        if hasattr(raw, "prepare_threshold"):
            cursor.execute(statement, prepare=False)
        else:
            cursor.execute(statement)
        if not cursor.description:
            return None
        row = cursor.fetchall()[0]
    finally:
        cursor.close()
    # A project may have its rows as mappings.
    return next(iter(row.values())) if hasattr(row, "values") else row[0]


def image(raw, flushes):
    """
    Before PostgreSQL 15 the server counts what a session did at some time later: its counts tell
    nothing of one statement, and are left out.
    """
    if flushes:
        run(raw, _FLUSH)
    taken = Image(json.loads(run(raw, _IMAGE)))
    if not flushes:
        taken.relations = {
            key: (file, [0] * len(counts)) for key, (file, counts) in taken.relations.items()}
    return taken


def changes(before, after, counts):
    """What is new about relations, also of those that came or are gone."""
    changes = []
    for identity, (file, now) in after.relations.items():
        known = before.relations.get(identity)
        then = known[1] if known is not None else [0] * len(now)
        differences = [max(0, new - old) for new, old in zip(now, then)]
        if known is None or known[0] != file or any(differences):
            change = dict(zip(counts, differences), relation=identity, file=file)
            if known is None and identity in after.indexes:
                change["table"], change["name"] = after.indexes[identity]
            changes.append(change)
    for identity in before.relations:
        if identity not in after.relations:
            changes.append(
                dict(zip(counts, [0] * len(counts)), relation=identity, file=None, isGone=True))
    return changes
