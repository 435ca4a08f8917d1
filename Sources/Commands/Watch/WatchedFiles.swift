import Platform

/// What the watched files hold at one moment.
struct WatchedFiles: Sendable, Hashable {
  private struct Content: Sendable, Hashable {
    let mark: FileMark
    /// Of the bytes, by this process's own hash.
    let hash: Int
  }

  private var contents: [Path: Content] = [:]

  /// Reads them; of a file that nobody wrote to since, what is known stays.
  ///
  /// - Parameter known: those of a moment before.
  init(_ places: WatchedPlaces, known: WatchedFiles? = nil) {
    for root in places.roots { read(root, places, known) }
  }

  private mutating func read(_ folder: Path, _ places: WatchedPlaces, _ known: WatchedFiles?) {
    for name in (try? Files.names(in: folder)) ?? [] {
      let path = folder / name
      if Files.isFolder(path) {
        if Files.target(ofLink: path) == nil, WatchedPlaces.enters(path) {
          read(path, places, known)
        }
      } else if places.kind(of: path) != nil, let mark = FileMark(path) {
        if let before = known?.contents[path], before.mark == mark {
          contents[path] = before
        } else if let bytes = try? Files.bytes(of: path, upTo: Self.limit) {
          contents[path] = Content(mark: mark, hash: bytes.hashValue)
        }
      }
    }
  }

  /// These, and of the files that only other places name what they hold now.
  ///
  /// - Parameters:
  ///   - places: those that these were read by.
  ///   - others: where the history's files are known to lie by now.
  func completed(_ places: WatchedPlaces, by others: WatchedPlaces) -> WatchedFiles {
    var all = WatchedFiles(others, known: self)
    for path in all.contents.keys where places.kind(of: path) != nil {
      all.contents[path] = contents[path]
    }
    for (path, content) in contents where all.contents[path] == nil {
      if others.kind(of: path) != nil { all.contents[path] = content }
    }
    return all
  }

  /// As much of a file as is compared; its size counts in any case.
  private static let limit = 16 << 20

  /// The files that hold something else here than there, or are only in one of them; sorted.
  func changes(since before: WatchedFiles) -> [Path] {
    Set(contents.keys).union(before.contents.keys).filter { path in
      let (now, then) = (contents[path], before.contents[path])
      return now?.hash != then?.hash || now?.mark.size != then?.mark.size
    }.sorted()
  }
}
