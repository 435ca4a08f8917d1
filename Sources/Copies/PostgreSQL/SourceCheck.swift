import Databases
import Rows
import Scratch
import Schemas

/// What is asked of a PostgreSQL source before anything is started: whether it can be read at all,
/// and how large the copy will be.
struct SourceCheck {
  /// E.g. 15, and `15.18`.
  let majorVersion: Int
  let version: String
  let selection: TableSelection
  /// Bytes of what is copied, its indexes included.
  let bytes: Int
  /// The server's roles, as statements that make them without passwords and without a login.
  let roles: [String]
  /// What `ALTER DATABASE … SET` gave it, as `name` and the value's text.
  let settings: [(name: String, value: String)]
  /// The tables of the source, where something is to be known of them.
  let tables: [TableShape]

  /// - Parameter address: one that cannot write.
  /// - Throws: `CopyError`; `DatabaseError` where a lock was waited for in vain.
  init(_ address: PostgresAddress, plan: CopyPlan, clients: PostgresClients) throws {
    let title = address.redacted
    let connection: PostgresConnection
    do {
      connection = try PostgresConnection(address)
    } catch let error as DatabaseError {
      throw Self.unreachable(title, error)
    }
    do {
      majorVersion = connection.serverVersion / 10_000
      version =
        try connection.rows("SHOW server_version").first?
        .text(0).split(separator: " ").first.map(String.init) ?? "\(majorVersion)"
      guard majorVersion <= clients.majorVersion else {
        throw Self.tooNew(title, version, clients)
      }
      selection = try TableSelection(plan, on: connection)
      _ = try connection.rows("SET search_path = pg_catalog")
      let excluded = Set(selection.leftOut)
      try Self.checkPermissions(connection, title, except: excluded)
      let leftOut = excluded.union(selection.schemaOnly)
      bytes = try Self.bytes(connection, without: leftOut)
      roles = try Self.roles(connection)
      settings = try Self.settings(connection)
      tables =
        plan.changesRows
        ? try PostgresSchemaReader(address).snapshot().tables : []
    } catch let error as DatabaseError {
      if error.isLockTimeout { throw error }
      throw CopyError(.sourceUnreachable, "\(title) cannot be read", error)
    }
    let kept = tables.filter { !selection.excluded.contains($0.name) }
    try plan.anonymization?.check(against: kept)
  }

  private static func unreachable(_ title: String, _ error: DatabaseError) -> CopyError {
    let isPooler = error.message.contains("unsupported startup parameter")
    return CopyError(
      .sourceUnreachable, "cannot connect to \(title)", error,
      fix: isPooler
        ? "give the server's own address rather than the pooler's"
        : "see that it runs and that the address is right: psql '\(title)'")
  }

  static func tooNew(_ title: String, _ version: String, _ clients: PostgresClients) -> CopyError {
    let major = version.prefix { $0.isNumber }
    return CopyError(
      .sourceTooNew,
      "\(title) is PostgreSQL \(version), and pg_dump here is \(clients.version) (\(clients.folder)), "
        + "which reads no newer server than its own",
      fix: "apt-get install postgresql-client-\(major) postgresql-\(major)")
  }

  /// Names all that cannot be read, so that one visit to the administrator is enough.
  private static func checkPermissions(
    _ connection: borrowing PostgresConnection, _ title: String, except excluded: Set<TableName>
  ) throws {
    let refused = try connection.rows(Self.unreadable).filter {
      !excluded.contains(TableName(schema: Identifier($0.text(0)), Identifier($0.text(1))))
    }
    guard !refused.isEmpty else { return }
    let role = try connection.rows("SELECT current_user").first?.text(0) ?? "the role"
    let names = refused.map { $0.text(0) == "public" ? $0.text(1) : "\($0.text(0)).\($0.text(1))" }
    let hidden = refused.filter { $0.text(2) == "rows" }
    let why =
      hidden.count == refused.count
      ? "row level security hides rows from the role \(role)"
      : "the role \(role) may not read"
    // Without the right to its schema no table can be read, whatever is granted on it.
    let closed = refused.filter { $0[3].boolean == false }.map { $0.text(0) }
    let unread = zip(names, refused).filter { $1[4].boolean == false }.map(\.0)
    let single = [("USAGE ON SCHEMA", Set(closed).sorted()), ("SELECT ON", unread)]
      .filter { !$1.isEmpty }.map { "GRANT \($0) \($1.joined(separator: ", ")) TO \(role)" }
    let all = "GRANT pg_read_all_data TO \(role)"
    // A command is to be run as it is printed.
    let grants =
      unread.count > 10 ? all : "\(single.joined(separator: "; ")) (or \(all))"
    throw CopyError(
      .sourceNotPermitted, "\(title): \(why): \(CopyError.list(names))",
      fix: hidden.isEmpty
        ? "\(grants), or leave tables out with --exclude-table; a sequence from which a table has its "
          + "values has to be readable in any case, as pg_dump wants it"
        : "copy as the tables' owner or a role with BYPASSRLS, or leave them out with --exclude-table"
    )
  }

  /// Tables, views that keep rows, and sequences that `pg_dump` would stumble over.
  private static let unreadable = """
    SELECT n.nspname, c.relname, CASE WHEN r.enters AND r.reads THEN 'rows' ELSE 'all' END,
      r.enters, r.reads
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
      LATERAL (SELECT has_schema_privilege(n.oid, 'USAGE') AS enters, CASE c.relkind
        WHEN 'S' THEN has_sequence_privilege(c.oid, 'SELECT')
        ELSE has_table_privilege(c.oid, 'SELECT') END AS reads) r
    WHERE c.relkind IN ('r', 'p', 'm', 'S') AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND (NOT (r.enters AND r.reads) OR c.relkind IN ('r', 'p') AND row_security_active(c.oid))
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
        AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1, 2
    """

  private static func bytes(
    _ connection: borrowing PostgresConnection, without leftOut: Set<TableName>
  ) throws -> Int {
    let rows = try connection.rows("SELECT pg_database_size(current_database())")
    var bytes = Int(rows.first?[0].integer ?? 0)
    for name in leftOut {
      let size = try connection.rows(
        """
        SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = $2
        """, [name.schema?.raw, name.name.raw])
      bytes -= Int(size.first?[0].integer ?? 0)
    }
    return max(bytes, 0)
  }

  /// What decides on rows and rights, nothing that lets anybody in.
  private static func roles(_ connection: borrowing PostgresConnection) throws -> [String] {
    let made = try connection.rows(
      """
      SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolbypassrls
      FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname
      """
    ).map { row -> String in
      let names = ["SUPERUSER", "INHERIT", "CREATEROLE", "CREATEDB", "BYPASSRLS"]
      let attributes = names.enumerated().map { index, name in
        row[index + 1].boolean == true ? name : "NO\(name)"
      }
      return RoleMaking.statement(row.text(0), attributes: attributes)
    }
    let granted = try connection.rows(
      """
      SELECT r.rolname, m.rolname FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid
      JOIN pg_roles m ON m.oid = a.member WHERE m.rolname !~ '^pg_' ORDER BY 1, 2
      """
    ).map { "GRANT \(Identifier($0.text(0)).quoted) TO \(Identifier($0.text(1)).quoted)" }
    return made + granted
  }

  private static func settings(
    _ connection: borrowing PostgresConnection
  ) throws -> [(name: String, value: String)] {
    try connection.rows(
      """
      SELECT split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1)
      FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) setting
      WHERE s.setrole = 0 AND d.datname = current_database()
      """
    ).map { ($0.text(0), $0.text(1)) }
  }
}

/// Roles on a server that is Stairway's own, so that owners, privileges and policies are what they
/// are in production.
enum RoleMaking {
  /// A statement that makes the role where it is not there.
  static func statement(_ name: String, attributes: [String] = []) -> String {
    let made = "CREATE ROLE \(Identifier(name).quoted) \(attributes.joined(separator: " "))"
    let tag = "$stairway$"
    return """
      DO \(tag)BEGIN EXECUTE \(literal(made)); EXCEPTION WHEN duplicate_object THEN NULL; END\(tag)
      """
  }

  /// A text between single quotes, as any session reads it.
  static func literal(_ text: String) -> String {
    let doubled = text.split(separator: "'", omittingEmptySubsequences: false).joined(
      separator: "''")
    return text.contains("\\")
      ? " E'\(doubled.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\"))'"
      : "'\(doubled)'"
  }
}
