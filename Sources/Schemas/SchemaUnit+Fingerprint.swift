private import CXXHash
private import Databases

extension SchemaUnit {
  /// Hashes the canonical text of the objects in their order: 128 bits of XXH3, 32 hexadecimal
  /// digits.
  static func fingerprint(of objects: [SchemaObject]) -> Fingerprint {
    var text = ""
    for object in objects { object.appendCanonicalText(to: &text) }
    return Fingerprint(hashing: text)
  }
}

extension Fingerprint {
  /// The hash of any text, the same on every machine: 128 bits of XXH3.
  package init(hashing text: String) {
    var text = text
    var halves: [UInt64] = [0, 0]
    text.withUTF8 { stairway_xxh3_128($0.baseAddress, $0.count, &halves) }
    self.init(padding: UInt128(halves[0]) << 64 | UInt128(halves[1]))
  }

  /// The number as 32 hexadecimal digits.
  init(padding number: UInt128) {
    let digits = String(number, radix: 16)
    self = String(repeating: "0", count: 32 - digits.count) + digits
  }
}

extension SchemaObject {
  /// Lengths before texts, so that no two objects share a canonical text.
  fileprivate func appendCanonicalText(to text: inout String) {
    func append(_ part: String, to text: inout String) {
      text += String(part.utf8.count)
      text += ":"
      text += part
    }
    append(id.kind.rawValue, to: &text)
    append(id.schema?.raw ?? "", to: &text)
    text += "\(id.path.count)/"
    for name in id.path { append(name.raw, to: &text) }
    text += "\(properties.count)/"
    for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
      append(name.text, to: &text)
      switch value {
      case .text(let string): append("t" + string, to: &text)
      case .number(let number): append("n\(number)", to: &text)
      case .flag(let flag): append(flag ? "f1" : "f0", to: &text)
      case .list(let items):
        append("l\(items.count)", to: &text)
        for item in items { append(item, to: &text) }
      }
    }
  }
}
