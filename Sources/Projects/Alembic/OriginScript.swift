import Databases
import Platform

/// A file of SQL that makes a history's starting point, often written by `pg_dump`.
struct OriginScript {
  let text: String

  /// Reads it, without what stands in the lines that only psql understands and that change nothing.
  /// - Throws: `ProjectError` for rows in COPY's format, which only psql can send.
  init(_ file: Path, in folder: Path) throws {
    let lines = try Files.text(of: folder / file.text).split(
      separator: "\n", omittingEmptySubsequences: false)
    var kept: [Substring] = []
    for line in lines {
      if line.hasPrefix("COPY ") && line.hasSuffix("FROM stdin;") {
        throw ProjectError(
          .brokenConfiguration, "\(file) holds rows in COPY's format",
          fix: "write it with `pg_dump --inserts`, or with --schema-only")
      }
      kept.append(line.hasPrefix("\\") ? "" : line)
    }
    text = kept.joined(separator: "\n")
  }

  /// A line of it, from 1, as a message shows it: without the values that stand there.
  func line(_ number: Int) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(number - 1) else { return "" }
    return String(
      HiddenLiterals.hide(in: String(lines[number - 1]), keeping: { _ in true }).prefix(100))
  }
}
