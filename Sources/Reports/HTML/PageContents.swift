import Databases
import History
import Rules
import Schemas
import Walks

/// A run laid out for the page: what is said where, before anything is written.
struct PageContents {
  /// A finding with the name that links go to.
  struct Entry {
    let finding: Finding
    let anchor: PageAnchor
  }

  /// What one engine shows of one revision.
  struct Trip {
    let engine: Engine
    let record: RoundTripRecord
    let entries: [Entry]
    let marks: [StepName: Mark]
    /// The worst of what is said of it.
    let mark: Mark

    var revision: RevisionID { record.revision }
    var duration: Double { record.steps.reduce(0) { $0 + $1.duration } }
  }

  /// Rows of the table of all steps.
  static let rowLimit = 2_000

  let report: Report
  let graph: RevisionGraph
  /// Worst first, and otherwise in the rules' order, but for what both engines show of a revision, which
  /// stands together.
  let entries: [Entry]
  let unjudged: [Unjudged]
  /// By the history's order, the engines of a revision together.
  let trips: [Trip]
  /// Those that there is room for, of the same order: first those of which there is something to say.
  let listedTrips: [Trip]
  /// The revisions that cannot be taken down again.
  let irreversible: Set<RevisionID>
  /// The literals in code that are shown; nil for all.
  let shownNames: Set<String>?
  private let marks: [RevisionID: Mark]
  private let listed: Set<RevisionID>
  private let files: Set<String>
  private let tripsByRevision: [RevisionID: [Trip]]

  /// - Parameter report: as the repository sees it.
  init(_ report: Report) {
    self.report = report
    let record = report.record
    graph = RevisionGraph(record.revisions)
    unjudged = report.unjudged
    files = Set(record.revisions.map(\.file))
    var names = FindingNames()
    let entries = report.judgement.findings.map {
      Entry(finding: $0, anchor: PageAnchor($0, name: names.name(for: $0)))
    }
    let places = Dictionary(
      graph.revisions.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    self.entries = Self.ordered(entries)
    let trips = Self.trips(of: report, entries)
    self.trips = trips.enumerated().sorted {
      (places[$0.element.revision] ?? .max, $0.offset)
        < (places[$1.element.revision] ?? .max, $1.offset)
    }.map(\.element)
    listedTrips = Self.listed(of: self.trips)
    listed = Set(listedTrips.map(\.revision))
    tripsByRevision = Dictionary(grouping: trips, by: \.revision)
    irreversible = Self.irreversible(in: report)
    // What statements of a rehearsal hide, the lines that sent them do not show.
    let hidesValues = report.hidesValues || record.rehearsal != nil
    shownNames = hidesValues ? Self.names(in: report) : nil
    var marks = Dictionary(trips.map { ($0.revision, $0.mark) }, uniquingKeysWith: max)
    for entry in entries {
      guard let revision = entry.finding.revision else { continue }
      marks[revision] = max(marks[revision] ?? .good, Mark(entry.finding.severity))
    }
    self.marks = marks
  }

  /// The worst that is said of a revision on any engine; nil where nothing was tried.
  func mark(of revision: RevisionID) -> Mark? { marks[revision] }

  /// Whether a file, as the project's folder sees it, defines a revision.
  func isRevision(_ file: String) -> Bool { files.contains(file) }

  /// Whether the page has a row for it, which links can go to.
  func isListed(_ revision: RevisionID) -> Bool { listed.contains(revision) }

  private static func ordered(_ entries: [Entry]) -> [Entry] {
    Severity.allCases.reversed().flatMap { severity in
      let some = entries.enumerated().filter { $0.element.finding.severity == severity }
      // The first that says something of a revision, or of the engines' schema, brings the others along.
      let first = Dictionary(
        some.map { (Subject($0.element.finding), $0.offset) }, uniquingKeysWith: min)
      return some.sorted {
        let left = first[Subject($0.element.finding)] ?? 0
        let right = first[Subject($1.element.finding)] ?? 0
        return (left, $0.offset) < (right, $1.offset)
      }.map(\.element)
    }
  }

  /// What a finding is about, on whichever engine.
  private struct Subject: Hashable {
    let revision: RevisionID?
    let isOfSchema: Bool

    init(_ finding: Finding) {
      revision = finding.revision
      isOfSchema = finding.engine != nil
    }
  }

  private static func listed(of trips: [Trip]) -> [Trip] {
    guard trips.count > rowLimit else { return trips }
    let told = trips.indices.filter { trips[$0].mark >= .declared }.prefix(rowLimit)
    let others = trips.indices.filter { trips[$0].mark < .declared }.prefix(rowLimit - told.count)
    return (told + others).sorted().map { trips[$0] }
  }

  /// What an engine shows of a revision.
  func trip(of revision: RevisionID?, on engine: Engine?) -> Trip? {
    guard let revision, let engine else { return nil }
    return tripsByRevision[revision]?.first { $0.engine == engine }
  }

  private static func trips(of report: Report, _ entries: [Entry]) -> [Trip] {
    struct Key: Hashable {
      let engine: Engine?
      let revision: RevisionID?
    }
    let found = Dictionary(grouping: entries) {
      Key(engine: $0.finding.engine, revision: $0.finding.revision)
    }
    let declared = Dictionary(grouping: report.judgement.declared.map(\.finding)) {
      Key(engine: $0.engine, revision: $0.revision)
    }
    return report.record.engines.flatMap { engine in
      engine.roundTrips.map { trip in
        let key = Key(engine: engine.engine, revision: trip.revision)
        return Self.trip(trip, on: engine.engine, found[key] ?? [], declared: declared[key] ?? [])
      }
    }
  }

  private static func trip(
    _ record: RoundTripRecord, on engine: Engine, _ entries: [Entry], declared: [Finding]
  ) -> Trip {
    var marks: [StepName: Mark] = [:]
    for step in record.steps {
      let said =
        entries.filter { $0.finding.step == step.name }.map { Mark($0.finding.severity) }
        + declared.filter { $0.step == step.name }.map { _ in Mark.declared }
      let own = Mark(step.outcome)
      // A failure that a team declared is told as what they made of it.
      marks[step.name] = own == .error ? said.max() ?? own : max(own, said.max() ?? own)
    }
    let told = marks.values.filter { $0 != .left } + entries.map { Mark($0.finding.severity) }
    let mark = told.max() ?? .left
    return Trip(engine: engine, record: record, entries: entries, marks: marks, mark: mark)
  }

  /// Of everything that a step changed or a finding is about.
  private static func names(in report: Report) -> Set<String> {
    let changed = report.record.engines.flatMap(\.roundTrips).flatMap(\.steps)
      .flatMap { $0.change.changes.map(\.id) }
    let rehearsed = report.record.rehearsal.map { rehearsal in
      rehearsal.relations.map(\.relation) + (rehearsal.schema?.changes.map(\.id) ?? [])
    }
    let objects = changed + (rehearsed ?? []) + report.judgement.findings.flatMap(\.objects)
    return Set(objects.flatMap { $0.path.map(\.raw) })
      .union(report.record.rehearsal?.namesInStatements ?? [])
  }

  /// Those whose downgrade says so itself, or is not there.
  private static func irreversible(in report: Report) -> Set<RevisionID> {
    let said = report.record.engines.flatMap(\.roundTrips).filter { trip in
      trip.steps.contains { step in
        guard step.name.direction == .down, case .failed(let failure) = step.outcome else {
          return false
        }
        return failure.kind == .notImplemented || failure.kind == .noSuchDirection
      }
    }.map(\.revision)
    let judged = (report.judgement.findings + report.judgement.declared.map(\.finding))
      .filter { $0.rule == "missing-downgrade" }.compactMap(\.revision)
    return Set(said + judged)
  }
}
