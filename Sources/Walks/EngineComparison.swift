package import Schemas

/// What came of holding the schemas that the same history made on the two engines against each other.
package struct EngineComparison: Sendable, Hashable, Codable {
  /// In what they differ at the last revisions of the walk; nil where they were not compared.
  package let divergences: [Divergence]?
  /// Why they were not compared, as the end of a sentence; nil where they were.
  package let reason: String?

  /// Compared.
  package init(_ divergences: [Divergence]) {
    self.divergences = divergences
    reason = nil
  }

  /// Not compared, because of `reason`.
  package init(leftOut reason: String) {
    divergences = nil
    self.reason = reason
  }
}
