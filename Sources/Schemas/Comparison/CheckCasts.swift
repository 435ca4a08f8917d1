import Databases

/// The casts that PostgreSQL puts into a check constraint when a column's type changes: it reads the
/// expression anew for the new type, and a check that was `(hours >= 0)` stays
/// `((hours)::numeric >= (0)::numeric)` once the type has been numeric and is integer again.
///
/// They say nothing where they only widen a whole number and the expression only compares: in a
/// division the type decides about the result, and so may it in a call.
struct CheckCasts {
  /// The types of the table's columns, by their names as expressions write them.
  private let types: [String: String]

  init(_ columns: [SchemaObject]) {
    var types: [String: String] = [:]
    for column in columns where column.id.kind == .column {
      guard case .text(let type)? = column[.type] else { continue }
      let name = column.id.name.raw
      types[name] = type
      types["\"" + name.replacing("\"", with: "\"\"") + "\""] = type
    }
    self.types = types
  }

  /// The expression without them; as it is where they may matter.
  func bare(_ expression: String) -> String {
    guard Self.onlyCompares(expression) else { return expression }
    return expression.replacing(Self.cast) { found in
      isWidening(String(found.output.1), to: String(found.output.2))
        ? String(found.output.1) : String(found.output.0)
    }
  }

  /// A value or a column in parentheses, and the type that it is taken for.
  private static var cast: Regex<(Substring, Substring, Substring)> {
    /\(([a-z_][a-z0-9_]*|"[^"]+"|[0-9]+|'-?[0-9]+'::(?:smallint|integer|bigint))\)::(bigint|numeric|double precision)(?![a-z(\[])/
  }

  private func isWidening(_ operand: String, to type: String) -> Bool {
    let own = types[operand] ?? Self.literalType(operand)
    switch own {
    case "smallint", "integer": return true
    case "bigint": return type == "numeric"
    case "numeric": return type == "numeric"
    default: return false
    }
  }

  private static func literalType(_ text: String) -> String? {
    if text.allSatisfy(\.isNumber) { return "integer" }
    return text.hasPrefix("'") ? text.split(separator: ":").last.map(String.init) : nil
  }

  /// Whether there are nothing but comparisons, joined by AND, OR and NOT.
  private static func onlyCompares(_ expression: String) -> Bool {
    guard !expression.contains(/[a-z0-9_"]\s*\(/) else { return false }
    let words = expression.replacing(/'[^']*'|"[^"]*"/, with: "")
    return !words.contains { "+-*/%^|&~#!@[".contains($0) }
  }
}

extension CheckCasts {
  /// Whether a property of a check differs by such casts alone.
  static func cover(
    _ name: PropertyName, of check: (before: SchemaObject, after: SchemaObject),
    in unit: (before: SchemaUnit, after: SchemaUnit)
  ) -> Bool {
    guard name == .expression, check.after[.constraintType] == .text("CHECK"),
      case .text(let old)? = check.before[name], case .text(let new)? = check.after[name]
    else { return false }
    return CheckCasts(unit.before.objects).bare(old) == CheckCasts(unit.after.objects).bare(new)
  }
}
