import Databases
import History
import Schemas
import Walks

extension JudgedRun {
  /// What somebody may have meant who wrote an allowance that matches nothing, as a question or a
  /// remark; nil where nothing is near.
  func meaning(of allowance: Allowance) -> String? {
    guard RuleBook[allowance.rule] != nil else { return nil }
    if let unknown = unknownRevision(of: allowance) { return unknown }
    let ofRule = heard.filter { $0.rule == allowance.rule }
    let here = ofRule.filter { covers(allowance, $0) }.flatMap(\.objects)
    if let object = allowance.object {
      let found = Spelling.nearest(to: object, among: here.map(\.qualifiedName))
      if let found { return "did you mean \(found)?" }
      if let elsewhere = ofRule.first(where: { $0.objects.contains(where: allowance.names) }) {
        return elsewhere.revision.map { "\(allowance.rule) speaks of it in revision \($0)" }
      }
    }
    let others = heard.filter { other in
      other.rule != allowance.rule
        && (allowance.revision == nil
          || other.revision == revision(of: allowance))
        && other.objects.contains { allowance.object != nil && allowance.names($0) }
    }
    if let other = others.first { return "what is said of it is \(other.rule)" }
    guard let object = allowance.object, !knownObjects.contains(where: allowance.names) else {
      return nil
    }
    return Spelling.nearest(to: object, among: knownObjects.map(\.qualifiedName).sorted()).map {
      "did you mean \($0)?"
    }
  }

  private func unknownRevision(of allowance: Allowance) -> String? {
    guard let named = allowance.revision, revision(of: allowance) == nil else { return nil }
    let near = Spelling.nearest(to: named.text, among: graph.revisions.map(\.id.text))
    return "the history has no revision \(named)" + (near.map { "; did you mean \($0)?" } ?? "")
  }

  /// Every object that any step made, changed or dropped.
  private var knownObjects: Set<ObjectID> {
    Set(
      record.engines.flatMap { engine in
        engine.roundTrips.flatMap(\.steps) + [engine.approach].compactMap(\.self)
      }.flatMap(\.change.changes).map(\.id))
  }
}
