import History
import Platform

/// Looks beside a project's revisions for the files of those that are gone: moved to where the tool does
/// not look.
struct LeftFiles {
  /// The project's.
  let folder: Path

  /// How far below the folder above the revisions' own, and into how many.
  private static let depth = 3
  private static let limit = 1_000

  /// Where a file lies now under the same name with the same text, relative to the project's folder; nil
  /// where it does not.
  func place(of file: String, holding text: [UInt8]) -> String? {
    let name = Path(file).name
    var level = [Path(file).parent.parent]
    var count = 0
    for _ in 0...Self.depth {
      var below: [Path] = []
      for place in level where count < Self.limit {
        count += 1
        let names = (try? Files.names(in: folder / place.text)) ?? []
        if names.contains(name), let found = try? Files.bytes(of: folder / (place / name).text),
          RevisionFile.isSameText(found, text)
        {
          return (place / name).relative(to: ".").text
        }
        below += names.filter { !$0.hasPrefix(".") }.map { place / $0 }
          .filter { Files.isFolder(folder / $0.text) }
      }
      level = below
    }
    return nil
  }
}
