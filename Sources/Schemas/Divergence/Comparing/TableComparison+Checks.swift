import Databases

/// A check constraint and what it says.
struct PortableCheck {
  let object: SchemaObject
  let expression: PortableExpression

  var text: String { "CHECK (\(object.string(.expression) ?? ""))" }
}

/// What came of holding two tables' checks against each other.
struct CheckComparison {
  var divergences: [Divergence] = []
  /// The columns that a check keeps from being NULL, in small letters.
  var notNull: (sqlite: Set<String>, postgresql: Set<String>) = ([], [])
}

extension TableComparison {
  var checkComparison: CheckComparison {
    var result = CheckComparison()
    var own = checks(of: sqlite, &result.notNull.sqlite)
    var others = checks(of: postgresql, &result.notNull.postgresql)
    (own, others) = (
      own.filter { check in !others.contains { $0.expression == check.expression } },
      others.filter { check in !own.contains { $0.expression == check.expression } }
    )
    result.divergences += labelDivergences(&own)
    own.removeAll { isTypesOwn($0.expression) }
    var unpaired: [PortableCheck] = []
    for check in own {
      let match =
        others.firstIndex { $0.object.id.name == check.object.id.name }
        ?? others.firstIndex { $0.expression.names == check.expression.names }
      guard let match else {
        unpaired.append(check)
        continue
      }
      let other = others.remove(at: match)
      if check.expression.isPortable, other.expression.isPortable {
        result.divergences.append(divergence(check, other))
      }
    }
    // What only one engine understands, only that one can have.
    result.divergences += unpaired.filter(\.expression.isPortable).map { divergence($0, nil) }
    result.divergences += others.filter(\.expression.isPortable).map { divergence(nil, $0) }
    return result
  }

  /// Those that speak of columns that both tables have, but for the mere `c IS NOT NULL`.
  private func checks(of table: PortableTable, _ notNull: inout Set<String>) -> [PortableCheck] {
    var checks: [PortableCheck] = []
    for part in table.parts where part[.constraintType] == .text("CHECK") {
      guard let text = part.string(.expression) else { continue }
      let expression = PortableExpressionParser.expression(
        text, of: table.engine, booleans: booleans)
      if case .call("not", let inner) = expression,
        case .call("isnull", let operand)? = inner.first,
        let column = operand.first?.column
      {
        notNull.insert(column)
      } else if covers(expression.names), expression != .truth(true) {
        checks.append(PortableCheck(object: part, expression: expression))
      }
    }
    return checks
  }

  /// Takes out the checks that stand on SQLite for an enum, and compares their labels.
  private func labelDivergences(_ checks: inout [PortableCheck]) -> [Divergence] {
    var found: [Divergence] = []
    checks.removeAll { check in
      guard let allowed = check.expression.allowedTexts, let pair = columns[allowed.column],
        let labels = pair.postgresql.type.labels
      else { return false }
      if allowed.labels != Set(labels) {
        found.append(
          Divergence(
            id(ofColumn: allowed.column), .labels,
            sqlite: allowed.labels.sorted().joined(separator: ", "),
            postgresql: labels.sorted().joined(separator: ", "), columns: [allowed.column],
            onSQLite: check.object, onPostgreSQL: pair.postgresql.object))
      }
      return true
    }
    return found
  }

  /// Whether a check on SQLite says no more than the column's type on PostgreSQL: its length, or what
  /// its domain checks.
  private func isTypesOwn(_ expression: PortableExpression) -> Bool {
    let names = expression.names
    if !names.isEmpty, names.allSatisfy({ columns[$0]?.postgresql.isCheckedByDomain == true }) {
      return true
    }
    guard case .call("<=", let sides) = expression, sides.count == 2,
      case .call("length", let operands) = sides[0], let column = operands.first?.column,
      case .number(let most) = sides[1]
    else { return false }
    return columns[column]?.postgresql.type.length.map { String($0) == most } ?? false
  }

  private func divergence(_ own: PortableCheck?, _ other: PortableCheck?) -> Divergence {
    let names = (other ?? own)?.expression.names ?? []
    return Divergence(
      id(of: own?.object, other?.object, columns: names), .check, sqlite: own?.text,
      postgresql: other?.text, columns: names.sorted(), onSQLite: own?.object,
      onPostgreSQL: other?.object)
  }
}
