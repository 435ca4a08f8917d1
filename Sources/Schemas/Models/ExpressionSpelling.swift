import Databases

/// When two expressions of one engine mean the same though they are written otherwise: by their form
/// as a tree, without the casts that PostgreSQL puts around values and columns, which follow the types
/// that a column had when the expression was made.
struct ExpressionSpelling {
  let engine: Engine
  private let build: ExpressionBuilder

  /// - Parameter booleans: the boolean columns of the table in question.
  init(engine: Engine, booleans: Set<String> = []) {
    self.engine = engine
    // SQLite never tells names apart by case.
    let names = engine == .sqlite ? Set(booleans.map { $0.lowercased() }) : booleans
    build = ExpressionBuilder(booleans: names, isExact: true)
  }

  /// Two predicates of indexes.
  func isSameCondition(_ old: PropertyValue?, _ new: PropertyValue?) -> Bool {
    guard case .text(let old)? = old, case .text(let new)? = new else { return false }
    return condition(old) == condition(new)
  }

  private func condition(_ text: String) -> Form {
    guard case .expression(let found, let rest) = form(text) else { return form(text) }
    return .expression(build.condition(found), rest: rest)
  }

  /// Two conditions, values or definitions.
  func isSame(_ old: PropertyValue?, _ new: PropertyValue?) -> Bool {
    guard case .text(let old)? = old, case .text(let new)? = new else { return false }
    return form(old) == form(new)
  }

  /// Two lists of an index's columns and expressions.
  func areSameKeys(_ old: PropertyValue?, _ new: PropertyValue?) -> Bool {
    guard case .list(let old)? = old, case .list(let new)? = new else { return false }
    return old.map(keyForm) == new.map(keyForm)
  }

  /// - Parameters:
  ///   - old: nil for none, which is NULL.
  ///   - type: of the column.
  func isSameDefault(_ old: String?, _ new: String?, of type: String) -> Bool {
    value(old, type) == value(new, type)
  }

  /// What stands for all spellings; for what is no expression, or cannot be read as one, its tokens.
  private enum Form: Equatable {
    case expression(PortableExpression, rest: [Token] = [])
    case tokens([Token])
  }

  private func form(_ text: String) -> Form {
    PortableExpressionParser.exact(text, of: engine, by: build).map { .expression($0) }
      ?? tokens(text)
  }

  private func keyForm(_ text: String) -> Form {
    guard let (key, rest) = PortableExpressionParser.exactKey(text, of: engine, by: build) else {
      return tokens(text)
    }
    return .expression(key, rest: rest)
  }

  private func tokens(_ text: String) -> Form {
    .tokens(PortableExpressionParser.tokensWithoutCasts(text, of: engine))
  }

  private func value(_ text: String?, _ type: String) -> Form {
    guard let text else { return .expression(.null) }
    guard case .expression(let value, let rest) = form(text) else { return form(text) }
    return .expression(plain(value, type), rest: rest)
  }

  /// A default as its column keeps it.
  private func plain(_ value: PortableExpression, _ type: String) -> PortableExpression {
    let kind = type.lowercased()
    let isNumber = ["bool", "int", "num", "dec", "float", "double", "real", "serial"].contains {
      kind.contains($0)
    }
    switch value {
    // SQLite's CURRENT_TIMESTAMP (https://www.sqlite.org/lang_createtable.html#the_default_clause).
    case .call("datetime", [.string("now")]) where engine == .sqlite:
      return .call("current_timestamp", [])
    case .truth(let truth) where isNumber: return .number(truth ? "1" : "0")
    case .string(let text) where isNumber && !kind.hasSuffix("[]"):
      return DecimalText.shortest(text).map { .number($0) } ?? value
    default: return value
    }
  }
}
