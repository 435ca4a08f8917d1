package import Copies
import Databases
import Schemas

extension RehearsalRecord {
  /// Takes for unknown what may be only the copy's fault: a foreign key that finds no parent among rows
  /// which were left out, and a table that was, say nothing of production.
  package mutating func judgeByCopy() {
    guard let copy else { return }
    for place in steps.indices {
      switch steps[place].outcome {
      case .failed(let failure):
        guard let fault = Self.fault(behind: failure, in: copy) else { continue }
        steps[place].outcome = .unjudged(fault)
      case .unjudged(let fault) where fault.code == .databaseLost && copy.method == .inPlace:
        // What was kept of the upgrade is in it.
        steps[place].outcome = .unjudged(
          Fault(
            fault.code, message: fault.message, output: fault.output,
            fix: "look at the server's log, and run it again on a copy that is as production is"))
      default: continue
      }
    }
  }

  /// Takes over how the copy was made and what it holds, without the tool's own table and its versions,
  /// which nobody would count as production's. Where no version was recorded, nothing else was there.
  package mutating func take(_ copy: CopyRecord) {
    var counted = copy
    let holdsTables = !versionsBefore.isEmpty
    counted.tables = holdsTables ? max(0, copy.tables - 1) : 0
    if !holdsTables {
      counted.rows = 0
    } else if !copy.rowsAreEstimated {
      counted.rows = max(0, copy.rows - versionsBefore.count)
    }
    self.copy = counted
  }

  private static func fault(behind failure: StepFailure, in copy: CopyRecord) -> Fault? {
    let words = failure.message
    if let table = copy.excludedTables.first(where: { words.names($0.name.raw) }),
      failure.sqlState == "42P01" || words.contains("no such table")
    {
      return Fault(
        .missingInCopy,
        message:
          "\(table.name.raw) is not in the copy, because --exclude-table left it out, or a table that "
          + "it needs: \(words)",
        fix: "leave the table empty instead: --schema-only-tables PATTERN")
    }
    let isForeignKey =
      failure.sqlState == "23503" && !words.contains("still referenced")
      || words.contains("FOREIGN KEY constraint failed")
    guard isForeignKey else { return nil }
    let reduced = copy.sampled.map(\.table) + copy.schemaOnlyTables
    let named =
      words.firstRange(of: "not present in table ").map { range in
        reduced.filter { words[range.upperBound...].names($0.name.raw) }
      } ?? reduced
    guard let table = named.first else { return nil }
    let rows = copy.sampled.first { $0.table == table }
    let part = rows.map { "\($0.kept) of \($0.of) rows" } ?? "no rows"
    let flag = rows == nil ? "--schema-only-tables" : "--sample"
    let what =
      named.count == 1 ? "of \(table.name.raw) the copy has \(part)" : "the copy has not all rows"
    return Fault(
      .missingInCopy,
      message:
        "whether every reference leads to a row cannot be told: \(what) (\(flag)), and what is "
        + "missing may be there in production (\(words))",
      fix: "rehearse it without \(flag)")
  }
}

extension StringProtocol {
  /// Whether the name stands in it as a word, quoted or not.
  fileprivate func names(_ name: String) -> Bool {
    split { !($0.isLetter || $0.isNumber || $0 == "_") }.contains { $0 == name }
  }
}
