import Databases

/// The name of a fixture without its ending: a revision, or what begins with one.
struct FixtureName {
  enum Match: Equatable {
    case one(String)
    case none(near: String?)
    case several([String])
  }

  let text: String

  init(_ text: String) { self.text = text }

  /// The revision that is meant: the one of this name; else the longest that the name begins with,
  /// followed by `_`; else the only one that begins with the name, or with its part before a `_`.
  func revision(among revisions: [String]) -> Match {
    if revisions.contains(text) { return .one(text) }
    let whole = revisions.filter { text.hasPrefix("\($0)_") }.max { $0.count < $1.count }
    if let whole { return .one(whole) }
    for beginning in [text[...], text.prefix { $0 != "_" }]
    where beginning.count >= FixtureFolder.shortestPrefix {
      let found = revisions.filter { $0.hasPrefix(beginning) }.sorted()
      if found.count == 1 { return .one(found[0]) }
      if found.count > 1 { return .several(found) }
    }
    let near =
      Spelling.nearest(to: text, among: revisions)
      ?? Spelling.nearest(to: String(text.prefix { $0 != "_" }), among: revisions)
    return .none(near: near)
  }
}

extension FixtureProblem {
  static func unknown(_ stem: String, near: String?, at place: SourcePlace) -> FixtureProblem {
    if let beginning = ["expect", "rows"].first(where: { stem.hasSuffix(".\($0)") }) {
      return FixtureProblem(
        .form, at: place, message: "\(beginning): is said in YAML, JSON or CSV",
        fix: "write <revision>.yml with \(beginning): in it")
    }
    if stem.hasSuffix(".before") {
      return FixtureProblem(
        .form, at: place, message: "an engine's name stands before .before.sql",
        fix: "write <revision>.sqlite.before.sql or <revision>.postgresql.before.sql")
    }
    return FixtureProblem(
      .unknownRevision, at: place, message: "there is no revision \(stem)",
      fix: near.map { "did you mean \($0)?" }
        ?? "name the fixture after a revision of this project, or move it out of the folder")
  }

  static func ambiguous(
    _ stem: String, _ found: [String], at place: SourcePlace
  ) -> FixtureProblem {
    let shown = found.prefix(5).joined(separator: ", ")
    return FixtureProblem(
      .ambiguousRevision, at: place,
      message: "\(stem) begins \(found.count) revisions: \(shown)\(found.count > 5 ? ", …" : "")",
      fix: "write the whole revision")
  }
}
