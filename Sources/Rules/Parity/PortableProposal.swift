import Databases
import Schemas
import Walks

/// The tool's own code for what is new in the models, where it makes the same on every engine: what is
/// written from one engine's schema has that engine's types.
struct PortableProposal {
  /// The code; empty where none of it is certain.
  private(set) var lines: [String] = []
  /// What the code needs beside what every revision has.
  private(set) var imports: Set<String> = []
  /// What is left to be written from the schema.
  private(set) var rest: SchemaDifference

  init(_ unit: ModelUnit) {
    rest = unit.difference
    let changes = unit.difference.changes
    if changes.contains(where: { $0.id == unit.id && $0.before == nil }) {
      guard let operations = Self.whole(unit) else { return }
      operations.forEach { take($0) }
      rest = SchemaDifference()
      return
    }
    var told: Set<ObjectID> = []
    for change in changes where change.id.kind == .column && change.before == nil {
      let own = unit.proposals.first { $0.kind == "add_column" && $0.name == change.id.name.raw }
      guard let own, own.isPortable, own.isAddedInPlace else { continue }
      take(own)
      told.insert(change.id)
    }
    rest = SchemaDifference(changes.filter { !told.contains($0.id) })
  }

  private mutating func take(_ operation: ToolsOperation) {
    let written = operation.code.split(separator: "\n").map(String.init)
    lines += written.enumerated().map { index, line in
      index == 0 || line.hasPrefix(")") || line.hasPrefix(" ") ? line : "    \(line)"
    }
    imports.formUnion(operation.imports)
  }

  /// A new table with all that hangs on it; nil where the proposals do not name all of it.
  private static func whole(_ unit: ModelUnit) -> [ToolsOperation]? {
    let tables = unit.proposals.filter { $0.kind == "create_table" }
    let proposed = unit.proposals.filter { $0.kind == "create_index" }
    guard tables.count == 1, tables.count + proposed.count == unit.proposals.count,
      unit.proposals.allSatisfy(\.isPortable)
    else { return nil }
    let parts: Set<ObjectKind> = [.table, .column, .constraint, .index, .sequence, .type]
    guard unit.difference.changes.allSatisfy({ parts.contains($0.id.kind) }) else { return nil }
    let types = unit.difference.changes.filter { $0.id.kind == .type }
    // With a table its new types are made, and those that are there are refused.
    guard tables[0].makesTypes == !types.isEmpty else { return nil }
    let indexes = unit.difference.changes.filter { $0.id.kind == .index }.map(\.id.name.raw)
    let others = unit.difference.changes.filter { $0.id.path.count == 1 && $0.id.kind != .type }
    guard others.map(\.id) == [unit.id], Set(indexes) == Set(proposed.compactMap(\.name)) else {
      return nil
    }
    return tables + proposed
  }
}
