import Databases
package import Schemas

extension SchemaDifference {
  /// The objects of its structural changes, parts of whole tables left out.
  var structuralObjects: [ObjectID] { structuralChanges.map(\.id) }

  /// Only what is structural and does not stand in `known`.
  func structural(besides known: Set<ObjectID>) -> SchemaDifference {
    SchemaDifference(changes.filter { $0.weight == .structural && !known.contains($0.id) })
  }

  /// What is there, missing or different, to follow `leaves` or `with`:
  /// `type mood behind, index t_a missing and column t.a with default '' instead of 'x'`.
  ///
  /// - Parameter added: how to call what should not be there: `behind`, `added`.
  func phrase(added: String) -> String {
    let changes = structuralChanges
    var phrases = changes.prefix(3).map { $0.phrase(added: added) }
    if changes.count > 3 {
      phrases.append(changes.count == 4 ? "1 more object" : "\(changes.count - 3) more objects")
    }
    return phrases.listed
  }

  private var structuralChanges: [ObjectChange] {
    principalChanges.filter { $0.weight == .structural }
  }
}

extension ObjectChange {
  func phrase(added: String) -> String {
    if before == nil { return "\(id.title) \(added)" }
    if after == nil { return "\(id.title) missing" }
    let changed = properties.filter { $0.weight == .structural }
    var phrases = changed.prefix(2).map(\.phrase)
    if changed.count > 2 {
      phrases.append(changed.count == 3 ? "1 more change" : "\(changed.count - 2) more changes")
    }
    return phrases.isEmpty ? "\(id.title) changed" : "\(id.title) \(phrases.listed)"
  }
}

extension ObjectID {
  /// The object as sentences call it: `index t_a on t` for what hangs on a table under a name of its
  /// own.
  package var title: String {
    guard isNamedOnItsOwn, path.count == 2 else { return description }
    let table = ObjectID(.table, schema: schema, Array(path.dropLast()))
    return "\(kind.rawValue) \(name) on \(table.qualifiedName)"
  }

  /// Whether people know it by its own name, whatever it hangs on.
  var isNamedOnItsOwn: Bool { [.index, .trigger, .rule, .policy].contains(kind) }
}

extension PropertyChange {
  /// `with default '' instead of 'n/a'`, `without its predicate (NOT d)`.
  fileprivate var phrase: String {
    let title = name.text.split(separator: "-").joined(separator: " ")
    switch (before, after) {
    case (.flag(true)?, .flag(false)?), (.flag(true)?, nil): return "with \(title) not set"
    case (.flag(false)?, .flag(true)?), (nil, .flag(true)?): return "with \(title) set"
    case (let before?, nil): return "without its \(title)" + (before.short.map { " \($0)" } ?? "")
    case (nil, let after?): return "with \(title)" + (after.short.map { " \($0)" } ?? " added")
    case (let before?, let after?):
      guard let old = before.short, let new = after.short else { return "with another \(title)" }
      return "with \(title) \(new) instead of \(old)"
    case (nil, nil): return "with another \(title)"
    }
  }
}

extension PropertyValue {
  /// The value where it fits into a sentence.
  fileprivate var short: String? {
    let text = description
    return text.isEmpty || text.count > 60 || text.contains(where: \.isNewline) ? nil : text
  }
}

extension [String] {
  /// `a`, `a and b`, `a, b and c`.
  var listed: String {
    guard count > 1, let last else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " and " + last
  }
}
