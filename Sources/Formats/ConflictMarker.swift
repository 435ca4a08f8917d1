/// The lines that git writes around both sides of a merge that it could not make.
package enum ConflictMarker {
  /// The first of them, 1-based; nil where there is none.
  package static func line(in text: String) -> Int? {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .firstIndex { line in
        ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].contains { line.hasPrefix($0) }
      }.map { $0 + 1 }
  }
}
