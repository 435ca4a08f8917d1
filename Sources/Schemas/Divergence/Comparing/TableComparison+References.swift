import Databases

extension TableComparison {
  /// The foreign keys in which the tables differ, and what of those differs that both have.
  var referenceDivergences: [Divergence] {
    var own = references(of: sqlite)
    var others = references(of: postgresql)
    // Those that are equal first: a table may have two on the same columns.
    for reference in own {
      guard let match = others.firstIndex(where: { reference.equals($0) }),
        let place = own.firstIndex(where: { $0.object.id == reference.object.id })
      else { continue }
      own.remove(at: place)
      others.remove(at: match)
    }
    var found: [Divergence] = []
    for sameTarget in [true, false] {
      for reference in own {
        let match = others.firstIndex { other in
          reference.columns.sorted() == other.columns.sorted()
            && (!sameTarget || reference.refersLike(other))
        }
        guard let match, let place = own.firstIndex(where: { $0.object.id == reference.object.id })
        else { continue }
        own.remove(at: place)
        found += divergences(reference, others.remove(at: match))
      }
    }
    return found + own.map { divergence(.foreignKey, $0, nil) }
      + others.map { divergence(.foreignKey, nil, $0) }
  }

  private func references(of table: PortableTable) -> [PortableReference] {
    table.parts.filter { $0[.constraintType] == .text("FOREIGN KEY") }
      .map { PortableReference($0) }.filter { covers($0.columns) }
  }

  private func divergences(
    _ own: PortableReference, _ other: PortableReference
  ) -> [Divergence] {
    guard own.refersLike(other) else { return [divergence(.foreignKey, own, other)] }
    var found: [Divergence] = []
    if own.onDelete != other.onDelete {
      found.append(divergence(.onDelete, own, other, own.onDelete, other.onDelete))
    }
    if own.onUpdate != other.onUpdate {
      found.append(divergence(.onUpdate, own, other, own.onUpdate, other.onUpdate))
    }
    if own.isDeferred != other.isDeferred {
      func text(_ reference: PortableReference) -> String {
        reference.isDeferred ? "DEFERRABLE INITIALLY DEFERRED" : "checked at once"
      }
      found.append(divergence(.deferrability, own, other, text(own), text(other)))
    }
    return found
  }

  private func divergence(
    _ aspect: Divergence.Aspect, _ own: PortableReference?, _ other: PortableReference?
  ) -> Divergence {
    divergence(aspect, own, other, own?.text, other?.text)
  }

  private func divergence(
    _ aspect: Divergence.Aspect, _ own: PortableReference?, _ other: PortableReference?,
    _ sqlite: String?, _ postgresql: String?
  ) -> Divergence {
    let columns = (other ?? own)?.columns ?? []
    return Divergence(
      id(of: own?.object, other?.object, columns: Set(columns)), aspect, sqlite: sqlite,
      postgresql: postgresql, columns: columns, onSQLite: own?.object,
      onPostgreSQL: other?.object)
  }
}

/// A foreign key in small letters.
struct PortableReference {
  let object: SchemaObject
  let columns: [String]
  private let table: String
  /// nil where SQLite's declaration leaves them open and the table is not known.
  private let targets: [String]?
  let onDelete: String?
  let onUpdate: String?
  let isDeferred: Bool

  init(_ object: SchemaObject) {
    self.object = object
    columns = object.texts(.columns).map { $0.lowercased() }
    table = (object.string(.referencedTable) ?? "").lowercased()
    let targets = object.texts(.referencedColumns).map { $0.lowercased() }
    self.targets = targets.isEmpty ? nil : targets
    onDelete = object.string(.onDelete)
    onUpdate = object.string(.onUpdate)
    // SQLite keeps only what is deferred from the beginning apart.
    isDeferred = object.string(.deferrable)?.hasSuffix("DEFERRED") == true
  }

  /// Whether the same columns refer to the same ones.
  func refersLike(_ other: PortableReference) -> Bool {
    let names = [other.table, other.table.replacing(".", with: "_")]
    let bare = other.table.split(separator: ".").last.map(String.init) ?? other.table
    guard columns.sorted() == other.columns.sorted(), (names + [bare]).contains(table) else {
      return false
    }
    guard let targets, let others = other.targets else { return true }
    return Set(zip(columns, targets).map { "\($0)→\($1)" })
      == Set(zip(other.columns, others).map { "\($0)→\($1)" })
  }

  func equals(_ other: PortableReference) -> Bool {
    refersLike(other) && onDelete == other.onDelete && onUpdate == other.onUpdate
      && isDeferred == other.isDeferred
  }

  var text: String {
    let columns = object.texts(.columns).joined(separator: ", ")
    let targets = object.texts(.referencedColumns).joined(separator: ", ")
    var text = "FOREIGN KEY (\(columns)) REFERENCES \(object.string(.referencedTable) ?? "")"
    if !targets.isEmpty { text += " (\(targets))" }
    if let onDelete { text += " ON DELETE \(onDelete)" }
    if let onUpdate { text += " ON UPDATE \(onUpdate)" }
    if let deferrable = object.string(.deferrable) { text += " \(deferrable)" }
    return text
  }
}
