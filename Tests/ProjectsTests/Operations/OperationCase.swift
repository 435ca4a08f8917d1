import Databases
import Schemas
import Testing

/// A difference and the lines that undo it.
struct OperationCase: Sendable, CustomTestStringConvertible {
  let about: String
  let engine: Engine
  let difference: SchemaDifference
  let lines: [String]
  var testDescription: String { "\(about) (\(engine))" }

  init(_ about: String, _ engine: Engine, _ changes: [ObjectChange], _ lines: String...) {
    self.about = about
    self.engine = engine
    difference = SchemaDifference(changes)
    self.lines = lines
  }
}

extension ObjectChange {
  /// There is something that was not there.
  static func added(_ object: SchemaObject) -> ObjectChange {
    ObjectChange(before: nil, after: object)
  }

  /// Something is gone.
  static func removed(_ object: SchemaObject) -> ObjectChange {
    ObjectChange(before: object, after: nil)
  }

  /// The object lost, got or changed properties.
  static func changed(
    _ object: SchemaObject, _ after: [PropertyName: PropertyValue?]
  ) -> ObjectChange {
    var changed = object
    for (name, value) in after { changed[name] = value }
    return ObjectChange(
      before: object, after: changed,
      properties: after.keys.sorted().map {
        PropertyChange($0, before: object[$0], after: changed[$0], weight: .structural)
      })
  }
}

extension SchemaObject {
  typealias Properties = [PropertyName: PropertyValue]

  static func table(_ name: Identifier, _ properties: Properties = [:]) -> SchemaObject {
    SchemaObject(ObjectID(.table, schema: nil, [name]), properties)
  }
  static func column(
    _ table: Identifier, _ name: Identifier, _ properties: Properties
  ) -> SchemaObject {
    SchemaObject(ObjectID(.column, [table, name]), properties)
  }
  static func index(
    _ table: Identifier, _ name: Identifier, _ properties: Properties
  ) -> SchemaObject {
    SchemaObject(ObjectID(.index, [table, name]), properties)
  }
  static func constraint(
    _ table: Identifier, _ name: Identifier, _ type: String, _ properties: Properties
  ) -> SchemaObject {
    var object = SchemaObject(ObjectID(.constraint, [table, name]), properties)
    object["constraint-type"] = .text(type)
    return object
  }
  static func single(
    _ kind: ObjectKind, _ name: Identifier, _ properties: Properties = [:]
  ) -> SchemaObject {
    SchemaObject(ObjectID(kind, schema: "public", [name]), properties)
  }
}
