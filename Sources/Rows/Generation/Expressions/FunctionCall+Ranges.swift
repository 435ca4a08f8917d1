extension FunctionCall {
  /// What a function of ranges gives; nil for what is none.
  func range(_ values: [Datum]) throws -> Datum? {
    if values.count == 2 { return try relation(values[0], values[1]).map { .boolean($0) } }
    guard values.count == 1, case .range(let range) = values[0] else { return nil }
    return switch name {
    case "lower": range.lower ?? .null
    case "upper": range.upper ?? .null
    case "isempty": .boolean(range.isEmpty)
    case "lower_inc": .boolean(range.includesLower)
    case "upper_inc": .boolean(range.includesUpper)
    case "lower_inf": .boolean(!range.isEmpty && range.lower == nil)
    case "upper_inf": .boolean(!range.isEmpty && range.upper == nil)
    default: nil
    }
  }

  private func relation(_ left: Datum, _ right: Datum) throws -> Bool? {
    switch (name, left, right) {
    case ("operator @>", .range(let one), .range(let other)),
      ("operator <@", .range(let other), .range(let one)):
      try one.contains(other)
    case ("operator @>", .range(let range), let point),
      ("operator <@", let point, .range(let range)):
      try range.contains(point)
    case ("operator &&", .range(let one), .range(let other)): try one.overlaps(other)
    default: nil
    }
  }

  /// `int4range(1, 5)`, `tstzrange(a, b, '[]')`; NULL is no end.
  /// - Throws: `OutOfRange` where the lower end lies above the upper one.
  func range(of element: RangeDatum.Element) throws -> Datum {
    let values = try arguments.map { try evaluator.datum($0) }
    let form = values.count > 2 ? values[2].text ?? "" : "[)"
    guard values.count >= 2, form.count == 2 else { throw NotUnderstood(what: "\(name)()") }
    let ends = values.prefix(2).map { $0 == .null ? nil : $0 }
    guard
      let range = RangeDatum(
        element, from: ends[0], to: ends[1], includesLower: form.hasPrefix("["),
        includesUpper: form.hasSuffix("]"))
    else { throw OutOfRange() }
    return .range(range)
  }
}
