import Databases
import Schemas

extension MissingRow {
  /// What was expected and what is there instead, in one sentence without a trailing full stop.
  /// - Parameter showingValues: false for reports that are not to hold any; the columns are named
  ///   then, and the engine's own words, which may quote a value, are left out.
  package func sentence(showingValues: Bool) -> String {
    let table = row.table.shown
    let wanted =
      showingValues
      ? row.cells.map { "\($0.column) \($0.value.shown)" }.joined(separator: ", ")
      : "the expected " + row.cells.map(\.column.raw).joined(separator: ", ")
    if let refusal {
      let words = showingValues ? ": \(refusal)" : ""
      return "\(table) has no row that could be compared with \(wanted)\(words)"
    }
    guard self.wanted == 1 else {
      let condition = row.cells.isEmpty ? "" : " with \(wanted)"
      let count = found == 0 ? "no row" : found == 1 ? "1 row" : "\(found) rows"
      return "\(table) has \(count)\(condition) where \(self.wanted) are expected"
        + instead(showingValues)
    }
    guard !row.cells.isEmpty else { return "\(table) has no rows" }
    return "\(table) has no row with \(wanted)" + instead(showingValues)
  }

  private func instead(_ showingValues: Bool) -> String {
    guard !key.isEmpty else { return "" }
    let named =
      showingValues
      ? key.map { "\($0) \(row[$0]?.shown ?? "")" }.joined(separator: ", ")
      : "this \(key.map(\.raw).joined(separator: ", "))"
    guard let differences else {
      return key.count < row.cells.count ? ", and none with \(named)" : ""
    }
    let held =
      showingValues
      ? differences.map { "\($0.column) \($0.shown)" }.joined(separator: ", ")
      : "another " + differences.map(\.column.raw).joined(separator: ", ")
    return "; the row with \(named) has \(held)"
  }
}

extension MissingRow.Difference {
  /// What is there; of a long text that begins as the expected one does, both from where they part.
  fileprivate var shown: String {
    guard case .text(let wanted) = expected, case .text(let found) = actual,
      shortened(wanted) == shortened(found)
    else { return actual.shown }
    let common = zip(wanted, found).prefix { $0 == $1 }.count
    func piece(_ text: String) -> String { quoted("…" + text.dropFirst(max(0, common - 20))) }
    return "\(piece(found)) where \(piece(wanted)) is expected"
  }
}

extension TableName {
  /// As sentences name it: `public` is left out.
  package var shown: String { schema == "public" ? name.raw : written }
}

extension InputValue {
  /// As a sentence shows it, shortened where it is long.
  fileprivate var shown: String {
    switch self {
    case .null: "NULL"
    case .boolean(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .decimal(let text): text
    case .text(let text): quoted(text)
    case .bytes(let bytes): "(\(bytes.count) bytes)"
    case .list(let items): "[\(items.map(\.shown).joined(separator: ", "))]"
    case .json(let text): shortened(text)
    }
  }
}

extension Value {
  fileprivate var shown: String {
    switch self {
    case .null: "NULL"
    case .text(let text): quoted(text)
    case .undecodedText(let bytes): "(\(bytes.count) bytes that are no UTF-8)"
    case .blob(let bytes): "(\(bytes.count) bytes)"
    case .integer, .real: text ?? ""
    }
  }
}

private func quoted(_ text: String) -> String {
  let doubled = shortened(text).split(separator: "'", omittingEmptySubsequences: false)
  return "'\(doubled.joined(separator: "''"))'"
}

private func shortened(_ text: String) -> String {
  text.count > 60 ? text.prefix(60) + "…" : text
}
