import Platform

extension Complaint {
  /// That what Stairway keeps for a project is no file, be it read or written; nil where it is one, or
  /// where there is nothing.
  ///
  /// - Parameter name: as sentences call it.
  init?(_ code: String, ofFile path: Path, named name: String) {
    if Files.isFile(path) { return nil }
    let target = Files.target(ofLink: path)
    guard Files.exists(path) || target != nil else { return nil }
    let what =
      Files.isFolder(path)
      ? "is a folder"
      : !Files.exists(path) ? "is a link to \(target ?? ""), which is not there" : "is no file"
    self.init(
      code, "\(name) \(what)",
      fix: "move it away, and bring the file back from the version control where there was one",
      outcome: .usage)
  }
}
