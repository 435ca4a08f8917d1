import Databases
import Rows
import Rules
import Schemas
import Walks

/// Whether an application's code or the migrations have to be deployed first, by what came, what went and
/// which of the application's statements were refused afterwards.
struct DeployOrder {
  let rehearsal: RehearsalRecord

  var answer: ChecklistAnswers.Answer {
    let broken = rehearsal.traffic?.broken ?? []
    guard let schema = rehearsal.schema else {
      return .init(state: .unknown, text: "the upgrade did not succeed")
    }
    let gone = names(schema, \.before)
    let new = names(schema, \.after)
    let tightened = self.tightened(by: schema)
    let unmet = self.unmet(by: schema)
    let mute = rehearsal.traffic?.mute ?? []
    let untried = rehearsal.traffic?.untried ?? []
    let isCodeFirst = !gone.isEmpty || !tightened.isEmpty || !broken.isEmpty
    let deed =
      gone.isEmpty
      ? "that sends nothing which is refused afterwards"
      : "that does without \(Words.list(gone, atMost: Self.limit))"
    let uses = "code that uses \(Words.list(new, atMost: Self.limit))"
    let text =
      switch (isCodeFirst, new.isEmpty) {
      case (true, true): "code first \(deed), then the migrations"
      case (true, false): "code first \(deed), then the migrations, then \(uses)"
      case (false, false): "migrations first, then \(uses)"
      case (false, true): "either first: nothing that code names came or went"
      }
    let isOpen = isCodeFirst || !unmet.isEmpty || !mute.isEmpty
    return .init(
      state: isOpen ? .open : untried.isEmpty ? .done : .unknown, text: text,
      details: (broken.map(sql) + tightened + unmet).map { "refused afterwards: \($0)" }
        + mute.map {
          "tells nothing, since it was refused before the migrations already: \(sql($0))"
        }
        + untried.map { "not known, since it was not sent after the migrations: \(sql($0))" }
        + answered)
  }

  private static let limit = 6

  private func sql(_ statement: TrafficStatement) -> String {
    CappedText.oneLine(statement.sql, limit: 100)
  }

  /// What code can name and only one of the schemas has.
  private func names(
    _ schema: SchemaDifference, _ side: KeyPath<ObjectChange, SchemaObject?>
  ) -> [String] {
    schema.principalChanges.filter { change in
      (change.before == nil) != (change.after == nil) && change[keyPath: side] != nil
        && Self.named.contains(change.id.kind)
    }.map(\.id.description)
  }

  private static let named: Set<ObjectKind> = [
    .table, .column, .view, .materializedView, .function, .procedure, .foreignTable,
  ]

  /// What was accepted before and can be left: NULL in columns that have to hold a value since, and rows
  /// without a column that nothing fills since.
  private func tightened(by schema: SchemaDifference) -> [String] {
    schema.principalChanges.compactMap { change in
      guard change.id.kind == .column, let before = change.before, let after = change.after,
        after[.notNull] != nil
      else { return nil }
      if before[.notNull] == nil { return "rows with NULL in \(change.id.qualifiedName)" }
      return after.hasToBeGiven && !before.hasToBeGiven
        ? "rows without \(change.id.qualifiedName), which nothing fills any more" : nil
    }
  }

  /// What was accepted before and cannot be left: rows without a column that code could not yet name, and
  /// that nothing else fills.
  private func unmet(by schema: SchemaDifference) -> [String] {
    schema.principalChanges.compactMap { change in
      guard change.id.kind == .column, change.before == nil, let after = change.after,
        after.hasToBeGiven
      else { return nil }
      return "rows without \(change.id.qualifiedName), as code of before writes them"
    }
  }

  /// What was tried of the application.
  private var answered: [String] {
    guard let traffic = rehearsal.traffic, traffic.isGiven, traffic.broken.isEmpty,
      traffic.untried.isEmpty, traffic.statements.contains(where: { $0.before.count > 0 })
    else {
      return []
    }
    return ["every statement of --traffic that worked before works afterwards"]
  }
}

extension SchemaObject {
  /// Of a column: whether an insert that leaves it out is refused.
  fileprivate var hasToBeGiven: Bool {
    self[.notNull] != nil && self[.defaultValue] == nil && self[.generated] == nil
      && self["identity"] == nil
  }
}
