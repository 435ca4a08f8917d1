import Databases
import Platform

/// Lets a script of SQL through to `psql` as far as it stays in the one database that it is run in, and
/// makes the roles that it names.
///
/// `psql` would follow `\connect` to another database and run programs for `\!`; SQL can drop
/// databases and roles of the whole server.
final class ScriptReader {
  enum Mode {
    /// Nothing is passed on.
    case collectingRoles
    /// Each role is made before it is first named.
    case makingRoles
    /// Owners and privileges are left out, and what else names another role than these.
    case withoutOwners(roles: Set<String>)
  }

  private let mode: Mode
  private let source: String
  private var lexer = ScriptLexer()
  private(set) var roles: Set<String> = []
  private(set) var leftOut: [String] = []
  private var hasHeader = false
  private var isComplete = false
  private var databases = 0
  private var connections = 0

  init(_ mode: Mode, source: String = "") {
    self.mode = mode
    self.source = source
  }

  /// Takes the next piece.
  /// - Returns: what `psql` is to be given for it.
  /// - Throws: `CopyError` `several-databases` or `foreign-command`.
  func take(_ bytes: [UInt8]) throws -> [UInt8] {
    var passed: [UInt8] = []
    var lexer = self.lexer
    self.lexer = ScriptLexer()
    try lexer.read(bytes) { part in
      switch part {
      case .rows(let rows): passed += rows
      case .comment(let text): try note(comment: text)
      case .command(let text, let isAfter, let line): try refuse(command: text, isAfter, at: line)
      case .statement(let statement, let tokens, let line):
        passed += try pass(statement, tokens, at: line)
      }
    }
    self.lexer = lexer
    if case .collectingRoles = mode { return [] }
    return passed
  }

  /// Sees whether the script is whole.
  /// - Returns: a last statement without a semicolon.
  func end() throws -> [UInt8] {
    guard !lexer.isInside, !hasHeader || isComplete else {
      throw CopyError(
        .truncatedDump, "\(source) ends in the middle, at line \(lexer.line)",
        fix: "copy or write the dump again")
    }
    return lexer.rest
  }

  // MARK: What is not SQL

  private func note(comment: String) throws {
    if comment.contains("PostgreSQL database cluster dump"), !comment.contains("complete") {
      throw several("it was written by pg_dumpall")
    }
    if comment.contains("PostgreSQL database dump complete") {
      isComplete = true
    } else if comment.hasSuffix("PostgreSQL database dump") {
      hasHeader = true
      isComplete = false
    }
  }

  private func several(_ why: String) -> CopyError {
    DumpFile.severalDatabases(Path(source), why)
  }

  private func refuse(command: String, _ isAfterStatement: Bool, at line: Int) throws {
    let words = command.split(whereSeparator: \.isWhitespace).map(String.init)
    let name = words.first ?? ""
    if !isAfterStatement {
      // pg_dump puts them around its script so that psql takes no other command from it.
      if name == "restrict" || name == "unrestrict" { return }
      if name == "connect" || name == "c" {
        connections += 1
        // The database that --create made, which the scratch database stands for.
        if connections == 1, databases == 1 { return }
        throw several(
          "it goes on in another with \\\(name) \(words.dropFirst().joined(separator: " "))")
      }
    }
    throw CopyError(
      .foreignCommand,
      "\(source), line \(line), has the psql command \\\(name), which no dump of pg_dump's has",
      fix: "look at the file; a dump runs as it is, so take one from a source that you trust")
  }

  // MARK: SQL

  private func pass(
    _ statement: [UInt8], _ tokens: [ScriptLexer.Token], at line: Int
  ) throws -> [UInt8] {
    let first = tokens.first?.keyword ?? ""
    let second = tokens.dropFirst().first?.keyword ?? ""
    if try isOfTheServer(first, second, tokens) { return [] }
    if first == "COPY", !ScriptLexer.isCopyFromClient(tokens) {
      throw CopyError(
        .foreignCommand,
        "\(source), line \(line), copies from or to a file or program of the server's",
        fix: "look at the file; a dump runs as it is, so take one from a source that you trust")
    }
    let named = RoleNames.named(by: tokens)
    let unknown = named.subtracting(roles)
    switch mode {
    case .collectingRoles: roles.formUnion(named)
    case .makingRoles:
      roles.formUnion(named)
      let made = unknown.sorted().map { "\n\(RoleMaking.statement($0));" }.joined()
      return Array(made.utf8) + statement
    case .withoutOwners(let known):
      let missing = named.subtracting(known)
      for role in missing.sorted() {
        leaveOut("what belongs to the role \(role), which is not there")
      }
      let isOfOwners = RoleNames.isOfOwners(tokens)
      if isOfOwners { leaveOut(CopyTarget.withoutOwners) }
      return isOfOwners || !missing.isEmpty ? [] : statement
    }
    return statement
  }

  private func leaveOut(_ what: String) {
    if !leftOut.contains(what) { leftOut.append(what) }
  }

  /// Whether a statement is about more than the database that it is run in; it is then not run.
  private func isOfTheServer(
    _ first: String, _ second: String, _ tokens: [ScriptLexer.Token]
  ) throws -> Bool {
    let name = tokens.dropFirst(2).first { !["IF", "EXISTS", "NOT"].contains($0.keyword) }?.text
    switch (first, second) {
    case ("CREATE", "DATABASE"):
      databases += 1
      if databases > 1 { throw several("it makes \(databases)") }
      return true
    case ("ALTER", "DATABASE"):
      if tokens.contains(where: { $0.keyword == "SET" }) {
        leaveOut("settings of the database \(name ?? "")")
      }
      return true
    case ("DROP", "DATABASE"):
      leaveOut("DROP DATABASE \(name ?? ""), which was not run")
      return true
    case ("CREATE", "ROLE"), ("CREATE", "USER"), ("CREATE", "GROUP"), ("ALTER", "ROLE"),
      ("ALTER", "USER"), ("ALTER", "GROUP"), ("DROP", "ROLE"), ("DROP", "USER"), ("DROP", "GROUP"):
      if tokens.dropFirst(2).first?.keyword == "MAPPING" { return false }
      leaveOut("\(first) \(second) \(name ?? ""), which was not run")
      return true
    case ("ALTER", "SYSTEM"), (_, "TABLESPACE"), (_, "SUBSCRIPTION"):
      leaveOut("\(first) \(second) \(name ?? ""), which was not run")
      return true
    // A table's place on production's disks, and a setting that only newer servers know.
    case ("SET", "DEFAULT_TABLESPACE"), ("SET", "TRANSACTION_TIMEOUT"): return true
    default: return false
    }
  }
}

/// The roles that statements of a dump name.
enum RoleNames {
  /// Whether the statement says only whose something is, and who may do what with it.
  static func isOfOwners(_ tokens: [ScriptLexer.Token]) -> Bool {
    let words = tokens.map(\.keyword)
    switch (words.first, words.dropFirst().first) {
    case ("GRANT", _), ("REVOKE", _), ("ALTER", "DEFAULT"): return true
    case ("SET", "SESSION"): return words.dropFirst(2).first == "AUTHORIZATION"
    case ("ALTER", _): return owner(words) != nil && !words.contains("RENAME")
    default: return false
    }
  }

  /// The place of `TO` in `OWNER TO`.
  private static func owner(_ words: [String]) -> Int? {
    guard let place = words.lastIndex(of: "OWNER"), place + 1 < words.count,
      words[place + 1] == "TO"
    else { return nil }
    return place + 1
  }

  static func named(by tokens: [ScriptLexer.Token]) -> Set<String> {
    let keywords = tokens.map(\.keyword)
    var names: Set<String> = []
    func take(after place: Int) {
      var index = place + 1
      while index < tokens.count {
        // GRANT … TO GROUP x is an old spelling.
        if keywords[index] == "GROUP" || keywords[index] == "ROLE" { index += 1 }
        guard index < tokens.count else { break }
        let token = tokens[index]
        if !special.contains(token.keyword) {
          names.insert(token.isQuoted ? token.text : token.text.lowercased())
        }
        guard index + 1 < tokens.count, tokens[index + 1].text == "," else { break }
        index += 2
      }
    }
    switch keywords.first {
    case "ALTER":
      if let owner = owner(keywords) { take(after: owner) }
      if keywords.dropFirst().first == "DEFAULT" {
        if let place = keywords.firstIndex(of: "FOR") { take(after: place) }
        if let place = keywords.lastIndex(of: "TO") ?? keywords.lastIndex(of: "FROM") {
          take(after: place)
        }
      }
    case "GRANT": if let place = keywords.lastIndex(of: "TO") { take(after: place) }
    case "REVOKE": if let place = keywords.lastIndex(of: "FROM") { take(after: place) }
    case "CREATE":
      let second = keywords.dropFirst().first
      if second == "POLICY", let place = keywords.firstIndex(of: "TO") { take(after: place) }
      if second == "SCHEMA", let place = keywords.firstIndex(of: "AUTHORIZATION") {
        take(after: place)
      }
      if second == "USER", let place = keywords.firstIndex(of: "FOR") { take(after: place) }
    case "SET":
      if keywords.dropFirst().first == "SESSION", keywords.dropFirst(2).first == "AUTHORIZATION",
        tokens.dropFirst(3).first?.text != "'"
      {
        take(after: 2)
      }
    default: break
    }
    return names
  }

  private static let special: Set<String> = [
    "PUBLIC", "CURRENT_USER", "CURRENT_ROLE", "SESSION_USER", "DEFAULT", "'",
  ]
}
