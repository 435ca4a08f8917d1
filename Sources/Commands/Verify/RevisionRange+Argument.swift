import History
import Walks

extension RevisionRange {
  /// Reads what `--revisions` was given: `A..B`, `A..`, `..B`, or one revision alone.
  ///
  /// Ids may be shortened as long as they stay unique; `base`, `head` and `heads` mean the ends.
  /// - Throws: `Complaint` for a revision that the history does not have.
  init(_ argument: String?, in graph: RevisionGraph) throws {
    guard let argument, !argument.isEmpty else {
      self.init()
      return
    }
    guard let dots = argument.firstRange(of: "..") else {
      let only = try Self.revision(argument, in: graph)
      let parents = only.flatMap { graph[$0]?.parents } ?? []
      if parents.count > 1 {
        throw Complaint(
          "ambiguous-range",
          "\(argument) merges several branches, so that it has no single revision before it",
          fix: "name the range: --revisions A..\(argument)", outcome: .usage)
      }
      self.init(after: parents.first, upTo: only)
      return
    }
    let (lower, upper) = (argument[..<dots.lowerBound], argument[dots.upperBound...])
    guard !["head", "heads"].contains(lower), upper != "base" else {
      throw Complaint.empty(argument)
    }
    self.init(
      after: try Self.revision(String(lower), in: graph),
      upTo: try Self.revision(String(upper), in: graph))
  }

  /// The revision that a text names, perhaps shortened; nil where it names an end.
  static func revision(_ text: String, in graph: RevisionGraph) throws -> RevisionID? {
    if text.isEmpty || ["base", "head", "heads"].contains(text) { return nil }
    if graph[RevisionID(text)] != nil { return RevisionID(text) }
    let ids = graph.revisions.map(\.id.text)
    let candidates = ids.filter { $0.hasPrefix(text) }
    if let only = candidates.first, candidates.count == 1 { return RevisionID(only) }
    let nearest = ids.nearest(to: text).map { "; did you mean '\($0)'?" } ?? ""
    throw Complaint(
      "unknown-revision",
      candidates.isEmpty
        ? "the history has no revision '\(text)'\(nearest)"
        : "'\(text)' can be \(candidates.count) revisions: \(candidates.joined(separator: ", "))",
      fix: "`stairway history` shows them", outcome: .usage)
  }
}

extension Complaint {
  /// A range in which there is nothing.
  static func empty(_ range: String) -> Complaint {
    Complaint(
      "empty-range", "--revisions \(range) holds no revision",
      fix: "write the older one first: A..B is what B needs and A does not",
      outcome: .nothingToVerify)
  }
}
