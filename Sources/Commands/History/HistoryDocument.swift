import History

/// A history as JSON.
struct HistoryDocument: Encodable {
  private let schemaVersion = 1
  private let heads: [RevisionID]
  private let bases: [RevisionID]
  private let revisions: [Entry]

  private struct Entry: Encodable {
    let id: RevisionID
    let parents: [RevisionID]
    let dependencies: [RevisionID]
    let labels: [String]
    let message: String
    let file: String
    let isHead: Bool
    let isMerge: Bool
  }

  /// - Parameter graph: also a broken one; its revisions stand in topological order where there is
  ///   one.
  init(_ graph: RevisionGraph) {
    heads = graph.heads
    bases = graph.bases
    let heads = Set(graph.heads)
    revisions = graph.definitions.map {
      Entry(
        id: $0.id, parents: $0.parents, dependencies: $0.dependencies, labels: $0.labels,
        message: $0.message, file: $0.file, isHead: heads.contains($0.id),
        isMerge: $0.parents.count > 1)
    }
  }
}
