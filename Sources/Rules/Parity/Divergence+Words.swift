import Databases
import Schemas

extension Divergence {
  /// What each engine has, as one sentence without a full stop.
  var sentence: String {
    let subject = object.title
    switch aspect {
    case .table, .column, .view:
      return "\(subject) is \(whereItIs)"
    case .type, .typeVariant, .length, .precision:
      return "\(subject) is \(sqlite ?? "without a type") on SQLite and "
        + "\(postgresql ?? "without a type") on PostgreSQL"
    case .notNull:
      return "\(subject) is NOT NULL on \(having.title) and may be NULL on \(wanting.title)"
    case .selfFilling:
      return "\(subject) is given a number by \(having.title) itself and not by \(wanting.title)"
    case .labels:
      return "\(subject) takes other values: \(sqlite ?? "any") on SQLite, "
        + "\(postgresql ?? "any") on PostgreSQL"
    case .defaultValue where isRefusedBySQLite:
      return
        "\(subject) has the default \(sqlite ?? "") on SQLite, which has no such function and refuses "
        + "every row without a value"
    case .defaultValue: return both("has the default", "none")
    case .generated: return both("is computed as", "is not computed")
    case .onDelete: return "\(subject): the foreign key has \(actions("ON DELETE"))"
    case .onUpdate: return "\(subject): the foreign key has \(actions("ON UPDATE"))"
    case .deferrability:
      return "\(subject): the foreign key is \(sqlite ?? "") on SQLite and \(postgresql ?? "") "
        + "on PostgreSQL"
    case .primaryKey, .unique, .check, .index, .foreignKey:
      guard let sqlite, let postgresql else {
        return "\(subject): \(sqlite ?? postgresql ?? "") is \(whereItIs)"
      }
      return "\(subject): \(sqlite) on SQLite and \(postgresql) on PostgreSQL"
    }
  }

  private var having: Engine { sqlite == nil ? .postgresql : .sqlite }
  private var wanting: Engine { sqlite == nil ? .sqlite : .postgresql }
  private var whereItIs: String { "on \(having.title) and not on \(wanting.title)" }

  private func both(_ verb: String, _ none: String) -> String {
    let own = "\(sqlite ?? none) on SQLite"
    let other = "\(postgresql ?? none) on PostgreSQL"
    let first = sqlite == nil ? other : own
    return "\(object.title) \(verb) \(first) and \(first == own ? other : own)"
  }

  private func actions(_ word: String) -> String {
    func text(_ action: String?) -> String { action.map { "\(word) \($0)" } ?? "no \(word)" }
    return "\(text(sqlite)) on SQLite and \(text(postgresql)) on PostgreSQL"
  }
}
