import Databases

/// Texts as columns hold them in production.
enum SampleText {
  private static let plainWords = ["alpha", "Bravo", "charlie", "Delta", "echo", "FOXTROT"]
  private static let oddWords = [
    "Zo\u{EB} O'Neil \"\u{3A9}\"", "L'\u{E9}t\u{E9} \\ 50 % _", "\u{6570}\u{636E} \u{1F600}\t-- ;",
  ]

  /// Every third has what breaks hand-written SQL: quotes, a line break, letters of other alphabets,
  /// a blank at the end.
  static func text(_ number: Int, _ limit: Int?) -> String {
    guard number % 3 == 1 else { return plain(number, limit) }
    let text = "\(oddWords[number / 3 % oddWords.count])\n\(number) "
    guard let limit, text.unicodeScalars.count > limit else { return text }
    if limit > 5 {
      return String(String("\u{EB}'\"\n\(number)".unicodeScalars.prefix(limit - 1))) + " "
    }
    return FunctionCall.string("\u{EB}'".unicodeScalars.prefix(limit))
  }

  /// Letters and digits alone.
  static func plain(_ number: Int, _ limit: Int?) -> String {
    let text = "\(plainWords[number % plainWords.count]) \(number)"
    guard let limit, text.count > limit else { return text }
    let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    var digits = ""
    var rest = number
    repeat {
      digits = String(alphabet[rest % alphabet.count]) + digits
      rest /= alphabet.count
    } while rest > 0
    return String(digits.suffix(limit))
  }

  /// As long as the column takes; where it takes any, as long as an index still does.
  static func longest(_ number: Int, _ limit: Int?, isKey: Bool) -> String {
    let length = min(limit ?? (isKey ? 500 : 4000), 100_000)
    let head = plain(number, length)
    return head + String(repeating: number % 2 == 0 ? "x" : "\u{E9}", count: length - head.count)
  }

  /// A literal of a type that holds neither numbers nor times nor text; nil for an unknown type.
  static func ofType(_ type: ColumnType, _ number: Int, _ engine: Engine) -> String? {
    let low = number % 250 + 1
    switch type {
    case .inet: return number % 2 == 0 ? "192.168.\(number / 250 % 250).\(low)" : "2001:db8::\(low)"
    case .cidr: return "10.\(number / 250 % 250).\(low).0/24"
    case .macAddress(let bytes):
      return "08:00:2b:\(bytes == 8 ? "ff:fe:" : "")01:\(hex(number / 256)):\(hex(number))"
    case .textSearchVector: return "'fat':1 'row\(number)':2"
    case .textSearchQuery: return "'fat' & 'row\(number)'"
    case .geometric(let name): return geometric(name, number)
    case .other(let name): return engine == .sqlite ? plain(number, nil) : other(name, number)
    default: return nil
    }
  }

  private static func hex(_ number: Int) -> String {
    let digits = String(number & 0xFF, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }

  private static func geometric(_ name: String, _ number: Int) -> String? {
    let (near, far) = ("(\(number),1.5)", "(\(number + 1),2.5)")
    return switch name {
    case "point": near
    case "line": "{1,-1,\(number)}"
    case "lseg": "[\(near),\(far)]"
    case "box": "\(far),\(near)"
    case "path": "[\(near),\(far)]"
    case "polygon": "(\(near),\(far),(\(number),9))"
    case "circle": "<\(near),2>"
    default: nil
    }
  }

  /// Types by the name that the server prints, those of well-known extensions among them.
  private static func other(_ name: String, _ number: Int) -> String? {
    let bare = name.prefix { $0 != "(" }.split(separator: ".").last.map(String.init) ?? name
    let numbers = name.split { !$0.isNumber }.compactMap { Int($0) }
    switch bare {
    case "oid", "xid", "xid8", "cid": return String(number + 1)
    case "pg_lsn": return "0/\(String(number + 4096, radix: 16).uppercased())"
    case "tid": return "(\(number),1)"
    case "jsonpath": return "$.\"row\(number)\""
    case "ltree": return "top.row\(number)"
    case "lquery": return "top.*"
    case "cube": return "(\(number), 1)"
    case "isbn": return "978-0-393-04002-9"
    case "vector", "halfvec":
      let items = (0..<(numbers.last ?? 3)).map { "\(($0 + number) % 9).5" }
      return "[\(items.joined(separator: ","))]"
    case "geometry", "geography": return "SRID=4326;POINT(\(number % 90) 2)"
    case "int2vector", "oidvector": return "\(number) 1"
    case "regclass": return "pg_catalog.pg_class"
    case "regtype": return "integer"
    case "regproc", "regprocedure": return nil
    case "txid_snapshot", "pg_snapshot": return "\(number + 10):\(number + 20):"
    default: return nil
    }
  }
}

/// Texts that the name of their column makes expect.
struct NamedText {
  let column: String
  let number: Int

  /// nil where the name says nothing.
  var text: String? {
    func has(_ words: String...) -> Bool { words.contains { column.contains($0) } }
    if has("email", "e_mail") {
      return number % 2 == 0 ? "o.neil+\(number)@example.org" : "O.Neil+\(number)@Example.org"
    }
    if has("url", "uri", "website", "homepage") {
      return "https://example.org/path/\(number)?q=a%20b"
    }
    if has("slug") { return "row-\(number)" }
    if has("json") { return "{\"id\": \(number)}" }
    if has("phone", "mobile") { return "+49 30 \(1_000_000 + number)" }
    if has("uuid", "guid") { return nil }
    if has("locale") { return ["en", "de", "fr"][number % 3] }
    if column.hasSuffix("_at") { return Self.moment(number, withTime: true) }
    if column == "date" || column.hasSuffix("_date") { return Self.moment(number, withTime: false) }
    return nil
  }

  private static func moment(_ number: Int, withTime: Bool) -> String {
    let day = Calendar.days(year: 2019, month: 1, day: 31) + number * 61 % 1900
    return Calendar.text(Double(day) * 86_400 + (withTime ? 36_000 : 0), withTime: withTime)
  }
}

/// Ranges that do not overlap: each number has its own.
struct SampleRange {
  private let element: ColumnType
  private let number: Int

  init(_ element: ColumnType, _ number: Int) {
    self.element = element.base
    self.number = number
  }

  var text: String? {
    let day = Calendar.days(year: 2020, month: 1, day: 1) + number * 10
    func at(_ days: Int, withTime: Bool) -> String {
      Calendar.text(Double(day + days) * 86_400, withTime: withTime)
    }
    switch element {
    case .integer: return "[\(number * 10),\(number * 10 + 5))"
    case .numeric, .real: return "[\(number * 10).5,\(number * 10 + 5).25)"
    case .date: return "[\(at(0, withTime: false)),\(at(5, withTime: false)))"
    case .timestamp(let zone, _):
      let mark = zone ? "+00" : ""
      return "[\"\(at(0, withTime: true))\(mark)\",\"\(at(5, withTime: true))\(mark)\")"
    case .text, .caselessText:
      return "[\(SampleText.plain(number, 12)),\(SampleText.plain(number, 12))]"
    default: return "empty"
    }
  }
}
