import Databases

/// Turns values into those of another type, as `::` and `CAST` do.
struct Casting {
  let engine: Engine

  /// - Throws: `NotUnderstood` where it is unclear what becomes of the value.
  func cast(_ datum: Datum, to type: String) throws -> Datum {
    if datum == .null { return .null }
    let name = type.lowercased()
    if name.hasSuffix("[]") {
      guard case .list(let items) = datum else {
        guard case .text(let text) = datum, let elements = ArrayText.elements(of: text) else {
          throw NotUnderstood(what: type)
        }
        return .list(
          try elements.map { element in
            try element.map { try cast(.text($0), to: String(name.dropLast(2))) } ?? .null
          })
      }
      return .list(try items.map { try cast($0, to: String(name.dropLast(2))) })
    }
    switch name {
    case "integer", "int", "bigint", "smallint", "int4", "int8", "int2": return try integer(datum)
    case "numeric", "decimal", "double precision", "real", "float":
      guard let number = datum.double else {
        if engine == .sqlite { return .number(0) }
        throw NotUnderstood(what: type)
      }
      if case .integer = datum, name == "numeric" || name == "decimal" { return datum }
      return .number(number)
    case "text", "character varying", "varchar", "character", "char", "bpchar", "citext", "name",
      "public.citext":
      if let text = datum.text { return .text(text) }
      throw NotUnderstood(what: "a cast to \(type)")
    case "boolean", "bool": return try boolean(datum)
    case "date":
      return try instant(datum).map { .instant(($0 / 86_400).rounded(.down) * 86_400) } ?? datum
    case let name where name.hasPrefix("timestamp"):
      return try instant(datum).map { .instant($0) } ?? datum
    case let name where name.hasPrefix("interval"):
      if case .span = datum { return datum }
      guard let span = datum.text.flatMap(Calendar.span) else { throw NotUnderstood(what: type) }
      return .span(span)
    case let name where name.hasPrefix("time"):
      if case .instant(let seconds) = datum {
        return .span(seconds - (seconds / 86_400).rounded(.down) * 86_400)
      }
      guard let span = datum.text.flatMap({ Calendar.secondsOfDay($0[...]) }) else {
        throw NotUnderstood(what: type)
      }
      return .span(span)
    default:
      guard let element = RangeDatum.Element(rangeType: name), case .text(let text) = datum else {
        return datum
      }
      guard let range = RangeDatum(text, of: element) else { throw NotUnderstood(what: type) }
      return .range(range)
    }
  }

  private func integer(_ datum: Datum) throws -> Datum {
    switch datum {
    case .integer: return datum
    case .boolean(let flag): return .integer(flag ? 1 : 0)
    case .number(let number):
      let rounded = engine == .sqlite ? number.rounded(.towardZero) : number.rounded()
      guard let whole = Int64(exactly: rounded) else { throw NotUnderstood(what: "a number") }
      return .integer(whole)
    case .text(let text):
      let words = text.split(separator: " ")
      if words.count == 1, let whole = Int64(words[0]) { return .integer(whole) }
      guard engine == .sqlite else { throw NotUnderstood(what: "a number") }
      // The number with which the text begins.
      let number = words.first ?? ""
      let sign = number.prefix { $0 == "-" || $0 == "+" }.prefix(1)
      let digits = number.dropFirst(sign.count).prefix { $0.isASCII && $0.isNumber }
      return .integer(Int64(sign + digits) ?? 0)
    default: throw NotUnderstood(what: "a cast to a number")
    }
  }

  private func boolean(_ datum: Datum) throws -> Datum {
    switch datum {
    case .boolean: return datum
    case .integer(let number): return .boolean(number != 0)
    case .text(let text):
      let lowered = text.lowercased()
      if ["t", "true", "1", "yes", "on", "y"].contains(lowered) { return .boolean(true) }
      if ["f", "false", "0", "no", "off", "n"].contains(lowered) { return .boolean(false) }
      throw NotUnderstood(what: "a cast to boolean")
    default: throw NotUnderstood(what: "a cast to boolean")
    }
  }

  private func instant(_ datum: Datum) throws -> Double? {
    switch datum {
    case .instant(let seconds): return seconds
    case .text(let text):
      // SQLite has no such types: its dates stay texts.
      if engine == .sqlite { return nil }
      guard let seconds = Calendar.seconds(of: text) else { throw NotUnderstood(what: "a date") }
      return seconds
    default: return nil
    }
  }
}
