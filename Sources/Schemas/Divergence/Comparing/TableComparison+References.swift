import Databases

extension TableComparison {
  /// The foreign keys in which the tables differ, and what of those differs that both have.
  var referenceDivergences: [Divergence] {
    var own = references(of: sqlite)
    var others = references(of: postgresql)
    // Those that are equal first: a table may have two on the same columns.
    _ = Self.pairs(&own, &others) { $0.equals($1) }
    func isOnTheSame(_ reference: PortableReference, _ other: PortableReference) -> Bool {
      reference.columns.sorted() == other.columns.sorted()
    }
    let alike =
      Self.pairs(&own, &others) { isOnTheSame($0, $1) && $0.refersLike($1) }
      + Self.pairs(&own, &others, where: isOnTheSame)
    return alike.flatMap { divergences($0, $1) } + own.map { divergence(.foreignKey, $0, nil) }
      + others.map { divergence(.foreignKey, nil, $0) }
  }

  /// Takes out pairs, each reference once.
  private static func pairs(
    _ own: inout [PortableReference], _ others: inout [PortableReference],
    where match: (PortableReference, PortableReference) -> Bool
  ) -> [(PortableReference, PortableReference)] {
    var pairs: [(PortableReference, PortableReference)] = []
    own.removeAll { reference in
      guard let place = others.firstIndex(where: { match(reference, $0) }) else { return false }
      pairs.append((reference, others.remove(at: place)))
      return true
    }
    return pairs
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
