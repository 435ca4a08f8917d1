import Databases
import History
import Schemas
import Walks

/// Where two engines parted: the last revision whose upgrade changed the object on either.
struct DivergenceOrigin {
  /// nil where no single step of the run changed it: it lies below the revisions that were verified.
  let revision: RevisionID?
  /// The engines on which that revision changed it, or may have: a step that failed tells nothing of what
  /// the revision made where it was tried without rows.
  private let engines: Set<Engine>
  /// A statement of that revision on the other engine that was refused, without the step failing.
  let refusedStatement: Statement?
  /// The engine on which the revision took away what nobody can have meant, and why it did.
  private let losing: Loss?

  init(of divergence: Divergence, in run: JudgedRun) {
    let found = Self.last(divergence, run)
    revision = found?.revision
    engines = found?.engines ?? []
    losing = found.flatMap { Self.loser(of: divergence, at: $0.revision, $0.engines, run) }
    let tables = divergence.object.path.prefix(1).map { TableName($0) }
    let others = run.record.engines.filter { found?.engines.contains($0.engine) == false }
    refusedStatement = others.lazy.flatMap(\.roundTrips)
      .filter { $0.revision == found?.revision }
      .compactMap { $0.step(.upgrade) }.filter { $0.outcome == .succeeded }
      .flatMap(\.statements).first { statement in
        guard statement.error != nil else { return false }
        let words = StatementWords(statement)
        return ["alter", "create", "drop"].contains(words.verb) && words.names(oneOf: tables)
      }
  }

  /// The only engine that changed there, where it lost what the other one has and no statement dropped: a
  /// nameless object, or an index that the copy of a table does without, as one over expressions.
  private static func loser(
    of divergence: Divergence, at revision: RevisionID, _ engines: Set<Engine>, _ run: JudgedRun
  ) -> Loss? {
    guard engines.count == 1, let engine = engines.first, divergence.lacking == engine else {
      return nil
    }
    let steps = run.roundTrips.filter { $0.0.engine == engine && $0.1.revision == revision }
      .compactMap { $0.1.step(.upgrade) }
    for step in steps {
      for change in step.change.changes {
        guard let before = change.before, change.after == nil else { continue }
        if before[.unnamed] == .flag(true), divergence.concerns(check: before, of: engine) {
          return Loss(engine: engine, reason: "it has no name")
        }
        if engine == .sqlite, change.id.kind == .index, change.id.bare == divergence.object.bare,
          StatementTrail(step).dropping(index: change.id.name) == nil
        {
          return Loss(engine: engine, reason: "the copy is made without it")
        }
      }
    }
    return nil
  }

  /// Something that is gone because its table was copied.
  private struct Loss {
    let engine: Engine
    let reason: String
  }

  /// Whether only one engine's schema was changed there.
  var isOneSided: Bool { engines.count == 1 }

  /// The engine that is to follow: the one that was left as it was, or that lost something.
  var otherEngine: Engine? {
    if let losing { return losing.engine }
    return isOneSided ? Engine.allCases.first { !engines.contains($0) } : nil
  }

  /// What is known of how it came about, to follow a sentence.
  var remark: String {
    if let losing {
      return
        "; the revision loses it on \(losing.engine.title): the table is copied, and \(losing.reason)"
    }
    guard let other = otherEngine, let changed = engines.first else { return "" }
    if refusedStatement != nil {
      return "; \(other.title) refused a statement there, and the error was caught"
    }
    return "; the revision changes it on \(changed.title) alone"
  }

  /// How near a change comes to what differs, the nearest first.
  fileprivate enum Match: CaseIterable { case exact, object, table }

  /// Of the revisions whose changes come nearest, the last.
  private static func last(
    _ divergence: Divergence, _ run: JudgedRun
  ) -> (revision: RevisionID, engines: Set<Engine>)? {
    var touched: [Match: [RevisionID: Set<Engine>]] = [:]
    for (engine, trip) in run.roundTrips {
      for change in trip.step(.upgrade)?.change.changes ?? [] {
        for match in Match.allCases where divergence.concerns(change, match, on: engine.engine) {
          touched[match, default: [:]][trip.revision, default: []].insert(engine.engine)
        }
      }
    }
    let nearest = Match.allCases.lazy.compactMap { touched[$0] }.first ?? [:]
    guard let last = run.graph.revisions.last(where: { nearest[$0.id] != nil })?.id else {
      return nil
    }
    let failed = run.roundTrips.filter { _, trip in
      trip.revision == last && trip.step(.upgrade).map { $0.outcome != .succeeded } == true
    }
    return (last, nearest[last, default: []].union(failed.map(\.0.engine)))
  }
}

extension Divergence {
  /// Whether a change of either engine's schema is about what differs here.
  fileprivate func concerns(
    _ change: ObjectChange, _ match: DivergenceOrigin.Match, on engine: Engine
  ) -> Bool {
    let id = change.id.bare
    switch match {
    case .table: return id == table
    case .object: return id == object.bare || id == table && object.path.count == 1
    case .exact:
      if let label = enumeration, change.id == label { return true }
      if isOfColumn { return id == object.bare && (change.isWhole || change.touches(self)) }
      if let check = change.after ?? change.before, concerns(check: check, of: engine) {
        return check.id.path.first?.raw.lowercased() == object.path.first?.raw.lowercased()
      }
      if [onSQLite, onPostgreSQL].contains(where: { $0?.id.bare == id }) { return true }
      guard !columns.isEmpty, [.constraint, .index].contains(change.id.kind),
        change.id.path.first?.raw.lowercased() == object.path.first?.raw.lowercased(),
        case .list(let own)? = (change.after ?? change.before)?[.columns]
      else { return false }
      return Set(own.map { $0.lowercased() }) == Set(columns.map { $0.lowercased() })
    }
  }

  private var table: ObjectID { ObjectID(.table, Array(object.path.prefix(1))).bare }

  /// Whether what differs is a property of a column.
  private var isOfColumn: Bool { !changedProperties.isEmpty }

  /// Those whose change may have parted the engines.
  fileprivate var changedProperties: Set<PropertyName> {
    switch aspect {
    case .type, .typeVariant, .length, .precision: [.type]
    case .notNull: [.notNull]
    case .defaultValue: [.defaultValue]
    case .generated: [.generated]
    case .selfFilling: [.type, .defaultValue, .rowidAlias, .autoincrement, "identity"]
    case .column: [.position]
    case .table, .view, .labels, .primaryKey, .unique, .check, .index, .foreignKey, .onDelete,
      .onUpdate,
      .deferrability:
      []
    }
  }

  /// The engine that has nothing of it.
  var lacking: Engine? {
    sqlite == nil ? .sqlite : postgresql == nil ? .postgresql : nil
  }
}

extension ObjectChange {
  fileprivate var isWhole: Bool { before == nil || after == nil }

  fileprivate func touches(_ divergence: Divergence) -> Bool {
    properties.contains { divergence.changedProperties.contains($0.name) }
  }
}

extension ObjectID {
  /// Without its schema and in small letters, as both engines' objects are held against each other.
  fileprivate var bare: ObjectID {
    ObjectID(kind, path.map { Identifier($0.raw.lowercased()) })
  }
}
