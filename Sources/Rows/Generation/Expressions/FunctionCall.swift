import Databases

/// Works a function's call out, as far as it is one that checks and indexes are made of.
struct FunctionCall {
  let engine: Engine
  let name: String
  let arguments: [SQLExpression]
  let evaluator: Evaluator

  func datum() throws -> Datum {
    switch name {
    case "coalesce", "ifnull":
      for argument in arguments {
        let value = try evaluator.datum(argument)
        if value != .null { return value }
      }
      return .null
    case "num_nulls", "num_nonnulls":
      let nulls = try arguments.filter { try evaluator.datum($0) == .null }.count
      return .integer(Int64(name == "num_nulls" ? nulls : arguments.count - nulls))
    case "iif", "if":
      guard arguments.count == 3 else { break }
      return try evaluator.datum(
        try evaluator.truth(arguments[0]) == true ? arguments[1] : arguments[2])
    case "typeof": return .text(try storageClass(of: evaluator.datum(first())))
    case "now", "transaction_timestamp", "statement_timestamp", "clock_timestamp":
      return .instant(evaluator.now)
    case "current_date": return .instant(evaluator.now)
    default: break
    }
    if let element = RangeDatum.Element(rangeType: name) { return try range(of: element) }
    let values = try arguments.map { try evaluator.datum($0) }
    if name == "concat" { return try joined(values) }
    if name == "nullif", values.count == 2 {
      return try Datum.order(values[0], values[1]) == 0 ? .null : values[0]
    }
    if ["greatest", "least", "max", "min"].contains(name) { return try extreme(values) }
    if name == "array_position", values.count == 2, case .list(let items) = values[0] {
      return items.firstIndex(of: values[1]).map { .integer(Int64($0) + 1) } ?? .null
    }
    // Before 3.42 SQLite calls NULL no document (<https://www.sqlite.org/json1.html#jvalid>).
    if name == "json_valid", values.first == .null { return .boolean(false) }
    guard !values.contains(.null) else { return .null }
    return try range(values) ?? text(values) ?? number(values) ?? list(values) ?? time(values)
      ?? document(values)
      ?? { throw NotUnderstood(what: "\(name)()") }()
  }

  private func first() throws -> SQLExpression {
    guard let first = arguments.first else { throw NotUnderstood(what: "\(name)()") }
    return first
  }

  private func storageClass(of datum: Datum) -> String {
    switch datum {
    case .null: "null"
    case .integer, .boolean: "integer"
    case .number, .instant, .span: "real"
    case .text: "text"
    case .bytes, .list, .range: "blob"
    }
  }

  /// NULL is left out.
  private func joined(_ values: [Datum]) throws -> Datum {
    let texts = values.filter { $0 != .null }.map(\.text)
    guard !texts.contains(nil) else { throw NotUnderstood(what: "\(name)()") }
    return .text(texts.compactMap { $0 }.joined())
  }

  private func extreme(_ values: [Datum]) throws -> Datum {
    if engine == .sqlite, values.contains(.null) { return .null }
    let isTop = name == "greatest" || name == "max"
    var best = Datum.null
    for value in values where value != .null {
      let order = try Datum.order(value, best)
      if order.map({ isTop ? $0 > 0 : $0 < 0 }) ?? true { best = value }
    }
    return best
  }

  // MARK: Text

  private func text(_ values: [Datum]) throws -> Datum? {
    if case .bytes(let bytes)? = values.first {
      switch name {
      case "length", "octet_length": return .integer(Int64(bytes.count))
      case "bit_length": return .integer(Int64(bytes.count * 8))
      default: return nil
      }
    }
    guard let subject = values.first?.text else { return nil }
    let scalars = Array(subject.unicodeScalars)
    switch name {
    case "length", "char_length", "character_length":
      // SQLite counts up to a zero byte.
      return .integer(Int64(scalars.prefix { engine == .postgresql || $0 != "\0" }.count))
    case "octet_length": return .integer(Int64(subject.utf8.count))
    case "bit_length": return .integer(Int64(subject.utf8.count * 8))
    case "lower":
      return .text(engine == .sqlite ? Self.ascii(subject, lower: true) : subject.lowercased())
    case "upper":
      return .text(engine == .sqlite ? Self.ascii(subject, lower: false) : subject.uppercased())
    case "trim", "btrim", "ltrim", "rtrim": return .text(trimmed(scalars, values))
    case "starts_with":
      guard let prefix = values.last?.text else { return nil }
      return .boolean(Array(subject.utf8).starts(with: Array(prefix.utf8)))
    case "strpos", "instr":
      guard values.count == 2, let part = values[1].text else { return nil }
      return .integer(Int64(Self.position(of: Array(part.unicodeScalars), in: scalars)))
    case "substr", "substring": return try part(of: scalars, values)
    case "left", "right":
      guard values.count == 2, case .integer(let count) = values[1], count >= 0 else { return nil }
      return .text(
        Self.string(
          name == "left" ? scalars.prefix(Int(count)) : scalars.suffix(Int(count))))
    case "replace":
      guard values.count == 3, let old = values[1].text, let new = values[2].text, !old.isEmpty
      else { return nil }
      return .text(subject.replacing(old, with: new))
    case "reverse": return .text(Self.string(scalars.reversed()))
    default: return nil
    }
  }

  private static func ascii(_ text: String, lower: Bool) -> String {
    string(
      text.unicodeScalars.map { scalar in
        guard scalar.isASCII, scalar.properties.isAlphabetic else { return scalar }
        return Unicode.Scalar(lower ? scalar.value | 0x20 : scalar.value & ~0x20) ?? scalar
      })
  }

  static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  private func trimmed(_ scalars: [Unicode.Scalar], _ values: [Datum]) -> String {
    let cut = Array((values.count > 1 ? values[1].text ?? " " : " ").unicodeScalars)
    var rest = scalars[...]
    if name != "rtrim" { rest = rest.drop { cut.contains($0) } }
    if name != "ltrim" { while let last = rest.last, cut.contains(last) { rest.removeLast() } }
    return Self.string(rest)
  }

  private static func position(of part: [Unicode.Scalar], in whole: [Unicode.Scalar]) -> Int {
    guard !part.isEmpty else { return 1 }
    guard whole.count >= part.count else { return 0 }
    for start in 0...(whole.count - part.count)
    where Array(whole[start..<start + part.count]) == part { return start + 1 }
    return 0
  }

  private func part(of scalars: [Unicode.Scalar], _ values: [Datum]) throws -> Datum? {
    guard values.count > 1, case .integer(let start) = values[1], start > 0 else { return nil }
    var rest = scalars.dropFirst(Int(start) - 1)
    if values.count > 2 {
      guard case .integer(let count) = values[2], count >= 0 else { return nil }
      rest = rest.prefix(Int(count))
    }
    return .text(Self.string(rest))
  }

  // MARK: Numbers

  private func number(_ values: [Datum]) throws -> Datum? {
    guard let subject = values.first?.double else { return nil }
    if case .integer(let whole)? = values.first {
      switch name {
      case "abs":
        guard whole != .min, whole != Int64(Int32.min), whole != Int64(Int16.min) else {
          throw OutOfRange()
        }
        return .integer(abs(whole))
      case "round", "ceil", "ceiling", "floor", "trunc": return .integer(whole)
      case "sign": return .integer(whole.signum())
      case "mod":
        guard values.count == 2, case .integer(let divisor) = values[1], divisor != 0 else { break }
        return .integer(whole.remainderReportingOverflow(dividingBy: divisor).partialValue)
      default: break
      }
    }
    switch name {
    case "abs": return .number(abs(subject))
    case "ceil", "ceiling": return .number(subject.rounded(.up))
    case "floor": return .number(subject.rounded(.down))
    case "trunc" where values.count == 1: return .number(subject.rounded(.towardZero))
    case "sqrt": return .number(subject.squareRoot())
    case "sign": return .number(subject < 0 ? -1 : subject > 0 ? 1 : 0)
    case "mod":
      guard values.count == 2, let divisor = values[1].double, divisor != 0 else { return nil }
      return .number(subject.truncatingRemainder(dividingBy: divisor))
    case "round":
      var factor = 1.0
      if values.count > 1, case .integer(let digits) = values[1] {
        for _ in 0..<min(15, max(0, digits)) { factor *= 10 }
      }
      return .number((subject * factor).rounded() / factor)
    default: return nil
    }
  }

  // MARK: Lists

  private func list(_ values: [Datum]) throws -> Datum? {
    guard case .list(let items)? = values.first else { return nil }
    switch name {
    case "cardinality": return .integer(Int64(items.count))
    case "array_ndims": return items.isEmpty ? .null : .integer(1)
    case "array_length", "array_upper":
      guard values.count == 2, values[1] == .integer(1) else { return nil }
      return items.isEmpty ? .null : .integer(Int64(items.count))
    case "element":
      guard values.count == 2, case .integer(let index) = values[1] else { return nil }
      return items.indices.contains(Int(index) - 1) ? items[Int(index) - 1] : .null
    case "operator @>", "operator <@", "operator &&":
      guard values.count == 2, case .list(let others) = values[1] else { return nil }
      if name == "operator &&" { return .boolean(items.contains(where: others.contains)) }
      return name == "operator @>"
        ? .boolean(others.allSatisfy(items.contains)) : .boolean(items.allSatisfy(others.contains))
    default: return nil
    }
  }

  // MARK: Times

  private func time(_ values: [Datum]) throws -> Datum? {
    if name == "date_part", values.count == 2, let field = values[0].text?.lowercased() {
      return Self.part(field, of: values[1])
    }
    if name == "date_trunc", values.count == 2, let field = values[0].text?.lowercased(),
      case .instant(let seconds) = values[1]
    {
      let date = Calendar.date(days: Int((seconds / 86_400).rounded(.down)))
      switch field {
      case "day": return .instant((seconds / 86_400).rounded(.down) * 86_400)
      case "month": return Self.day(date.year, date.month)
      case "year": return Self.day(date.year, 1)
      case "hour": return .instant((seconds / 3600).rounded(.down) * 3600)
      default: return nil
      }
    }
    // The session that writes is in UTC.
    if name == "timezone", values.count == 2 {
      // `AT TIME ZONE` has the zone behind, the function that servers before 14 print before it.
      let isUTC = values.map { $0.text?.uppercased() == "UTC" }
      if let place = isUTC.firstIndex(of: true) { return values[1 - place] }
    }
    return nil
  }

  private static func day(_ year: Int, _ month: Int) -> Datum {
    .instant(Double(Calendar.days(year: year, month: month, day: 1)) * 86_400)
  }

  private static func part(_ field: String, of value: Datum) -> Datum? {
    if case .span(let seconds) = value, field == "epoch" { return .number(seconds) }
    guard case .instant(let seconds) = value else { return nil }
    let days = Int((seconds / 86_400).rounded(.down))
    let date = Calendar.date(days: days)
    let ofDay = seconds - Double(days) * 86_400
    switch field {
    case "year": return .integer(Int64(date.year))
    case "month": return .integer(Int64(date.month))
    case "day": return .integer(Int64(date.day))
    case "quarter": return .integer(Int64((date.month + 2) / 3))
    case "hour": return .integer(Int64(ofDay / 3600))
    case "minute": return .integer(Int64(ofDay / 60) % 60)
    case "second": return .number(ofDay.truncatingRemainder(dividingBy: 60))
    case "epoch": return .number(seconds)
    case "dow": return .integer(Int64(((days + 4) % 7 + 7) % 7))
    case "isodow": return .integer(Int64(((days + 3) % 7 + 7) % 7 + 1))
    default: return nil
    }
  }
}
