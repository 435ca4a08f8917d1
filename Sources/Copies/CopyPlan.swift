package import Databases
import Platform

/// All that was asked for of a copy, decided before anything is started.
package struct CopyPlan: Sendable {
  package var source: CopySource
  /// Patterns as `pg_dump` takes them, for SQLite too: the tables are made, and are left empty.
  package var schemaOnlyTables: [String]
  /// Patterns of tables that are left out altogether.
  package var excludedTables: [String]
  /// Of the rows, more than 0 and less than 100; nil for all of them.
  package var samplePercent: Double?
  /// Tables of at most so many rows are kept whole, unless rows that they refer to go.
  package var sampleFloor: Int
  /// nil to leave every value as it is.
  package var anonymization: Anonymization?
  /// The name that the user typed for a copy that is used in place.
  package var confirmedName: String?
  /// Where the project's own settings and code lead; none of them is ever used in place.
  package var projectAddresses: [DatabaseAddress]
  /// How many further states of the copy are to be kept beside it, for the room that is asked for.
  package var checkpoints: Int
  /// How many jobs dump and restore side by side.
  package var jobs: Int
  /// Seconds for which somebody else's lock on the source is waited for, and those after which that is said.
  package var longestWait = 60.0
  package var quietWait = 3.0

  package init(
    source: CopySource, schemaOnlyTables: [String] = [], excludedTables: [String] = [],
    samplePercent: Double? = nil, sampleFloor: Int = 1_000, anonymization: Anonymization? = nil,
    confirmedName: String? = nil, projectAddresses: [DatabaseAddress] = [], checkpoints: Int = 1,
    jobs: Int = min(ThisProcess.processors, 8)
  ) {
    self.source = source
    self.schemaOnlyTables = schemaOnlyTables
    self.excludedTables = excludedTables
    self.samplePercent = samplePercent
    self.sampleFloor = sampleFloor
    self.anonymization = anonymization
    self.confirmedName = confirmedName
    self.projectAddresses = projectAddresses
    self.checkpoints = checkpoints
    self.jobs = jobs
  }

  /// The longest wait for sentences.
  var longestWaitWords: String { "\(Int(longestWait.rounded(.up))) s" }

  /// Whether rows or values of the source do not reach the copy as they are.
  var changesRows: Bool {
    !schemaOnlyTables.isEmpty || samplePercent != nil || anonymization != nil
  }

  /// - Throws: `CopyError` for what cannot be meant, whatever the source holds; of a source that is used in
  ///   place also where nobody confirmed that.
  func check() throws {
    try checkMeaning()
    if case .inPlace = source { try checkConfirmation() }
  }

  /// The same before anybody was asked to confirm.
  package func checkMeaning() throws {
    if let percent = samplePercent, !(percent > 0 && percent < 100) {
      throw CopyError(
        .badSelection, "--sample \(percent): a part of the rows is more than 0 and less than 100",
        fix: "leave --sample out for all rows")
    }
    for pattern in schemaOnlyTables + excludedTables { _ = try TablePattern(pattern) }
    if case .inPlace(let address) = source { try checkInPlace(address) }
  }

  private func checkInPlace(_ address: DatabaseAddress) throws {
    let name = source.title
    let identity = projectAddresses.isEmpty ? nil : DatabaseIdentity(of: address)
    if projectAddresses.contains(where: { address.isSamePlace(as: $0, known: identity) }) {
      throw CopyError(
        .ownDatabase,
        "\(name) is a database that the project's own settings or code lead to",
        fix: "rehearse on a copy: give the same address with --source and without --in-place")
    }
    if changesRows || !excludedTables.isEmpty {
      throw CopyError(
        .badSelection,
        "a copy that is used in place is taken as it is: "
          + "--schema-only-tables, --exclude-table, --sample and --anonymize have no effect on it",
        fix: "leave them out, or leave --in-place out")
    }
  }

  private func checkConfirmation() throws {
    let name = source.title
    let expected = source.nameToConfirm ?? ""
    guard let confirmedName else {
      throw CopyError(
        .notConfirmed, "the migrations would change \(name) itself",
        fix: "where that is a copy that nobody needs: --confirm \(expected)")
    }
    guard confirmedName == expected else {
      throw CopyError(
        .notConfirmed, "'\(confirmedName)' was confirmed, and the database is called '\(expected)'",
        fix: "look at --source again, or give --confirm \(expected)")
    }
  }
}
