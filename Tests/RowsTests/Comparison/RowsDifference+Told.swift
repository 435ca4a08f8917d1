import Databases
import Rows
import Schemas

extension RowsDifference {
  /// One line a fact.
  var told: [String] {
    tables.flatMap { table -> [String] in
      let name = table.name.title
      var lines: [String] = []
      if table.isRenamed { lines.append("\(table.before?.title ?? "") is \(name)") }
      if table.notCompared != nil { lines.append("\(name) not compared") }
      if table.rowsLost > 0 {
        let cascade = table.ancestors.filter(\.cascades).map { ancestor in
          ", under \(ancestor.table.title)"
            + (ancestor.through.map { " through \($0.title)" } ?? "")
        }.joined()
        lines.append(
          "\(name) \(table.after == nil ? "gone" : "lost") \(table.rowsLost)"
            + (table.isEmptied ? ", emptied" : "") + cascade)
      }
      if table.rowsAdded > 0 { lines.append("\(name) added \(table.rowsAdded)") }
      return lines + table.columns.flatMap { $0.told(of: name) }
    }
  }
}

extension RowsDifference.Column {
  fileprivate func told(of table: String) -> [String] {
    let (old, new) = (before?.raw ?? "", after?.raw ?? "")
    if isAdded { return ["\(table).\(new) new \(valuesAfter)"] }
    if isDropped {
      let rest = notDefault.map { $0 == valuesBefore ? "" : ", \($0) not default" } ?? ""
      return ["\(table).\(old) gone \(valuesBefore)\(rest)"]
    }
    var lines: [String] = []
    if isRenamed { lines.append("\(table).\(old) is \(new)") }
    if isTypeChanged { lines.append("\(table).\(new) \(typeBefore ?? "") to \(typeAfter ?? "")") }
    if isMoved { lines.append("\(table).\(new) moved") }
    for (change, count) in changes.sorted(by: { $0.key < $1.key }) {
      lines.append(
        "\(table).\(new) \(change.rawValue) \(count)"
          + (shift.map { " by \($0)" } ?? "") + (holdsValuesOf.map { ", holds \($0)" } ?? "")
          + clearedUnder.map { ancestor in
            ", under \(ancestor.table.name)"
              + (ancestor.through.map { " through \($0.name)" } ?? "")
          }.joined())
    }
    return lines
  }
}

extension TableName {
  fileprivate var title: String { ObjectID(.table, schema: schema, [name]).qualifiedName }
}
