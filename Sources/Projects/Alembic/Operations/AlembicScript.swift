/// Puts operations into an order in which they can run, and those of one table on SQLite into one
/// batch, for each batch copies the table.
struct AlembicScript {
  private let operations: [AlembicOperation]

  init(_ operations: [AlembicOperation]) { self.operations = operations }

  var lines: [String] {
    let ordered = operations.enumerated().sorted {
      ($0.element.phase, $0.element.place, $0.offset)
        < ($1.element.phase, $1.element.place, $1.offset)
    }.map(\.element)
    var lines = Set(operations.flatMap(\.imports)).sorted()
    var finished: Set<String> = []
    var isInBlock = false
    for operation in ordered {
      defer { isInBlock = operation.isCommitted }
      guard let table = operation.batch?.table else {
        let calls = operation.lines.flatMap { written($0, by: "op") }
        if operation.isCommitted, !isInBlock {
          lines.append("with op.get_context().autocommit_block():")
        }
        lines += operation.isCommitted ? calls.map { "    \($0)" } : calls
        continue
      }
      guard finished.insert(table).inserted else { continue }
      lines += batch(table, ordered.filter { $0.batch?.table == table })
    }
    return lines
  }

  /// A call as the lines that it takes; comments stay comments.
  private func written(_ call: String, by receiver: String) -> [String] {
    let text = call.hasPrefix("#") ? call : "\(receiver).\(call)"
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private func batch(_ table: String, _ operations: [AlembicOperation]) -> [String] {
    var named: [String: [String]] = [:]
    for operation in operations {
      named.merge(operation.batch?.arguments ?? [:]) { $0 + $1 }
    }
    var arguments = [PythonText.literal(table)]
    for (name, values) in named.sorted(by: { $0.key < $1.key }) {
      switch name {
      case "table_args": arguments.append("table_args=(\(values.joined(separator: ", ")),)")
      case "naming_convention":
        arguments.append("naming_convention={\(Set(values).sorted().joined(separator: ", "))}")
      case "reflect_args":
        arguments.append("reflect_args=(\(Set(values).sorted().joined(separator: ", ")),)")
      case "recreate": break
      case "table_kwargs": arguments.append("table_kwargs={\(values.joined(separator: ", "))}")
      default: arguments.append("\(name)=\(values[0])")
      }
    }
    if !named.isEmpty { arguments.append("recreate=\"always\"") }
    let head = "with op.batch_alter_table(\(arguments.joined(separator: ", "))) as batch_op:"
    let calls = operations.flatMap(\.lines)
    let body =
      calls.flatMap { written($0, by: "batch_op") }
      + (calls.allSatisfy { $0.hasPrefix("#") } ? ["pass"] : [])
    return [head] + body.map { "    \($0)" }
  }
}
