import History
import Walks

extension Revision {
  /// Where its file says its id, so that renderers show the path as they show others; nil without a
  /// file.
  var frame: Frame? { file.isEmpty ? nil : Frame(file: file, line: idLine ?? 1) }
}

extension [String] {
  /// Paths as sentences name them: without their folders, where that tells them apart.
  var shortNames: [String] {
    let names = map { $0.split(separator: "/").last.map(String.init) ?? $0 }
    return Set(names).count == count ? names : self
  }
}
