package import Schemas

/// How a copy was made and what is in it, for reports; holds no credentials and no rows.
package struct CopyRecord: Sendable, Hashable, Codable {
  /// How the rows came over.
  package enum Method: String, Sendable, Hashable, Codable {
    /// `pg_dump` and `pg_restore`.
    case dump
    /// `CREATE DATABASE … TEMPLATE`, on the source's own server.
    case template
    /// A file that `pg_dump` wrote.
    case file
    /// SQLite's online backup.
    case backup
    /// Not at all: the source is the copy.
    case inPlace = "in-place"
  }

  /// A table of which not everything is there.
  package struct TableRows: Sendable, Hashable, Codable {
    package let table: TableName
    package let kept: Int
    package let of: Int
    package init(_ table: TableName, kept: Int, of total: Int) {
      self.table = table
      self.kept = kept
      of = total
    }
  }

  /// The source without credentials: an address, or a path.
  package var source: String
  package var method: Method
  /// When the source looked like this, in seconds since 1970: when it was copied, or when the dump or
  /// file was written, by the clock of whoever wrote it; nil where that is not known.
  package var takenAt: Double?
  /// From the first look at the source until the copy could be used.
  package var seconds: Double
  /// What the copy takes up.
  package var bytes: Int
  package var tables: Int
  package var rows: Int
  /// Whether `rows` is what the server reckons rather than counted: in a large copy.
  package var rowsAreEstimated: Bool
  /// Tables that are there and empty, and tables that are not there.
  package var schemaOnlyTables: [TableName]
  package var excludedTables: [TableName]
  /// What the scratch server could not take, a sentence each: owners, privileges, subscriptions.
  package var leftOut: [String]
  /// The rows that `--sample` kept, and those that went because what they refer to is not there; of
  /// each table that lost some.
  package var sampled: [TableRows]
  package var samplePercent: Double?
  /// Columns as `schema.table.column: rule`.
  package var anonymized: [String]

  package init(source: String, method: Method) {
    self.source = source
    self.method = method
    seconds = 0
    bytes = 0
    tables = 0
    rows = 0
    rowsAreEstimated = false
    schemaOnlyTables = []
    excludedTables = []
    leftOut = []
    sampled = []
    anonymized = []
  }
}
