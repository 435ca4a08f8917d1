extension SchemaDifference {
  /// Without what is another only because this role made the object anew: its owner, and the privileges that
  /// go with one.
  package func withoutOwnership(of role: String) -> SchemaDifference {
    SchemaDifference(
      changes.compactMap { change in
        guard
          change.properties.contains(where: { $0.name == "owner" && $0.after == .text(role) })
        else { return change }
        let rest = change.properties.filter { $0.name != "owner" && $0.name != "privileges" }
        guard let weight = rest.map(\.weight).max() else { return nil }
        return ObjectChange(
          before: change.before, after: change.after, properties: rest, weight: weight)
      })
  }
}
