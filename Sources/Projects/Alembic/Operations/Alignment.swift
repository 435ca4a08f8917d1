import Databases
import Schemas
import Walks

/// Writes what gives one engine what the other has, as far as it is certain: what an engine prints of
/// its expressions is not what the other takes.
struct Alignment {
  private let divergence: Divergence
  private let engine: Engine
  /// As the engine has it that lacks nothing; nil where that has nothing either.
  private let wanted: SchemaObject?
  /// As the engine in question has it.
  private let present: SchemaObject?
  private let source: Engine

  init(of divergence: Divergence, on engine: Engine) {
    self.divergence = divergence
    self.engine = engine
    source = engine == .sqlite ? .postgresql : .sqlite
    let own = divergence.onSQLite
    let other = divergence.onPostgreSQL
    (wanted, present) = engine == .sqlite ? (other, own) : (own, other)
  }

  /// As lines of an upgrade; nil where there are none that are certain.
  var operations: [String]? {
    guard let lines = written, !lines.isEmpty,
      !lines.contains(where: { $0.contains(AlembicOperation.noOperation) })
    else { return nil }
    return lines
  }

  private var written: [String]? {
    if wanted == nil, let present {
      return undoing(ObjectChange(before: nil, after: present))
    }
    return switch divergence.aspect {
    case .length, .precision, .type, .typeVariant: retyped
    case .notNull: altered("nullable=\(wanted?.flag(.notNull) == true ? "False" : "True")")
    case .defaultValue: defaulted
    case .column: added
    case .unique, .index, .foreignKey, .check: created
    case .onDelete: redone(.onDelete)
    case .onUpdate: redone(.onUpdate)
    case .deferrability: redone(.deferrable)
    case .table, .view, .labels, .generated, .primaryKey, .selfFilling: nil
    }
  }

  private var retyped: [String]? {
    guard let type = AlembicType.expression(for: wanted?.text(.type) ?? "", on: source) else {
      return nil
    }
    return altered("type_=\(type)")
  }

  private var defaulted: [String]? {
    guard let value = wanted?.text(.defaultValue) else { return altered("server_default=None") }
    guard let literal = Self.literal(value) else { return nil }
    return altered("server_default=\(PythonText.saText(literal))")
  }

  /// A default without the cast that PostgreSQL prints behind it; nil where it is a function or another
  /// expression of the one engine's own.
  private static func literal(_ value: String) -> String? {
    var literal = value
    if value.hasPrefix("'"), let cast = value.firstRange(of: "'::") {
      literal = value[..<cast.lowerBound] + "'"
    }
    return literal.contains("(") || literal.contains("::") ? nil : literal
  }

  private func altered(_ argument: String) -> [String]? {
    guard let column = present?.id else { return nil }
    let undo = Undo(SchemaDifference(), on: engine)
    let name = PythonText.literal(column.name)
    let call =
      "alter_column(\(undo.tableArgument(column))\(name), \(argument)\(column.schemaArgument))"
    return AlembicScript([.init(.alterColumns, call, batch: undo.batch(column))]).lines
  }

  /// The column with what both engines have of it; where it may not be NULL, in steps that tables with rows
  /// can take.
  private var added: [String]? {
    guard let wanted, wanted["generated"] == nil, wanted["identity"] == nil,
      let type = AlembicType.expression(for: wanted.text(.type) ?? "", on: source)
    else { return nil }
    let id = own(wanted.id)
    let shared: Set<PropertyName> = [.type, .notNull]
    var column = SchemaObject(id, wanted.properties.filter { shared.contains($0.key) })
    if let value = wanted.text(.defaultValue) {
      guard let literal = Self.literal(value) else { return nil }
      column[.defaultValue] = .text(literal)
    }
    let undo = Undo(SchemaDifference(), on: engine, types: [id: ToolsType(code: type)])
    return AlembicScript(undo.creatingColumn(column)).lines
  }

  /// What is missing altogether; what is there under another definition is somebody's to decide.
  private var created: [String]? {
    guard present == nil, let wanted, !wanted.hasOwnWords else { return nil }
    return undoing(ObjectChange(before: translated(wanted), after: nil))
  }

  /// The same constraint with one property as the other engine has it.
  private func redone(_ name: PropertyName) -> [String]? {
    guard let present else { return nil }
    var mended = present
    mended[name] = wanted?[name]
    let change = PropertyChange(
      name, before: mended[name], after: present[name], weight: .structural)
    return undoing(ObjectChange(before: mended, after: present, properties: [change]))
  }

  private func undoing(_ change: ObjectChange) -> [String] {
    AlembicScript(
      Undo(SchemaDifference([change]), on: engine).operations(for: change)
    ).lines
  }

  /// With what both engines have; a constraint without a name gets one that can be dropped by name.
  private func translated(_ object: SchemaObject) -> SchemaObject {
    let shared: Set<PropertyName> = [
      .constraintType, .columns, .expression, .referencedTable, .referencedColumns, .onDelete,
      .onUpdate, .deferrable, .unique, .predicate,
    ]
    var id = own(object.id)
    if object.flag("unnamed") {
      let suffix = ["UNIQUE": "uq", "FOREIGN KEY": "fk", "CHECK": "ck"]
      let label = suffix[object.text(.constraintType) ?? ""] ?? "key"
      let parts = [label, id.holder.raw] + divergence.columns
      id = ObjectID(
        id.kind, schema: id.schema, [id.holder, Identifier(parts.joined(separator: "_"))])
    }
    var result = SchemaObject(id, object.properties.filter { shared.contains($0.key) })
    if engine == .sqlite, let table = object.text(.referencedTable) {
      result[.referencedTable] = .text(String(table.split(separator: ".").last ?? ""))
    }
    return result
  }

  private func own(_ id: ObjectID) -> ObjectID {
    ObjectID(
      id.kind, schema: engine == .sqlite ? nil : divergence.object.schema ?? "public", id.path)
  }
}

extension SchemaObject {
  /// Whether it holds an expression as one engine prints it, which the other may not take.
  fileprivate var hasOwnWords: Bool {
    let texts = [text(.expression), text(.predicate)].compactMap { $0 } + list(.columns)
    return texts.contains { $0.contains("::") || $0.contains("~~") || $0.contains("ANY (") }
  }
}
