package import History

/// A team's word that a finding is meant, with its reason.
package struct Allowance: Sendable, Hashable, Codable {
  package let rule: RuleName
  /// nil: in every revision.
  package let revision: RevisionID?
  /// The object's name as findings print it after its kind (`users.nickname`); nil: every object.
  package let object: String?
  package let reason: String
  /// Where it stands, `path:line`, for `unused-allow`.
  package let place: String

  package init(
    rule: RuleName, revision: RevisionID? = nil, object: String? = nil, reason: String,
    place: String
  ) {
    self.rule = rule
    self.revision = revision
    self.object = object
    self.reason = reason
    self.place = place
  }
}

/// A finding that fails nothing: an allowance covers it, or it was there when the team began.
package struct DeclaredFinding: Sendable, Hashable, Codable {
  /// Who says so.
  package enum Origin: String, Sendable, Codable { case allowance, baseline }

  package let finding: Finding
  package let reason: String
  package let origin: Origin

  package init(finding: Finding, reason: String, origin: Origin = .allowance) {
    self.finding = finding
    self.reason = reason
    self.origin = origin
  }

  /// One that the baseline has.
  package init(known finding: Finding) {
    self.init(finding: finding, reason: "it is in the baseline", origin: .baseline)
  }
}

/// What the rules say of a run.
package struct Judgement: Sendable, Hashable {
  /// Ordered by engine, then by the history's order, then by step, worst first.
  package let findings: [Finding]
  package let declared: [DeclaredFinding]
  /// What became of the baseline; nil where there is none.
  package let baseline: BaselineUse?

  package init(
    findings: [Finding], declared: [DeclaredFinding] = [], baseline: BaselineUse? = nil
  ) {
    self.findings = findings
    self.declared = declared
    self.baseline = baseline
  }
}
