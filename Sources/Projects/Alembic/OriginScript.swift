import Platform

/// A file of SQL that makes a history's starting point, often written by `pg_dump`.
struct OriginScript {
  let text: String

  /// Reads it, without the lines that only psql understands and that change nothing.
  /// - Throws: `ProjectError` for rows in COPY's format, which only psql can send.
  init(_ file: Path) throws {
    let lines = try Files.text(of: file).split(separator: "\n", omittingEmptySubsequences: false)
    var kept: [Substring] = []
    for line in lines {
      if line.hasPrefix("COPY ") && line.hasSuffix("FROM stdin;") {
        throw ProjectError(
          .brokenConfiguration, "\(file) holds rows in COPY's format",
          fix: "write it with `pg_dump --inserts`, or with --schema-only")
      }
      if !line.hasPrefix("\\") { kept.append(line) }
    }
    text = kept.joined(separator: "\n")
  }
}
