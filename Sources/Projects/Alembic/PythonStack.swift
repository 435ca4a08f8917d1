import Platform
import Walks

/// What Python's `faulthandler` wrote of the thread that hung
/// (<https://docs.python.org/3/library/faulthandler.html#example>).
struct PythonStack {
  /// What was printed before it.
  let printed: String
  /// The lines of the project's own, innermost first, their files relative to its folder.
  let frames: [Frame]

  /// nil where there is none.
  init?(in output: String, of folder: Path) {
    guard
      let head = output.matches(
        of: /(?m)^(?:Stack|(?:Current t|T)hread .*) \(most recent call first\):$/
      ).last
    else { return nil }
    printed = String(output[..<head.range.lowerBound])
    frames = output[head.range.upperBound...]
      .matches(of: /(?m)^  File "([^"]+)", line (\d+) in (.+)$/).compactMap { found in
        let path = Path(String(found.1))
        let file = path.isAbsolute ? path.relative(to: folder) : path
        guard !file.isAbsolute, !file.text.contains("site-packages/"),
          Files.isFile(folder / file.text)
        else { return nil }
        return Frame(file: file.text, line: Int(found.2) ?? 1, function: String(found.3))
      }
  }

  /// Without the lines of others, in which nobody would look.
  var text: String {
    let lines = frames.map { "  \($0.file):\($0.line) in \($0.function)\n" }
    return printed + (lines.isEmpty ? "" : "it was at:\n\(lines.joined())")
  }
}
