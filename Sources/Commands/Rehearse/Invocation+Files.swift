import Platform

extension Invocation {
  /// The text of a file that an option names.
  ///
  /// - Throws: `Complaint` where there is none.
  func text(ofFile argument: String, fix: String) throws -> String {
    let file = path(argument)
    guard Files.isFile(file) else {
      throw Complaint(
        "no-such-file", at: argument, "there is no such file", fix: fix, outcome: .usage)
    }
    return try Files.text(of: file)
  }
}
