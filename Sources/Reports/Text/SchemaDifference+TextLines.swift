import Databases
import Schemas

extension SchemaDifference {
  /// One line an object: `+` for what was added, `-` for what is gone, `~` for what changed, with a
  /// line for each property below.
  var textLines: [String] {
    changes.flatMap { change -> [String] in
      let head = "\(change.id)\(change.weight == .structural ? "" : " (\(change.weight.rawValue))")"
      if change.before == nil { return ["+ " + head] }
      if change.after == nil { return ["- " + head] }
      return ["~ " + head]
        + change.properties.map { property in
          let before = property.before.map(\.description) ?? "none"
          let after = property.after.map(\.description) ?? "none"
          return "    \(property.name): \(before) → \(after)"
        }
    }
  }
}
