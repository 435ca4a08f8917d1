import Databases
import History
import Rules
import Walks

extension [String] {
  /// A `stairway verify` that looks at one finding's revision and engine alone; nil where none does.
  func narrowed(to finding: Finding, in graph: RevisionGraph) -> [String]? {
    guard let verb = firstIndex(of: "stairway").map({ $0 + 1 }), verb < count,
      self[verb] == "verify", let engine = finding.engine, let step = finding.step,
      [.upgrade, .downgrade, .reupgrade, .rollback, .recovery].contains(step),
      let revision = finding.revision.flatMap({ graph[$0] }), revision.requirements.count < 2
    else { return nil }
    var words = Array(self[...verb])
    var isValue = false
    for word in self[(verb + 1)...] {
      let name = word.prefix { $0 != "=" }
      let isReplaced = ["--engine", "--revisions", "--since"].contains(name)
      if !isValue, !isReplaced { words.append(word) }
      isValue = !isValue && isReplaced && name == word
    }
    let parent = revision.requirements.first?.text ?? ""
    return words + ["--engine", engine.rawValue, "--revisions", "\(parent)..\(revision.id)"]
  }
}
