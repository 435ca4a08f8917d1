internal import Databases
internal import Projects
internal import Walks

/// Models whose tables could not be made, for the sentence that says so.
struct UnmadeModels {
  let failure: StepFailure
  let models: ModelsDescription
  /// The tables that could not be made.
  let refused: [TableReference]
  let engine: Engine

  /// Why not all models were compared, with what to do next.
  var sentence: String {
    let names = refused.prefix(5).map(\.name).joined(separator: ", ")
    let without = refused.isEmpty ? "" : " (without \(names)\(refused.count > 5 ? ", …" : ""))"
    return "not all models can be compared\(without): \(cause), and env.py's include_object leaves "
      + "out what is not to be made"
  }

  private var cause: String {
    if let lacking = lackingType {
      return "column \(lacking.table).\(lacking.column)\(place(of: lacking)) is \(lacking.type), a "
        + "type that \(engine.title) does not have; `.with_variant(…, \"\(engine.rawValue)\")` gives it "
        + "another one there"
    }
    let name = table.map { " at \($0.model.map { "model \($0)" } ?? "table \($0.name)")" } ?? ""
    let frame = failure.frames.last.flatMap { frame in
      frame.file.hasSuffix("env.py") ? nil : " (\(frame.file):\(frame.line))"
    }
    let place = table?.file.map { " (\($0):\(table?.line ?? 1))" }
    return "create_all() raises\(name)\(frame ?? place ?? ""): \(failure.message); "
      + "`metadata.create_all(engine)` on an empty database shows it"
  }

  /// A column whose type the engine's dialect cannot write, as SQLAlchemy's CompileError names it.
  private var lackingType: (table: String, column: String, type: String)? {
    let words = /\(in table '(.+?)', column '(.+?)'\): .*can't render element of type (.+)/
    guard let found = failure.message.firstMatch(of: words) else { return nil }
    // Older versions write `<class 'sqlalchemy.dialects.postgresql.json.JSONB'>`.
    let type = found.output.3.split { !($0.isLetter || $0.isNumber || $0 == "_") }.last
    return (String(found.output.1), String(found.output.2), type.map(String.init) ?? "of a type")
  }

  private func place(of lacking: (table: String, column: String, type: String)) -> String {
    guard let table = models.tables.first(where: { $0.name == lacking.table }) else { return "" }
    if let column = table.columns.first(where: { $0.name == lacking.column }) {
      return " (\(column.file):\(column.line))"
    }
    return table.file.map { " (\($0):\(table.line ?? 1))" } ?? ""
  }

  /// The model whose table, or an index or comment of it, was being made.
  private var table: ModelTable? {
    guard let statement = failure.statement else {
      return models.tables.first { failure.message.contains("'\($0.name).") }
    }
    let words = statement.split { $0.isWhitespace || "()\".,;".contains($0) }.map(String.init)
    guard let verb = words.firstIndex(where: { ["TABLE", "ON"].contains($0.uppercased()) }) else {
      return nil
    }
    let named = words[(verb + 1)...].prefix(2)
    return models.tables.first { named.contains($0.name) }
  }
}
