internal import Databases

/// What models take for granted and no `create_all()` makes: schemas, extensions and functions, as the
/// migrations made them.
struct ModelPrerequisites {
  /// How much of it is made.
  enum Extent {
    /// Models make by themselves what they need.
    case nothing
    case usual
    /// Also enumerations, domains and sequences that belong to no column.
    case withTypes
  }

  private let statements: [String]
  private let types: [String]

  /// Reads them from a database at the heads.
  init(_ address: DatabaseAddress) throws {
    guard case .postgresql(let server) = address else {
      statements = []
      types = []
      return
    }
    let connection = try PostgresConnection(server)
    statements = try Self.queries.flatMap { query in
      try connection.rows(query).map { $0.text(0) }
    }
    types = try connection.rows(Self.typesQuery).map { $0.text(0) }
  }

  /// Makes them in an empty database. What cannot be made without the tables, as a function that
  /// returns rows of one, is left out.
  func make(_ extent: Extent, on address: DatabaseAddress) throws {
    let wanted =
      switch extent {
      case .nothing: [String]()
      case .usual: statements
      case .withTypes: statements + types
      }
    guard case .postgresql(let server) = address, !wanted.isEmpty else { return }
    let connection = try PostgresConnection(server)
    try connection.execute("SET check_function_bodies = off")
    for statement in wanted {
      do { try connection.execute(statement) } catch is DatabaseError { continue }
    }
  }

  private static func isOfExtension(_ catalog: String, _ oid: String) -> String {
    """
    EXISTS (SELECT FROM pg_depend d WHERE d.classid = '\(catalog)'::regclass AND d.objid = \(oid)
      AND d.deptype = 'e')
    """
  }

  private static let isUsers = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"

  private static let queries = [
    "SELECT format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname) FROM pg_namespace n WHERE \(isUsers)",
    """
    SELECT format('CREATE EXTENSION IF NOT EXISTS %I SCHEMA %I CASCADE', e.extname, n.nspname)
      FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
      WHERE e.extname <> 'plpgsql' ORDER BY e.oid
    """,
    """
    SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE p.prokind IN ('f', 'p') AND \(isUsers) AND NOT \(isOfExtension("pg_proc", "p.oid"))
      ORDER BY p.oid
    """,
  ]

  private static let typesQuery = """
    SELECT statement FROM (
      SELECT t.oid, format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
          (SELECT string_agg(quote_literal(l.enumlabel), ', ' ORDER BY l.enumsortorder)
            FROM pg_enum l WHERE l.enumtypid = t.oid)) AS statement
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE t.typtype = 'e' AND \(isUsers) AND NOT \(isOfExtension("pg_type", "t.oid"))
      UNION ALL
      SELECT t.oid, format('CREATE DOMAIN %I.%I AS %s %s', n.nspname, t.typname,
          format_type(t.typbasetype, t.typtypmod),
          (SELECT string_agg(pg_get_constraintdef(k.oid), ' ') FROM pg_constraint k
            WHERE k.contypid = t.oid))
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE t.typtype = 'd' AND \(isUsers) AND NOT \(isOfExtension("pg_type", "t.oid"))
    ) made ORDER BY oid
    """
}
