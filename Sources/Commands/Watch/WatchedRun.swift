import History
import Platform
import Projects
import Rows
import Rules
import Walks

/// What a watched run is about, and what it saw.
///
/// Not `Sendable`: of the thread that watches.
final class WatchedRun {
  /// What a run before knows, for the next to go on from.
  struct Knowledge {
    var files: WatchedFiles
    let graph: RevisionGraph
    /// The revisions of which something was found, or not everything could be found out.
    let unsettled: Set<RevisionID>
  }

  /// How sentences name the moment that a run is held against.
  static let reference = "the run before"

  let files: WatchedFiles
  let spare: SpareServer
  private let before: Knowledge?
  private let tell: (String) -> Void
  private(set) var folder: ProjectFolder?
  private(set) var project: AlembicProject?
  private(set) var knowledge: Knowledge?

  /// - Parameters:
  ///   - files: as they are before anything of it is read.
  ///   - before: nil where everything is to be verified.
  ///   - spare: where the server of a run before may wait.
  init(
    _ files: WatchedFiles, before: Knowledge?, spare: SpareServer,
    telling tell: @escaping (String) -> Void
  ) {
    self.files = files
    self.spare = spare
    self.before = before
    self.tell = tell
  }

  /// Takes note of what is run, before anything of it can fail.
  func begin(_ folder: ProjectFolder, _ project: AlembicProject? = nil) {
    self.folder = folder
    self.project = project ?? self.project
  }

  /// What is to be verified of a history; nil for all of it.
  func touched(_ graph: RevisionGraph) -> Set<RevisionID>? {
    guard let before, let folder, graph.canBeWalked else { return nil }
    let places = WatchedPlaces(folder, opened: project)
    let changes = files.changes(since: before.files)
    let names = changes.map { $0.relative(to: places.project).text }
    guard let touched = touched(by: changes, places, graph, before) else {
      tell("changed: \(Self.list(names)): everything is verified again")
      return nil
    }
    let again = touched.union(before.unsettled).intersection(graph.revisions.map(\.id))
    let what =
      again.isEmpty
      ? "the heads are looked at again"
      : again.count == 1
        ? "1 revision is verified again" : "\(again.count) revisions are verified again"
    tell("changed: \(Self.list(names)): \(what)")
    return again
  }

  /// The revisions that the run before had and this history has not, by that one's order.
  func departed(_ graph: RevisionGraph) -> [RevisionID] {
    before?.graph.revisions.map(\.id).filter { graph[$0] == nil } ?? []
  }

  /// Takes note of what came of it.
  func end(_ graph: RevisionGraph, _ record: RunRecord, _ judgement: Judgement) {
    let found = judgement.findings.compactMap(\.revision)
    let trips = record.engines.flatMap(\.roundTrips)
    // What was not reached was not verified either, whatever mends the way there.
    let open = trips.filter { trip in
      trip.steps.contains {
        switch $0.outcome {
        case .unjudged, .blocked: true
        case .succeeded, .failed, .skipped: false
        }
      }
    }.map(\.revision)
    // An engine of which nothing is known is nothing to go on from.
    guard graph.canBeWalked, record.engines.allSatisfy({ $0.fault == nil }) else { return }
    knowledge = Knowledge(files: files, graph: graph, unsettled: Set(found + open))
  }

  /// - Returns: nil where anything may have changed.
  private func touched(
    by changes: [Path], _ places: WatchedPlaces, _ graph: RevisionGraph, _ before: Knowledge
  ) -> Set<RevisionID>? {
    let ids = graph.revisions.map(\.id.text)
    var touched = Set(graph.revisions.filter { before.graph[$0.id] == nil }.map(\.id))
    for revision in graph.revisions {
      guard let former = before.graph[revision.id] else { continue }
      if former.requirements != revision.requirements { touched.insert(revision.id) }
    }
    for file in changes {
      switch places.kind(of: file) {
      case .everything: return nil
      case .models, nil: continue
      case .fixture:
        let name = places.fixtureName(of: file)
        if let of = FixtureFolder.revision(ofFileNamed: name, among: ids) {
          touched.insert(RevisionID(of))
        }
      case .revision:
        let of = { (graph: RevisionGraph) in
          graph.revisions.filter { places.project / $0.file == file }.map(\.id)
        }
        let defined = of(graph)
        // What revisions import may be needed by any of them.
        if defined.isEmpty, of(before.graph).isEmpty { return nil }
        touched.formUnion(defined)
      }
    }
    return touched.reduce(into: touched) { $0.formUnion(graph.descendants(of: $1)) }
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(3).joined(separator: ", ")
      + (names.count > 3 ? " and \(names.count - 3) more" : "")
  }
}
