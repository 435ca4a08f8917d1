import History
import Platform
import Projects
import Walks

extension LogRecord {
  /// What is known of a project's history as a log; nil where nothing is to be asked.
  ///
  /// - Parameter since: the branch that it is held against; nil for none.
  /// - Throws: what `BranchReader` throws.
  init?(
    of project: AlembicProject, in folder: ProjectFolder, graph: RevisionGraph,
    since named: String?, _ arguments: ParsedArguments, _ invocation: Invocation
  ) throws {
    var since: SinceRecord?
    var merged: Set<RevisionID>?
    if let reference = named, arguments["revisions"] == nil {
      let settings = PlaceSettings(
        project: project, folder: folder, arguments: arguments, invocation: invocation)
      let reader = try BranchReader(settings, graph: graph)
      (since, merged) = try reader.read(since: reference)
    }
    let lock = try LockFile(in: folder.path).record(
      of: project, graph, in: folder.path, merged: merged)
    if since == nil, lock == nil { return nil }
    self.init(since: since, lock: lock)
  }
}
