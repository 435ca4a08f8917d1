import Platform

/// Files that a command is about to write into a project: all of them, or none.
struct NewFiles {
  private struct File {
    /// From the project's folder.
    let name: String
    let text: String
    /// What the text is, for the line that tells of it.
    let account: String?
    /// Nobody need be asked: the text is what was there, and more.
    let isExtension: Bool
  }

  private let folder: Path
  private var files: [File] = []
  private var kept: [String] = []

  init(in folder: Path) { self.folder = folder }

  mutating func add(
    _ name: String, _ text: String, account: String? = nil, isExtension: Bool = false
  ) {
    files.append(File(name: name, text: text, account: account, isExtension: isExtension))
  }

  /// Leaves a file as it is, which makes another one superfluous, and tells of it.
  mutating func keep(_ name: String, account: String) {
    kept.append("\(name) is kept: \(account)")
  }

  /// Writes what is not there as it is to be.
  ///
  /// - Returns: a line for each file, as the user reads it.
  /// - Throws: `Complaint` where files are there with another content, unless that is forced; where
  ///   one cannot be written, after those that this call made have been removed.
  func write(isForced: Bool) throws -> [String] {
    let present = Dictionary(uniqueKeysWithValues: files.map { ($0.name, text(of: $0)) })
    let inTheWay = files.filter { file in
      !file.isExtension && Files.exists(folder / file.name) && present[file.name] != file.text
    }
    guard isForced || inTheWay.isEmpty else { throw Complaint.inTheWay(inTheWay.map(\.name)) }
    var made: [Path] = []
    let written = try files.map { file in
      let account = file.account.map { ": \($0)" } ?? ""
      guard present[file.name] != file.text else { return "\(file.name) is as it should be" }
      let path = folder / file.name
      do {
        let isNew = !Files.exists(path)
        try Files.makeFolder(path.parent)
        try Files.write(file.text, to: path)
        if isNew { made.append(path) }
      } catch {
        for path in made { try? Files.remove(path) }
        throw obstacle(to: file.name).map { Complaint.inTheWay(of: file.name, $0) }
          ?? Complaint.cannotWrite(file.name, error)
      }
      return "wrote \(file.name)\(account)"
    }
    return kept + written
  }

  /// What stands where a folder of the file's would have to be; nil where nothing does.
  private func obstacle(to name: String) -> String? {
    var above = Path(name).parent
    while above.text != ".", above.text != "..", above != above.parent {
      let path = folder / above.text
      if let target = Files.target(ofLink: path), !Files.isFolder(path) {
        return "\(above) is a link to \(target), which is no folder"
      }
      if Files.exists(path), !Files.isFolder(path) { return "\(above) is a file, not a folder" }
      above = above.parent
    }
    return nil
  }

  private func text(of file: File) -> String? {
    Files.isFile(folder / file.name) ? try? Files.text(of: folder / file.name) : nil
  }
}

extension Complaint {
  fileprivate static func inTheWay(_ names: [String]) -> Complaint {
    let shown = names.prefix(10).joined(separator: ", ")
    let more = names.count > 10 ? " and \(names.count - 10) more" : ""
    return Complaint(
      "files-exist",
      "\(shown)\(more) \(names.count == 1 ? "is" : "are") there already, and nothing was written",
      fix: "move what you want to keep; `--force` overwrites", outcome: .usage)
  }

  fileprivate static func inTheWay(of name: String, _ obstacle: String) -> Complaint {
    Complaint(
      "cannot-write", at: name, "the file cannot be written: \(obstacle)", fix: "move it away")
  }

  fileprivate static func cannotWrite(_ name: String, _ error: any Error) -> Complaint {
    let number = (error as? PlatformError)?.number
    return Complaint(
      "cannot-write", at: name,
      "the file cannot be written: "
        + (number.map(PlatformError.text(of:)) ?? (error as? PlatformError)?.message ?? "\(error)"),
      fix: "make its folder one that you may write to")
  }
}
