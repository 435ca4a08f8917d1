package import Walks

extension Fault {
  /// What keeps a project from being read or run, as the reason why something was not judged.
  package init(_ error: ProjectError) {
    let (file, line) = Self.parts(of: error.place)
    self.init(
      Code(rawValue: error.code.rawValue), message: error.message, output: error.output ?? "",
      fix: error.fix, file: file, line: line)
  }

  /// Takes `path:line` apart; the line may be missing.
  private static func parts(of place: String?) -> (file: String?, line: Int?) {
    guard let place, let colon = place.lastIndex(of: ":"),
      let line = Int(place[place.index(after: colon)...])
    else { return (place, nil) }
    return (String(place[..<colon]), line)
  }
}
