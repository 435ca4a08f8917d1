/// Ranges, lists and documents: values that hold others.
extension Repairs {
  /// What would make a function of them give the value; nil where it is none.
  mutating func solveContainer(
    _ name: String, _ arguments: [SQLExpression], _ sign: String, _ value: Datum
  ) -> [Assignment]? {
    guard let first = arguments.first else { return nil }
    if ["operator @>", "operator <@", "operator &&"].contains(name), arguments.count == 2 {
      return contained(name, first, arguments[1], value.truth == (sign != "<>"))
    }
    let present = try? evaluator.datum(first)
    let wanted = NearValues(value).meeting(sign)
    if case .range(let range)? = present, let ranges = range.giving(name, wanted) {
      return ranges.flatMap { solve(first, "=", .range($0)) }
    }
    if name == "array_position", case .list(let items)? = present, value == .null,
      let item = try? evaluator.datum(arguments[arguments.count - 1])
    {
      return solve(first, "=", .list(items.filter { $0 != item }))
    }
    let others = arguments.dropFirst().compactMap { try? evaluator.datum($0) }
    guard others.count == arguments.count - 1,
      let documents = DocumentRepairs(engine: evaluator.engine, name: name, others)?
        .documents(instead: present, giving: wanted)
    else { return nil }
    return documents.flatMap { solve(first, "=", .text($0)) }
  }

  /// What lets the one hold the other, share something with it, or not.
  private mutating func contained(
    _ name: String, _ left: SQLExpression, _ right: SQLExpression, _ truth: Bool
  ) -> [Assignment] {
    guard let one = try? evaluator.datum(left), let other = try? evaluator.datum(right) else {
      return []
    }
    let (lefts, rights): ([Datum], [Datum])
    switch (name, truth) {
    case (_, false): (lefts, rights) = (one.avoiding(other), other.avoiding(one))
    case ("operator @>", _): (lefts, rights) = (one.holding(other), other.within(one))
    case ("operator <@", _): (lefts, rights) = (one.within(other), other.holding(one))
    default: (lefts, rights) = (one.holding(other), other.holding(one))
    }
    return lefts.flatMap { solve(left, "=", $0) } + rights.flatMap { solve(right, "=", $0) }
  }

  /// What makes a comparison hold with one element of a list, or with all of them.
  mutating func quantified(
    _ sign: String, _ left: SQLExpression, _ list: SQLExpression, all: Bool, truth: Bool
  ) -> [Assignment] {
    guard case .list(let items)? = try? evaluator.datum(list) else { return [] }
    let sign = truth ? sign : Self.opposite(sign)
    let others = items.flatMap { solve(left, sign, $0) }
    guard let value = try? evaluator.datum(left) else { return others }
    let fitting = NearValues(value).meeting(Self.mirrored(sign))
    // One element does for ANY, and one that breaks it for NOT ALL.
    if all != truth { return others + fitting.flatMap { solve(list, "=", .list(items + [$0])) } }
    let kept = items.filter { (try? Evaluator.compare(sign, value, $0)) == true }
    return others + solve(list, "=", .list(kept))
      + fitting.flatMap { solve(list, "=", .list([$0])) }
  }
}

extension RangeDatum {
  /// Ranges of which a function gives one of the values; nil for another function.
  fileprivate func giving(_ function: String, _ values: [Datum]) -> [RangeDatum]? {
    let isTrue = values.first?.truth ?? true
    switch function {
    case "lower": return values.flatMap { beginning(at: $0) }
    case "upper": return values.flatMap { ending(at: $0) }
    case "isempty": return isTrue ? [.empty(element)] : whole
    case "lower_inf":
      return isTrue ? beginning(at: nil) : upper.map { ending(at: $0) } ?? whole
    case "upper_inf": return isTrue ? ending(at: nil) : lower.map { beginning(at: $0) } ?? whole
    case "lower_inc":
      return (isTrue && lower == nil ? whole : [self]).compactMap { $0.including(lower: isTrue) }
    case "upper_inc":
      return (isTrue && upper == nil ? whole : [self]).compactMap { $0.including(upper: isTrue) }
    default: return nil
    }
  }

  /// With both its ends.
  var whole: [RangeDatum] {
    let starts: [Element: Datum] = [
      .integer: .integer(1), .number: .number(1.5), .text: .text("a"),
    ]
    let start = starts[element] ?? .instant(1_577_836_800)
    return element == .text
      ? [RangeDatum(element, from: start, to: .text("b"))].compactMap { $0 }
      : RangeDatum.empty(element).beginning(at: start)
  }
}

extension Datum {
  /// Values in the place of this one that hold the other, or share something with it.
  fileprivate func holding(_ other: Datum) -> [Datum] {
    switch (self, other) {
    case (.range, .range(let inner)): return [.range(inner)]
    case (.range(let range), let point):
      return
        (range.beginning(at: point)
        + [
          RangeDatum(range.element, from: point, to: point, includesUpper: true),
          RangeDatum(range.element, from: point, to: nil),
        ].compactMap { $0 })
        .map { .range($0) }
    case (.list(let items), .list(let inner)): return [.list(items + inner), .list(inner)]
    case (_, .range(let range)):
      return [range.lower, range.upper, range.lower?.moved(by: 1)].compactMap { $0 }
    case (.text, .text(let inner)):
      return DocumentRepairs.merging(self, inner).map { [.text($0)] } ?? []
    default: return []
    }
  }

  /// Values in the place of this one that lie within the other.
  fileprivate func within(_ other: Datum) -> [Datum] {
    switch (self, other) {
    case (.range(let range), .range(let outer)):
      let near = outer.lower.map { range.beginning(at: $0) } ?? []
      let last = outer.upper.map { range.ending(at: $0) } ?? []
      return (near + last + [outer]).map { .range($0) }
    case (_, .range(let range)):
      return [range.lower, range.lower?.moved(by: 1), range.upper?.moved(by: -1)].compactMap { $0 }
    case (.list(let items), .list(let outer)):
      return [.list(items.filter(outer.contains)), .list(Array(outer.prefix(1))), .list(outer)]
    case (.text, .text): return [other]
    default: return []
    }
  }

  /// Values in the place of this one that have nothing of the other.
  fileprivate func avoiding(_ other: Datum) -> [Datum] {
    switch (self, other) {
    case (.range(let range), .range(let taken)):
      let behind = taken.upper.map { range.beginning(at: $0) } ?? []
      let before = taken.lower.map { range.ending(at: $0) } ?? []
      return (behind + before + [.empty(range.element)]).map { .range($0) }
    case (.range(let range), let point):
      return (range.beginning(at: point.moved(by: 1)) + [.empty(range.element)]).map { .range($0) }
    case (_, .range(let range)):
      return [range.upper, range.upper?.moved(by: 1), range.lower?.moved(by: -1)].compactMap { $0 }
    case (.list(let items), .list(let taken)):
      return [.list(items.filter { !taken.contains($0) }), .list([])]
    case (.text, .text): return [.text("{}"), .text("[]")]
    default: return []
    }
  }
}
