/// An expression of either engine in one form: without casts, quotes, case and superfluous
/// parentheses, and with one spelling for what both have under several.
///
/// Equal exactly where the two say the same, as far as that can be told by their form.
indirect enum PortableExpression: Hashable {
  /// A column, in small letters and without its table.
  case name(String)
  /// A number in the shortest form that has its value.
  case number(String)
  case string(String)
  /// Hexadecimal digits in small letters.
  case bytes(String)
  case truth(Bool)
  case null
  case array([PortableExpression])
  /// A function or an operator; those that both engines have under the name given in `Vocabulary`.
  case call(String, [PortableExpression])
  /// What only its own engine understands, as it is written.
  case opaque(String)
}

extension PortableExpression {
  /// What both engines can say, so that a difference is one of meaning.
  var isPortable: Bool {
    switch self {
    case .name, .number, .string, .bytes, .truth, .null: true
    case .array(let items): items.allSatisfy(\.isPortable)
    case .call(let name, let arguments):
      Vocabulary.portable.contains(name) && arguments.allSatisfy(\.isPortable)
    case .opaque: false
    }
  }

  /// The columns that it reads.
  var names: Set<String> {
    switch self {
    case .name(let name): [name]
    case .array(let items): items.reduce(into: []) { $0.formUnion($1.names) }
    case .call(_, let arguments): arguments.reduce(into: []) { $0.formUnion($1.names) }
    default: []
    }
  }

  /// The names of all functions and operators in it.
  var calls: Set<String> {
    switch self {
    case .array(let items): items.reduce(into: []) { $0.formUnion($1.calls) }
    case .call(let name, let arguments):
      arguments.reduce(into: [name]) { $0.formUnion($1.calls) }
    default: []
    }
  }

  /// The texts that a column is held to: `mood IN ('a', 'b')`, `mood = 'a'`; nil for anything else.
  var allowedTexts: (column: String, labels: Set<String>)? {
    guard case .call(let name, let arguments) = self, ["in", "="].contains(name),
      let column = arguments.lazy.compactMap(\.column).first
    else { return nil }
    var labels: Set<String> = []
    for argument in arguments where argument.column == nil {
      guard case .string(let label) = argument else { return nil }
      labels.insert(label)
    }
    return labels.count == arguments.count - 1 ? (column, labels) : nil
  }

  /// The column, where it is no more than that.
  var column: String? { if case .name(let name) = self { name } else { nil } }
}

extension PortableExpression: Comparable, CustomStringConvertible {
  var description: String {
    switch self {
    case .name(let name): name
    case .number(let number): number
    case .string(let text): "'\(text)'"
    case .bytes(let digits): "x'\(digits)'"
    case .truth(let truth): truth ? "true" : "false"
    case .null: "null"
    case .array(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
    case .call(let name, let arguments):
      "\(name)(" + arguments.map(\.description).joined(separator: ", ") + ")"
    case .opaque(let text): text
    }
  }

  static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}

/// The functions and operators that both engines have.
enum Vocabulary {
  /// Under the names that `canonical` gives.
  static let portable: Set<String> = [
    "and", "or", "not", "=", "<", "<=", "is", "isnull", "in", "like", "case",
    "+", "-", "*", "/", "%", "||", "&", "|", "<<", ">>", "bitnot",
    "abs", "coalesce", "length", "lower", "nullif", "replace", "round", "substr", "trim", "ltrim",
    "rtrim", "upper", "instr", "sign", "greatest", "least",
  ]

  /// The name that stands for all spellings of a function; in small letters.
  static func canonical(_ function: String) -> String { spellings[function] ?? function }

  private static let spellings: [String: String] = [
    "char_length": "length", "character_length": "length", "octet_length": "length",
    "btrim": "trim", "substring": "substr", "ifnull": "coalesce", "strpos": "instr",
  ]

  /// Functions and words that say what time it is.
  static let clocks: Set<String> = [
    "now", "current_timestamp", "current_date", "current_time", "localtimestamp", "localtime",
    "statement_timestamp", "clock_timestamp", "transaction_timestamp", "timeofday",
  ]

  /// Functions of PostgreSQL that defaults call, and that SQLite has under no circumstances of its own.
  static let postgresOnly: Set<String> = [
    "now", "localtimestamp", "localtime", "statement_timestamp", "clock_timestamp",
    "transaction_timestamp", "timeofday", "timezone", "date_trunc", "gen_random_uuid",
    "gen_random_bytes", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "nextval",
  ]

  /// SQLite's functions of time, which say the present where they are given `'now'` or nothing.
  static let timeFunctions: Set<String> = [
    "datetime", "date", "time", "strftime", "julianday", "unixepoch", "timezone", "date_part",
    "extract", "to_char", "date_trunc",
  ]

  /// What gives another value each time.
  static let random: Set<String> = [
    "random", "randomblob", "gen_random_uuid", "gen_random_bytes", "uuid_generate_v1",
    "uuid_generate_v1mc", "uuid_generate_v4", "uuid", "uuidv4", "uuidv7",
  ]
}
