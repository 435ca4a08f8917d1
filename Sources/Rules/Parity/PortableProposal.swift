import Databases
import Schemas
import Walks

/// The tool's own code for what is new in the models, where it makes the same on every engine: what is
/// written from one engine's schema has that engine's types.
struct PortableProposal {
  /// The code; empty where none of it is certain.
  private(set) var lines: [String] = []
  /// What is left to be written from the schema.
  private(set) var rest: SchemaDifference

  init(_ unit: ModelUnit) {
    rest = unit.difference
    let changes = unit.difference.changes
    if changes.contains(where: { $0.id == unit.id && $0.before == nil }) {
      guard let code = Self.whole(unit) else { return }
      lines = code
      rest = SchemaDifference()
      return
    }
    var told: Set<ObjectID> = []
    for change in changes where change.id.kind == .column && change.before == nil {
      let own = unit.proposals.first { $0.kind == "add_column" && $0.name == change.id.name.raw }
      guard let own, let code = Self.portable(own.code), Self.isPlain(code) else { continue }
      lines += code
      told.insert(change.id)
    }
    rest = SchemaDifference(changes.filter { !told.contains($0.id) })
  }

  /// A new table with all that hangs on it; nil where the proposals do not name all of it.
  private static func whole(_ unit: ModelUnit) -> [String]? {
    let kinds: Set = ["create_table", "create_index"]
    let tables = unit.proposals.filter { $0.kind == "create_table" }
    guard tables.count == 1, unit.proposals.allSatisfy({ kinds.contains($0.kind) }) else {
      return nil
    }
    let parts: Set<ObjectKind> = [.table, .column, .constraint, .index, .sequence, .type]
    guard unit.difference.changes.allSatisfy({ parts.contains($0.id.kind) }) else { return nil }
    let types = unit.difference.changes.filter { $0.id.kind == .type }
    // With a table its new types are made, and those that are there are refused.
    guard tables[0].code.contains("Enum(") == !types.isEmpty else { return nil }
    let indexes = unit.difference.changes.filter { $0.id.kind == .index }.map(\.id.name.raw)
    let proposed = unit.proposals.filter { $0.kind == "create_index" }
    let others = unit.difference.changes.filter { $0.id.path.count == 1 && $0.id.kind != .type }
    guard others.map(\.id) == [unit.id], Set(indexes) == Set(proposed.compactMap(\.name)) else {
      return nil
    }
    let codes = (tables + proposed).map { portable($0.code) }
    return codes.contains { $0 == nil } ? nil : codes.flatMap { $0 ?? [] }
  }

  /// Code that needs no more imports than every revision has; nil for all other.
  private static func portable(_ code: String) -> [String]? {
    let text = code.replacing("astext_type=Text()", with: "astext_type=sa.Text()")
      .replacing("sa.text('now()')", with: "sa.func.now()")
      .replacing("sa.text('(CURRENT_TIMESTAMP)')", with: "sa.func.now()")
    let bare = withoutTexts(text)
    let variants = bare.replacing("with_variant(postgresql.", with: "")
    guard !text.isEmpty, !text.hasPrefix("#"), !variants.contains("postgresql.") else { return nil }
    guard bare.split(separator: "(").dropLast().allSatisfy(endsInKnownName) else { return nil }
    let lines = text.split(separator: "\n").map(String.init)
    let indented = lines.enumerated().map { index, line in
      index == 0 || line.hasPrefix(")") || line.hasPrefix(" ") ? line : "    \(line)"
    }
    let needsImport = bare.contains("postgresql.")
    return (needsImport ? ["# with: from sqlalchemy.dialects import postgresql"] : []) + indented
  }

  /// Whether what is called after this text is a revision's own, or a method of what is.
  private static func endsInKnownName(_ text: Substring) -> Bool {
    let name = text.reversed().prefix { $0 == "." || $0 == "_" || $0.isLetter || $0.isNumber }
    let called = String(name.reversed())
    return called.isEmpty
      || ["sa.", "op.", "postgresql.", "."].contains { called.hasPrefix($0) }
  }

  /// Whether SQLite adds such a column without copying the table, and PostgreSQL without more.
  private static func isPlain(_ code: [String]) -> Bool {
    let text = code.joined(separator: "\n")
    let others = ["sa.text(", "sa.func.", "sa.Computed(", "sa.Identity(", "Enum(", "sa.Sequence("]
    return !others.contains { text.contains($0) }
      && (text.contains("nullable=True") || text.contains("server_default="))
  }

  /// What stands between quotes left out.
  private static func withoutTexts(_ code: String) -> String {
    var bare = ""
    var quote: Character?
    var isEscaped = false
    for character in code {
      if let open = quote {
        if character == open, !isEscaped { quote = nil }
        isEscaped = character == "\\" && !isEscaped
      } else if character == "'" || character == "\"" {
        quote = character
        isEscaped = false
      } else {
        bare.append(character)
      }
    }
    return bare
  }
}
