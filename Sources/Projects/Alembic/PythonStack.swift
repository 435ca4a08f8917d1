import Platform

/// What Python's `faulthandler` writes of a thread
/// (<https://docs.python.org/3/library/faulthandler.html#example>).
enum PythonStack {
  /// The innermost line of the project's own, its file relative to the folder.
  static func place(in output: String, of folder: Path) -> (file: String, line: Int)? {
    guard let stack = output.ranges(of: "(most recent call first)").last else { return nil }
    for found in output[stack.upperBound...].matches(of: /File "([^"]+)", line (\d+)/) {
      let path = Path(String(found.1))
      let file = path.isAbsolute ? path.relative(to: folder) : path
      let isOwn =
        !file.isAbsolute && !file.text.contains("site-packages/") && !file.text.hasPrefix("<")
      if isOwn, Files.isFile(folder / file.text) { return (file.text, Int(found.2) ?? 1) }
    }
    return nil
  }
}
