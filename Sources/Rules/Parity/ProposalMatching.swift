import Databases
import Schemas
import Walks

/// Holds what the tool's own comparison proposes for a table against what was found there.
struct ProposalMatching {
  private let changes: [ObjectChange]
  private let proposals: [ToolsOperation]
  private let opinion: ToolsOpinion?

  init(_ unit: ModelUnit, _ opinion: ToolsOpinion?) {
    changes = unit.difference.principalChanges
    proposals = unit.proposals
    self.opinion = opinion
  }

  /// Whether the comparison came to an end.
  var isKnown: Bool { opinion != nil && opinion?.failure == nil }

  /// How much of the difference its revision would hold.
  var extent: String {
    let seen = changes.count { unseen(of: $0).isEmpty }
    if seen == changes.count { return "this" }
    let partly = changes.contains { change in proposals.contains { $0.isAbout(change) } }
    return seen > 0 || partly ? "only a part of this" : "none of this"
  }

  var sentences: [String] {
    guard let opinion else { return [] }
    if let failure = opinion.failure { return ["autogenerate raises \(failure.raised)"] }
    let blind = changes.flatMap { change in
      unseen(of: change).map { "autogenerate does not see \($0)" }
    }
    // Of a table that is on one side only, all that is proposed makes or drops its parts.
    let isWhole = changes.contains {
      $0.id.kind == .table && ($0.before == nil || $0.after == nil)
    }
    let idle = isWhole ? [] : proposals.filter { one in !changes.contains { one.isAbout($0) } }
    let false_ = idle.map { proposal in
      "autogenerate proposes \(proposal.shown), though create_all() makes there what the migrations "
        + "made: a false difference"
    }
    let seen = blind.isEmpty && !changes.isEmpty ? ["autogenerate sees all of it"] : []
    return seen + blind + false_
  }

  /// What of a change no proposal is about, each with the reason.
  private func unseen(of change: ObjectChange) -> [String] {
    let about = proposals.filter { $0.isAbout(change) }
    let title = change.id.title
    guard change.id.kind == .column, change.before != nil, change.after != nil else {
      return about.isEmpty ? ["\(title): \(reason(change))"] : []
    }
    let seen = Set(about.flatMap(\.changes))
    return change.properties.filter { !seen.contains($0.name.text) }.map { property in
      let label = property.name.text.split(separator: "-").joined(separator: " ")
      return "the \(label) of \(title): \(reason(property))"
    }
  }

  private func reason(_ property: PropertyChange) -> String {
    switch property.name {
    case .type:
      opinion?.comparesTypes == false
        ? "env.py switches compare_type off" : "it takes the two types for one"
    case .defaultValue:
      opinion?.comparesDefaults == false
        ? "env.py does not set compare_server_default" : "it takes the two defaults for one"
    default: "it does not compare that"
    }
  }

  private func reason(_ change: ObjectChange) -> String {
    let object = change.after ?? change.before
    switch change.id.kind {
    case .constraint:
      guard case .text(let type)? = object?[.constraintType] else {
        return "it does not compare it"
      }
      return ["CHECK", "PRIMARY KEY", "EXCLUDE"].contains(type)
        ? "it never compares constraints of the kind \(type)"
        : "it takes the two for one, or cannot read them from this engine"
    case .type, .domain: return "it never compares types"
    case .index: return "it takes the two indexes for one, or cannot read them from this engine"
    default: return "it does not compare that"
    }
  }
}

extension ToolsOperation {
  /// Its code in one line.
  fileprivate var shown: String {
    let line = code.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    if line.isEmpty { return kind }
    return line.count > 160 ? line.prefix(159) + "…" : line
  }

  /// Whether it is about the object that a change is about.
  func isAbout(_ change: ObjectChange) -> Bool {
    let names = [change.before, change.after].compactMap { $0?.id.name.raw }
    let isSame = name.map { names.contains($0) } ?? false
    switch change.id.kind {
    case .table:
      return change.before != nil && change.after != nil
        ? kind.hasSuffix("_comment") : ["create_table", "drop_table"].contains(kind)
    case .column: return kind.hasSuffix("_column") && isSame
    case .index: return kind.hasSuffix("_index") && isSame
    case .constraint:
      guard case .text(let type)? = (change.after ?? change.before)?[.constraintType] else {
        return false
      }
      if kind == "drop_constraint" {
        // Without a name, it is its kind alone that tells which one goes.
        let word = ["UNIQUE": "unique", "FOREIGN KEY": "foreignkey"][type]
        return isSame || name == nil && word.map { code.contains("type_='\($0)'") } ?? false
      }
      let made = ["UNIQUE": "create_unique_constraint", "FOREIGN KEY": "create_foreign_key"]
      return made[type] == kind && (isSame || name == nil)
    case .type: return kind == "create_table" || isAboutType(change.id)
    default: return false
    }
  }
}
