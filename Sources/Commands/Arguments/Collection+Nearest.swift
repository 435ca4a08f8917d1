import Databases

extension Collection<String> {
  /// The name that a reader most likely meant by `typed`.
  func nearest(to typed: String) -> String? { Spelling.nearest(to: typed, among: self) }
}
