import Databases

/// What `pg_restore` or `psql` said was refused, statement by statement.
struct RestoreErrors {
  /// One refusal: the server's sentence, and the statement's first line where it was said.
  struct Refusal: Hashable {
    let message: String
    let statement: String
  }

  let refusals: [Refusal]
  /// What else went wrong, in the program's own words: the file, the connection.
  let others: [String]

  /// `pg_restore: error: could not execute query: ERROR:  …` with `Command was: …` below it, or
  /// `psql:<stdin>:12: ERROR:  …`, or `pg_restore: error: …` alone.
  init(_ words: String) {
    var refusals: [Refusal] = []
    var others: [String] = []
    for line in words.split(whereSeparator: \.isNewline).map(String.init) {
      if line.hasPrefix("Command was: "), let last = refusals.popLast() {
        refusals.append(
          Refusal(message: last.message, statement: String(line.dropFirst("Command was: ".count))))
      } else if let mark = line.firstRange(of: "ERROR:  ") ?? line.firstRange(of: "FATAL:  ") {
        refusals.append(Refusal(message: String(line[mark.upperBound...]), statement: ""))
      } else if let mark = line.firstRange(of: ": error: "), line.hasPrefix("p") {
        others.append(String(line[mark.upperBound...]))
      }
    }
    self.refusals = refusals
    self.others = others
  }
}

extension RestoreErrors.Refusal {
  /// What the copy does without, as a sentence; nil where that would make it another database.
  ///
  /// - Parameters:
  ///   - excluded: the names of the tables that were left out on purpose.
  ///   - isPrivate: whether every role could be made.
  func leftOut(excluded: Set<String>, isPrivate: Bool) -> String? {
    if message.hasPrefix("role \""), message.hasSuffix("does not exist"), !isPrivate {
      return "what belongs to a \(message.dropLast(" does not exist".count)) that is not there"
    }
    if message.hasPrefix("must be owner of extension"), statement.hasPrefix("COMMENT ON EXTENSION")
    {
      return "comments of extensions"
    }
    if message.hasPrefix("schema \"public\" already exists") { return "" }
    // A setting of a newer pg_restore or pg_dump; the session does without it.
    if message.hasPrefix("unrecognized configuration parameter"), statement.hasPrefix("SET ") {
      return ""
    }
    if let name = missingName, excluded.contains(name) {
      // What else is said of a thing that could not be made is told with that.
      return ["ALTER", "GRANT", "REVOKE", "COMMENT"].contains { statement.hasPrefix($0) }
        ? "" : "what refers to \(name): \(statement.prefix(60))"
    }
    return nil
  }

  /// The view or function that the statement was to make, without its schema; nil for another.
  var lostName: String? {
    let words = statement.split(separator: " ")
    guard words.first == "CREATE",
      let kind = words.firstIndex(where: { ["VIEW", "FUNCTION", "PROCEDURE"].contains($0) })
    else { return nil }
    return words.dropFirst(kind + 1).first.map { Self.withoutSchema($0.prefix { $0 != "(" }) }
  }

  /// That the dump writes to what it does not make; nil where the cause is another.
  ///
  /// Said of the first refusal that counts, so that nothing which makes it was refused before.
  func missingDefinition(in source: String, excluded: Set<String>) -> CopyError? {
    func quoted(_ noun: String) -> String? {
      guard message.hasPrefix("\(noun) \""), message.hasSuffix("\" does not exist") else {
        return nil
      }
      return String(message.dropFirst(noun.count + 2).dropLast("\" does not exist".count))
    }
    if let name = quoted("relation") ?? quoted("type"),
      missingName.map(excluded.contains) != true
    {
      return CopyError(
        .noSchema,
        "\(source) needs \(name), which it does not make: it holds rows and not the tables, as "
          + "pg_dump --data-only writes it, or only a part of them",
        fix: "dump both: pg_dump --format=custom --file=shop.dump shop")
    }
    if let name = quoted("schema") {
      return CopyError(
        .noSchema,
        "\(source) has tables in the schema \(name), which it does not make, as pg_dump --table "
          + "writes it",
        fix:
          "dump the schema as a whole: pg_dump --schema=\(name) --format=custom --file=shop.dump "
          + "shop")
    }
    return nil
  }

  /// The name without its schema, of `relation "public.users" does not exist`, of a `type "…"`, or of
  /// `function public.sums(integer) does not exist`.
  private var missingName: String? {
    let end = " does not exist"
    guard message.hasSuffix(end),
      let noun = ["relation ", "type ", "function ", "procedure "].first(where: message.hasPrefix)
    else { return nil }
    let name = message.dropFirst(noun.count).dropLast(end.count).filter { $0 != "\"" }
    return Self.withoutSchema(name.prefix { $0 != "(" && $0 != "[" })
  }

  private static func withoutSchema(_ name: some StringProtocol) -> String {
    let plain = String(name.filter { $0 != "\"" })
    return plain.split(separator: ".").last.map(String.init) ?? plain
  }

  /// The extension's name, of `extension "postgis" is not available`, or of a control file that could
  /// not be opened.
  var missingExtension: String? {
    if message.hasPrefix("extension \""), message.hasSuffix("is not available") {
      return message.split(separator: "\"").dropFirst().first.map(String.init)
    }
    guard message.hasPrefix("could not open extension control file"),
      let end = message.firstRange(of: ".control")
    else { return nil }
    return message[..<end.lowerBound].split(separator: "/").last.map(String.init)
  }
}

extension RestoreErrors {
  /// Sorts what was refused into what the copy can do without and what makes it no copy.
  /// - Returns: what was left out, each once.
  /// - Throws: `CopyError` with the first refusal that counts.
  func leftOut(
    of source: String, excluded: Set<String>, isPrivate: Bool, server: String
  ) throws -> [String] {
    var leftOut: [String] = []
    // With what was left out on purpose goes what was to be made of it.
    var excluded = excluded
    for refusal in refusals {
      if let name = refusal.missingExtension {
        throw CopyError(
          .missingExtension, "\(source) needs the extension \(name), which \(server) does not have",
          fix: "install it there (apt-cache search postgresql | grep \(name)), or set "
            + "STAIRWAY_POSTGRES_URL to a server that has it")
      }
      if let missing = refusal.missingDefinition(in: source, excluded: excluded) { throw missing }
      guard let what = refusal.leftOut(excluded: excluded, isPrivate: isPrivate) else {
        let sql = HiddenLiterals.hide(in: refusal.statement) { _ in true }
        let statement = sql.isEmpty ? "" : " (\(sql.prefix(80)))"
        throw CopyError(
          .restoreFailed,
          "\(source) could not be restored: \(HiddenValues.hide(in: refusal.message))\(statement)",
          fix: isPrivate
            ? "see whether pg_restore alone restores it into an empty database"
            : "leave STAIRWAY_POSTGRES_URL out: on a private server Stairway may do everything")
      }
      if !excluded.isEmpty, let name = refusal.lostName { excluded.insert(name) }
      if !what.isEmpty, !leftOut.contains(what) { leftOut.append(what) }
    }
    return leftOut
  }
}
