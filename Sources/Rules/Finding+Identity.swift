import Databases
import History
package import Schemas

extension Finding {
  /// What tells this finding from others whatever becomes of the lines and words around it: the rule,
  /// the engine, the revision and the objects. Several findings may share one.
  package var fingerprint: Fingerprint {
    let parts =
      [rule.text, engine?.rawValue ?? "", revision?.text ?? ""]
      + objects.map(\.description).sorted()
    // Lengths before texts, so that no two lists share a text.
    return Fingerprint(hashing: parts.map { "\($0.utf8.count):\($0)" }.joined())
  }
}

/// Gives each finding of a run a name of its own: its fingerprint, numbered where several share it.
package struct FindingNames {
  private let project: String
  private var used: [Fingerprint: Int] = [:]

  /// - Parameter project: the project's folder in its repository, where reports of several are read
  ///   together; empty for the top.
  package init(project: String = "") { self.project = project }

  /// The name of the next finding.
  package mutating func name(for finding: Finding) -> String { name(for: finding.fingerprint) }

  /// The name of the next thing with this fingerprint.
  package mutating func name(for fingerprint: Fingerprint) -> String {
    let fingerprint =
      project.isEmpty ? fingerprint : Fingerprint(hashing: "\(fingerprint) \(project)")
    let number = used[fingerprint, default: 0] + 1
    used[fingerprint] = number
    return number == 1 ? fingerprint : "\(fingerprint)-\(number)"
  }
}
