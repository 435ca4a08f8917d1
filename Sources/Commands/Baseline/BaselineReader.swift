import Databases
import Formats
import History
import Rules

/// Makes a baseline out of its file's JSON; every mistake is told with its line.
struct BaselineReader {
  private static let keys = ["revision", "rule", "engine", "object", "change", "count"]

  /// What sentences call the file.
  let name: String

  /// - Throws: `Complaint` with status 4.
  func baseline(_ root: JSONNode) throws -> Baseline {
    let members = try members(of: root, known: ["version", "findings"], what: "a baseline")
    guard let version = members["version"] else {
      throw complaint("a baseline begins with its \"version\"", line: root.line)
    }
    guard case .number(let text) = version.value.content, let number = Int(text), number > 0 else {
      throw complaint(
        "the \"version\" of a baseline is a whole number, for now \(BaselineFile.version)",
        line: version.line)
    }
    guard number <= BaselineFile.version else {
      throw Complaint(
        "later-baseline", at: place(version.line),
        "the baseline is of version \(number); this Stairway reads version \(BaselineFile.version)",
        fix: "update Stairway to the version that wrote it")
    }
    guard case .array(let items)? = members["findings"]?.value.content else {
      throw complaint("a baseline has a list of \"findings\"", line: root.line)
    }
    var lines: [KnownFinding: Int] = [:]
    let entries = try items.map { item in
      let entry = try entry(item)
      if let first = lines.updateValue(item.line, forKey: entry.known) {
        throw Complaint(
          "duplicate-finding", at: place(item.line),
          "this finding is already in line \(first)",
          fix: "remove one of the two lines, or write one with a \"count\"", outcome: .usage)
      }
      return entry
    }
    return Baseline(entries)
  }

  private func entry(_ node: JSONNode) throws -> Baseline.Entry {
    let members = try members(of: node, known: Self.keys, what: "a finding")
    func text(_ key: String) throws -> String? {
      switch members[key]?.value.content {
      case .string(let text): return text
      case nil: return nil
      default: throw complaint("\"\(key)\" of a finding is a text", line: node.line)
      }
    }
    guard let rule = try text("rule") else {
      throw complaint("a finding names its \"rule\"", line: node.line)
    }
    let engine = try text("engine").map { name in
      guard let engine = Engine(rawValue: name) else {
        throw complaint(
          "there is no engine '\(name)'; there are sqlite and postgresql", line: node.line)
      }
      return engine
    }
    let known = try KnownRules.rule(rule, at: place(node.line))
    guard BaselineFile.keeps(known) else {
      throw Complaint(
        "unreadable-baseline", at: place(node.line),
        "\(known) cannot be in a baseline: such a line would hide the next one as well",
        fix: "remove the line; `allow` in stairway.yml takes one that is meant, with a reason",
        outcome: .usage)
    }
    return Baseline.Entry(
      KnownFinding(
        rule: known, engine: engine,
        revision: try text("revision").map { RevisionID($0) }, object: try text("object"),
        change: try text("change")),
      count: try count(members["count"]?.value))
  }

  private func count(_ node: JSONNode?) throws -> Int {
    guard let node else { return 1 }
    guard case .number(let text) = node.content, let count = Int(text), count > 0 else {
      throw complaint("\"count\" of a finding is a whole number above 0", line: node.line)
    }
    return count
  }

  private func members(
    of node: JSONNode, known: [String], what: String
  ) throws -> [String: JSONNode.Member] {
    guard case .object(let members) = node.content else {
      throw complaint("\(what) is an object, {…}", line: node.line)
    }
    for member in members where !known.contains(member.key) {
      let nearest = known.nearest(to: member.key).map { "; did you mean '\($0)'?" } ?? ""
      throw complaint("unknown key '\(member.key)' in \(what)\(nearest)", line: member.line)
    }
    return Dictionary(members.map { ($0.key, $0) }) { first, _ in first }
  }

  private func place(_ line: Int) -> String { "\(name):\(line)" }

  private func complaint(_ message: String, line: Int) -> Complaint {
    Complaint(
      "unreadable-baseline", at: place(line), message,
      fix: BaselineFile.mend, outcome: .usage)
  }
}
