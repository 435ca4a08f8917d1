package import Databases
import Formats
package import Schemas

/// One thing in a fixture that cannot be used, with its place and how to mend it.
package struct FixtureProblem: Hashable, Sendable, Codable, CustomStringConvertible {
  /// What kind of fault it is; stable, for code and reports that decide on it.
  package enum Kind: String, Sendable, Codable, CaseIterable {
    /// The file cannot be read: permissions, a loop of links, a folder of that name.
    case unreadableFile = "unreadable-file"
    case tooLarge = "too-large"
    /// Not UTF-8, or not the YAML, JSON or CSV that its name promises.
    case syntax
    /// Well-formed, and not the form of a fixture: a table that is a number, a ragged line.
    case form
    case unknownRevision = "unknown-revision"
    case ambiguousRevision = "ambiguous-revision"
    case unknownTable = "unknown-table"
    case unknownColumn = "unknown-column"
    /// A value that its column cannot hold.
    case wrongValue = "wrong-value"
  }

  package let kind: Kind
  /// Line 1 where the whole file is meant.
  package let place: SourcePlace
  package let table: TableName?
  package let column: Identifier?
  /// One sentence without a trailing full stop, and without the file.
  package let message: String
  /// What to do, likewise.
  package let fix: String
  /// How many more rows of the file have the same fault, of which no more is said.
  package private(set) var others = 0

  package init(
    _ kind: Kind, at place: SourcePlace, table: TableName? = nil, column: Identifier? = nil,
    message: String, fix: String
  ) {
    self.kind = kind
    self.place = place
    self.table = table
    self.column = column
    self.message = message
    self.fix = fix
  }

  package var description: String {
    let more = others == 0 ? "" : ", and so in \(others) more \(others == 1 ? "row" : "rows")"
    return "\(place.file):\(place.line): \(message)\(more)"
  }
}

extension [FixtureProblem] {
  /// Without what would be said of every row again: a table or column that is not there is told at its
  /// first row, any other fault at its first ten.
  var condensed: [FixtureProblem] {
    var kept: [FixtureProblem] = []
    var places: [Fault: [Int]] = [:]
    for problem in self {
      let fault = Fault(problem)
      let limit = problem.kind == .unknownTable || problem.kind == .unknownColumn ? 1 : 10
      let known = places[fault] ?? []
      if known.count < limit {
        places[fault] = known + [kept.count]
        kept.append(problem)
      } else {
        kept[known[limit - 1]].count(another: problem)
      }
    }
    return kept
  }

  private struct Fault: Hashable {
    let file: String
    let kind: FixtureProblem.Kind
    let table: TableName?
    let column: Identifier?
    let message: String

    init(_ problem: FixtureProblem) {
      file = problem.place.file
      kind = problem.kind
      table = problem.table
      column = problem.column
      message = problem.message
    }
  }
}

extension FixtureProblem {
  fileprivate mutating func count(another problem: FixtureProblem) { others += 1 + problem.others }
}

extension FixtureProblem {
  /// The problem of a text that its parser refused, and of which nothing is used therefore.
  init(_ error: FormatError, file: String) {
    let fix =
      switch error.code {
      case .notUTF8: "save the file as UTF-8"
      case .yamlDuplicateKey, .jsonDuplicateKey: "join the two, or rename one"
      case .yamlTooLarge: "split the fixture, or write it as SQL or CSV"
      case .csvSyntax: "put the whole field between double quotes, and double those inside it"
      default: "mend the line"
      }
    self.init(
      .syntax, at: SourcePlace(file: file, line: error.line ?? 1), message: error.message,
      fix: fix + "; nothing in this file was used")
  }
}
