import Databases
import Formats
import Platform

/// The lines of the project's files that findings are about, as they are when the page is written.
struct SourceExcerpt {
  struct Line {
    let number: Int
    let text: String
    /// Whether it is the one that is named.
    let isNamed: Bool
  }

  private static let before = 2
  private static let after = 6
  /// Bytes of a file that are looked at.
  private static let limit = 2_000_000

  let lines: [Line]

  /// Reads the lines around one.
  ///
  /// - Parameters:
  ///   - file: relative to the project's folder; of others nothing is read.
  ///   - line: 1-based.
  ///   - passwords: hidden wherever they stand as words of their own.
  ///   - names: the only literals that are shown; nil for all.
  /// - Returns: nil where there is no such file or line.
  init?(
    of file: String, line: Int, inProject project: String, hiding passwords: Set<String>,
    keepingOnly names: Set<String>? = nil
  ) {
    let isInside = !file.hasPrefix("/") && !file.split(separator: "/").contains("..")
    guard isInside, project.hasPrefix("/"), line > 0 else { return nil }
    let path = Path(project) / file
    guard Files.isFile(path), let bytes = try? Files.bytes(of: path, upTo: Self.limit) else {
      return nil
    }
    let all = String(decoding: bytes, as: UTF8.self)
      .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    guard line <= all.count else { return nil }
    let first = max(1, line - Self.before)
    let last = min(all.count, line + Self.after)
    let texts = Self.redacted(
      all[(first - 1)..<last].map { line in
        let text = Redaction.hiding(passwords, in: String(line))
        return names.map { HiddenLiterals.hide(inCode: text, keeping: $0.contains) } ?? text
      })
    lines = zip(first..., texts).map { Line(number: $0, text: $1, isNamed: $0 == line) }
  }

  /// Without passwords, which the rest of the report holds none of either.
  private static func redacted(_ lines: [String]) -> [String] {
    guard let text = try? JSONText.encode(lines, pretty: false),
      let redacted = try? JSONText.decode(
        [String].self, from: Redaction.applied(to: text), name: "a file's lines"),
      redacted.count == lines.count
    else { return [] }
    return redacted
  }
}
