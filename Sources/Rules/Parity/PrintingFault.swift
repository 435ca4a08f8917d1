import Databases
import Schemas
import Walks

/// What a project gets wrong about printing, as far as what came of it shows.
enum PrintingFault {
  /// A statement that ends with a comment, behind which the printed semicolon is part of it.
  case hiddenSemicolon
  /// `%` is printed as `%%`, as drivers want it.
  case doubledPercent
  /// The version table has its name from the online branch alone.
  case otherVersionTable
  /// The project's own code writes to the standard output, where the SQL goes.
  case writtenText

  /// nil where a refusal shows none of these.
  init?(refusal failure: StepFailure) {
    // What the tool prints is nobody's line.
    if !failure.frames.isEmpty {
      self = .writtenText
      return
    }
    guard let statement = failure.statement else { return nil }
    let lines = statement.split(whereSeparator: \.isNewline).map { line in
      line.drop { $0.isWhitespace }
    }
    let isHidden = lines.dropLast().contains { line in
      line.contains("--") && line.reversed().drop { $0.isWhitespace }.first == ";"
    }
    if isHidden {
      self = .hiddenSemicolon
    } else if statement.contains("%%") {
      self = .doubledPercent
    } else {
      return nil
    }
  }

  /// nil where the difference from the migrated schema to the printed one shows none of these.
  init?(_ difference: SchemaDifference) {
    let changes = difference.changes
    let isTable = changes.contains { change in
      change.before == nil && change.id.kind == .table && change.id.name == "alembic_version"
    }
    let isPercent = changes.contains { change in
      change.properties.contains { property in
        guard case .text(let old)? = property.before, case .text(let new)? = property.after else {
          return false
        }
        return old.contains("%") && new == old.replacing("%", with: "%%")
      }
    }
    if isTable {
      self = .otherVersionTable
    } else if isPercent {
      self = .doubledPercent
    } else {
      return nil
    }
  }

  var mend: String {
    switch self {
    case .hiddenSemicolon:
      "the statement ends with a `--` comment, behind which the semicolon that is printed after it is "
        + "part of the comment: put the comment on a line above it"
    case .writtenText:
      "the line writes to the standard output, where the SQL goes, too: let it write to the standard "
        + "error (`print(…, file=sys.stderr)`), or log it"
    case .doubledPercent:
      "say `dialect_opts={\"paramstyle\": \"named\"}` where env.py configures the context without a "
        + "connection: without it, each `%` is printed twice"
    case .otherVersionTable:
      "say `version_table=` (and `version_table_schema=`) where env.py configures the context without "
        + "a connection, too: what is printed records its revisions in alembic_version"
    }
  }
}
