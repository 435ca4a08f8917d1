import Databases
import Schemas

/// What the rows of one table must meet, read once.
struct TablePlan {
  let table: TableShape
  /// The columns that get a value, in order.
  let columns: [ColumnShape]
  let conditions: [Condition]
  let keys: [Key]
  var references: [Reference]
  /// The columns that are computed, and from what.
  let computed: [String: SQLExpression]
  /// All that can be wrong with a row, and what of it depends on a column.
  let faults: [Candidate.Fault]
  let faultsByColumn: [String: [Candidate.Fault]]
  private let shapes: [String: ColumnShape]

  /// Something that must hold in every row.
  struct Condition {
    /// As a sentence names it: `the check constraint "positive" (n > 0)`.
    let title: String
    let expression: SQLExpression
    let dependsOnTime: Bool
    /// Whether it must be true: neither NULL nor what is not understood will do.
    let isStrict: Bool

    init(title: String, expression: SQLExpression, isStrict: Bool = false) {
      self.title = title
      self.expression = expression
      self.isStrict = isStrict
      dependsOnTime = expression.dependsOnTime
    }
  }

  struct Key {
    let name: Identifier
    let parts: [SQLExpression]
    let columns: [String]
    let predicate: SQLExpression?
    let nullsNotDistinct: Bool
    /// Those among the columns in which upper and lower case are the same.
    let folds: Bool
  }

  /// A foreign key with the rows that it may point to.
  struct Reference {
    let key: ForeignKeyShape
    /// The values of its columns, one list for each row that there is.
    var targets: [[InputValue]]
    /// Whether it may point nowhere.
    let canBeNull: Bool
    /// Whether it points to rows of its own table.
    let isOwn: Bool
    let spread: Spread

    /// The row to point to from the row of this number, by its place among the targets.
    ///
    /// - Parameter isShared: whether rows may point to one that others point to already. Then of three
    ///   the first has none that points to it, the second two and the third, which holds NULL wherever it
    ///   may, one.
    func target(_ number: Int, isShared: Bool) -> [InputValue] {
      let wanted =
        switch (number % 3, isShared ? spread : .alone) {
        case (0, .shared): number + 1
        case (0, .crossed): number + 2
        case (1, .crossed): number - 1
        case (2, .crossed): number - 2
        default: number
        }
      return targets[wanted % targets.count]
    }
  }

  /// Which rows may point to the same one.
  enum Spread {
    /// None: a key does not allow it.
    case alone
    case shared
    /// Others than another reference's, with which it makes up a key.
    case crossed
  }

  /// The columns that say where a row belongs: others find it by them, or its partition.
  private let leading: Set<String>

  func shape(_ column: String) -> ColumnShape? { shapes[column] }

  /// Whether an ordinary row may hold NULL in the column.
  func mayStayNull(_ column: ColumnShape) -> Bool {
    !column.isNotNull && !leading.contains(column.name.raw)
  }

  /// The length of a column of PostgreSQL's `character(n)`.
  func width(_ column: String) -> Int? {
    guard table.engine == .postgresql, case .character(let width)? = shapes[column]?.type.base
    else {
      return nil
    }
    return width
  }

  /// - Parameters:
  ///   - filled: columns that count by themselves and are to be given values all the same.
  ///   - referenced: columns to which others point.
  ///   - routing: what a partitioned table's partitions take.
  ///   - goal: what must be true of the rows beside what the table asks.
  init(
    _ table: TableShape, filled: Set<Identifier>, referenced: [Identifier] = [],
    routing: SQLExpression?, goal: SQLExpression? = nil
  ) {
    self.table = table
    leading = Set(
      ((table.primaryKey?.columns ?? []) + referenced).map(\.raw) + (routing?.columns ?? []))
    columns = table.columns.filter { column in
      column.generated == nil
        && (!column.isCounted || column.isRowidAlias || filled.contains(column.name))
    }
    shapes = Dictionary(table.columns.map { ($0.name.raw, $0) }) { first, _ in first }
    computed = Self.computed(in: table)
    conditions =
      Self.conditions(of: table, routing: routing)
      + (goal.map { [Condition(title: "what is wanted", expression: $0, isStrict: true)] } ?? [])
    let keys = table.keys.compactMap { Self.key($0, in: table) }
    self.keys = keys
    references = table.foreignKeys.map { key in
      let shapes = key.columns.compactMap { table.column($0) }
      let inKey = Set(table.primaryKey?.columns ?? [])
      let nullable = shapes.filter {
        !$0.isNotNull && !inKey.contains($0.name) && $0.generated == nil
      }
      return Reference(
        key: key, targets: [],
        canBeNull: key.isFull ? nullable.count == shapes.count : !nullable.isEmpty,
        isOwn: key.table == table.name,
        spread: key.table == table.name ? .alone : Self.spread(of: key, in: table, keys))
    }
    let all = Self.faults(conditions, keys, references, computed)
    faults = all.map(\.fault)
    var byColumn: [String: [Candidate.Fault]] = [:]
    for (fault, columns) in all {
      for column in columns { byColumn[column, default: []].append(fault) }
    }
    faultsByColumn = byColumn
  }

  private static func spread(
    of reference: ForeignKeyShape, in table: TableShape, _ keys: [Key]
  ) -> Spread {
    let own = Set(reference.columns.map(\.raw))
    let isExclusive = table.exclusions.contains { exclusion in
      let words = SQLWord.words(of: exclusion.expression).compactMap(\.name)
      return !own.isDisjoint(with: words)
    }
    if isExclusive { return .alone }
    var spread = Spread.shared
    for key in keys {
      let parts = Set(key.parts.flatMap(\.columns))
      guard !parts.isDisjoint(with: own) else { continue }
      if parts.isSubset(of: own) { return .alone }
      let inKey = table.foreignKeys.filter { other in
        !parts.isDisjoint(with: other.columns.map(\.raw))
      }
      let pointing = Set(inKey.flatMap(\.columns).map(\.raw))
      if parts.isSubset(of: pointing), inKey.first != reference { spread = .crossed }
    }
    return spread
  }

  private static func faults(
    _ conditions: [Condition], _ keys: [Key], _ references: [Reference],
    _ computed: [String: SQLExpression]
  ) -> [(fault: Candidate.Fault, columns: [String])] {
    let all: [(Candidate.Fault, [String])] =
      conditions.enumerated().map { (.condition($0), $1.expression.columns) }
      + keys.enumerated().map { (.key($0), $1.columns) }
      + references.enumerated().map { place, reference in
        let own = reference.isOwn ? reference.key.referencedColumns : []
        return (.reference(place), (reference.key.columns + own).map(\.raw))
      }
    return all.map { fault, columns in
      (fault, columns + columns.flatMap { computed[$0]?.columns ?? [] })
    }
  }

  /// Lets the rows that follow point to this one, where the table refers to itself.
  mutating func admit(_ row: Candidate) {
    for place in references.indices where references[place].isOwn {
      guard let target = row.target(references[place].key.referencedColumns) else { continue }
      references[place].targets.append(target)
    }
  }

  private static func computed(in table: TableShape) -> [String: SQLExpression] {
    var computed: [String: SQLExpression] = [:]
    for column in table.columns {
      guard let generated = column.generated else { continue }
      computed[column.name.raw] =
        (try? ExpressionParser.expression(generated.expression))
        ?? .unknown(generated.expression)
    }
    return computed
  }

  /// What check constraints and domains ask of the rows.
  static func checks(of table: TableShape) -> [Condition] {
    var conditions: [Condition] = []
    func add(_ check: CheckShape, _ title: String, renaming column: String? = nil) {
      guard var expression = try? ExpressionParser.expression(check.expression) else { return }
      if let column { expression = expression.renaming("VALUE", to: column) }
      for part in expression.conjuncts {
        conditions.append(Condition(title: title, expression: part))
      }
    }
    for check in table.checks {
      let flat = check.expression.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      let isNamed = !check.name.raw.hasPrefix("CHECK (")
      add(check, isNamed ? "the check constraint \"\(check.name)\" \(flat)" : "the check \(flat)")
    }
    for column in table.columns {
      for domain in column.type.domains {
        for check in domain.checks {
          add(
            check,
            "the check \"\(check.name)\" of the domain \"\(domain.name.name)\" \(check.expression)",
            renaming: column.name.raw)
        }
      }
    }
    return conditions
  }

  private static func conditions(of table: TableShape, routing: SQLExpression?) -> [Condition] {
    var conditions = checks(of: table)
    for column in table.columns {
      guard let generated = column.generated,
        let expression = try? ExpressionParser.expression(generated.expression)
      else { continue }
      // It is there for what cannot be computed; NULL is as good as any value.
      conditions.append(
        Condition(
          title: "what its column \(column.name) is computed from",
          expression: .any([.isNull(expression), .not(.isNull(expression))])))
    }
    if let routing {
      conditions.append(Condition(title: "the bounds of its partitions", expression: routing))
    }
    return conditions
  }

  private static func key(_ key: KeyShape, in table: TableShape) -> Key? {
    var parts: [SQLExpression] = []
    var folds = false
    for part in key.parts {
      switch part {
      case .column(let name, let collation):
        let column = table.column(name)
        let rule = collation ?? column?.collation
        folds = folds || rule?.uppercased() == "NOCASE" || column?.type.base == .caselessText
        parts.append(.column(name.raw))
      case .expression(let text, _):
        guard let words = try? ExpressionParser.expression(Self.bare(text)) else { return nil }
        parts.append(words)
      }
    }
    let predicate = key.predicate.map { (try? ExpressionParser.expression($0)) ?? .unknown($0) }
    return Key(
      name: key.name, parts: parts,
      columns: parts.flatMap(\.columns) + (predicate?.columns ?? []), predicate: predicate,
      nullsNotDistinct: key.nullsNotDistinct, folds: folds)
  }

  /// An index's expression without the order that follows it.
  private static func bare(_ text: String) -> String {
    var text = text[...]
    for suffix in [" NULLS FIRST", " NULLS LAST", " DESC", " ASC"] where text.hasSuffix(suffix) {
      text = text.dropLast(suffix.count)
    }
    return String(text)
  }
}

extension TableShape {
  /// A table of one column, for a type by itself.
  static func single(_ type: ColumnType, engine: Engine) -> TableShape {
    let column = ColumnShape(
      name: "value", typeText: "", type: type, isNotNull: true, defaultValue: nil, generated: nil,
      identity: nil, sequence: nil, isRowidAlias: false, collation: nil, affinity: nil)
    return TableShape(
      engine: engine, name: TableName("value"), columns: [column], keys: [], foreignKeys: [],
      checks: [], exclusions: [], storage: .own, parents: [], isWithoutRowid: false, isStrict: false
    )
  }
}
