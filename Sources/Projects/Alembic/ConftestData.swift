private import FoundationEssentials

/// What a project's conftest.py tells pytest-alembic by its fixture `alembic_config`, as far as it
/// speaks of rows and of revisions that are left alone.
package struct ConftestData: Decodable, Sendable, Hashable {
  /// Rows under the revision that the project gave them to; `heads` means the state at the end.
  package struct RevisionRows: Decodable, Sendable, Hashable {
    package let revision: String
    package let rows: [Row]
  }

  /// One row in the order of the project's dictionary.
  package struct Row: Decodable, Sendable, Hashable {
    /// `table` or `schema.table`; nil where the row names none.
    package let table: String?
    package let cells: [Cell]?
    /// Why no fixture can say the row; nil where one can.
    package let problem: String?
  }

  package struct Cell: Decodable, Sendable, Hashable {
    package let column: String
    package let value: Value
  }

  /// Python's value as a database takes it.
  package enum Value: Sendable, Hashable {
    case null
    case boolean(Bool)
    /// In Python's spelling: `5`, `1.50`, `1e+20`, `NaN`, `-Infinity`.
    case number(String)
    /// Text, and what is written as text: times, UUIDs, intervals, members of enumerations.
    case text(String)
    case binary([UInt8])
    case list([Value])
    /// A dictionary, as the text of a JSON document.
    case json(String)
  }

  /// Of pytest-alembic's `minimum_downgrade_revision`: neither it nor an older one is taken down.
  package let minimumDowngradeRevision: String?
  /// Those that are recorded as applied and never run.
  package let skippedRevisions: [String]
  /// What is inserted just before each revision.
  package let before: [RevisionRows]
  /// What is inserted once each revision is applied.
  package let at: [RevisionRows]
}

extension ConftestData.Value: Decodable {
  /// A list of the kind and, but for NULL, the content.
  package init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    let kind = try container.decode(String.self)
    switch kind {
    case "null": self = .null
    case "boolean": self = .boolean(try container.decode(Bool.self))
    case "number": self = .number(try container.decode(String.self))
    case "text": self = .text(try container.decode(String.self))
    case "list": self = .list(try container.decode([Self].self))
    case "json": self = .json(try container.decode(String.self))
    case "binary":
      guard let data = Data(base64Encoded: try container.decode(String.self)) else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "the binary value is no base64")
      }
      self = .binary([UInt8](data))
    default:
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "there is no kind of value \(kind)")
    }
  }
}
