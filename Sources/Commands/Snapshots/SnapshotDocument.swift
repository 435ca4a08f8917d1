import Databases
import Formats
import History
import Reports
import Schemas

/// A snapshot as a JSON file holds it: whole, or as what makes it out of another that stands in a
/// file beside it, so that a history of many revisions does not write its schema many times.
struct SnapshotDocument: Codable {
  /// Grows by one whenever a reader of the older form would misread the new one.
  static let currentVersion = 1

  private let schemaVersion: Int
  let engine: Engine
  /// Of the whole schema, also where only a part of it stands here.
  let fingerprint: Fingerprint
  /// The file beside this one with the snapshot that this one begins with; nil where it is whole.
  let base: String?
  /// The units of the base that are not there any more.
  private let removed: [Name]?
  private let units: [Unit]

  private struct Name: Codable {
    let kind: ObjectKind
    let schema: Identifier?
    let name: [Identifier]

    init(_ id: ObjectID) {
      kind = id.kind
      schema = id.schema
      name = id.path
    }

    var id: ObjectID { ObjectID(kind, schema: schema, name) }
  }

  private struct Unit: Codable {
    let fingerprint: Fingerprint
    let objects: [Object]

    init(_ unit: SchemaUnit) {
      fingerprint = unit.fingerprint
      objects = unit.objects.map { object in
        Object(
          kind: object.id.kind, schema: object.id.schema, name: object.id.path,
          properties: Dictionary(
            object.properties.map { ($0.key.text, $0.value) }, uniquingKeysWith: { $1 }))
      }
    }

    var unit: SchemaUnit? {
      let read = objects.map { object in
        SchemaObject(
          ObjectID(object.kind, schema: object.schema, object.name),
          Dictionary(
            object.properties.map { (PropertyName($0.key), $0.value) }, uniquingKeysWith: { $1 }))
      }
      return read.first.map { SchemaUnit($0, parts: Array(read.dropFirst())) }
    }
  }

  private struct Object: Codable {
    let kind: ObjectKind
    let schema: Identifier?
    let name: [Identifier]
    let properties: [String: PropertyValue]
  }

  /// The whole snapshot.
  init(_ snapshot: Snapshot) {
    self.init(snapshot, base: nil, removed: nil, units: snapshot.ordered)
  }

  /// What a revision made of the schema of the one before it.
  ///
  /// - Parameter before: nil for the first, which is whole.
  init(_ snapshot: Snapshot, after before: (revision: RevisionID, snapshot: Snapshot)?) {
    guard let before else {
      self.init(snapshot)
      return
    }
    let changes = snapshot.changes(since: before.snapshot)
    self.init(
      snapshot, base: ReportFolder.snapshotFileName(of: before.revision),
      removed: changes.removed, units: changes.changed)
  }

  private init(
    _ snapshot: Snapshot, base: String?, removed: [ObjectID]?, units: [SchemaUnit]
  ) {
    schemaVersion = Self.currentVersion
    engine = snapshot.engine
    fingerprint = snapshot.fingerprint
    self.base = base
    self.removed = removed?.map(Name.init)
    self.units = units.map(Unit.init)
  }

  /// The file's text, with its newline.
  func text() throws -> String { try JSONText.encode(self) + "\n" }

  /// Reads a snapshot's file.
  ///
  /// - Throws: `FormatError` where it is none; `Complaint` where it is of a later form.
  init(text: String, name: String) throws {
    self = try JSONText.decode(from: text, name: name)
    guard schemaVersion <= Self.currentVersion else {
      throw Complaint(
        "newer-snapshot", at: name,
        "this snapshot has the form \(schemaVersion), of which this Stairway knows nothing",
        fix: "take it again, or use the Stairway that wrote it", outcome: .usage)
    }
  }

  /// Adds what stands here to the snapshot of its base, or to nothing.
  func apply(to snapshot: inout Snapshot) {
    for name in removed ?? [] { snapshot.remove(name.id) }
    for unit in units.compactMap(\.unit) { snapshot.put(unit) }
  }
}
