package import Databases
package import Platform

/// The fixtures of a project, found by the names of its revisions.
///
/// `<revision>.yml`, `.yaml`, `.json`, `.sql`, `.before.sql`, or a folder `<revision>` with one CSV a
/// table. The name may go on after the revision (`0001_users.yml`), and may be the beginning of one
/// revision alone, of at least four characters. The engine's name between it and the ending
/// (`0001.sqlite.yml`) makes a file that engine's alone. Several files for one revision are read one after the
/// other. docs/fixtures.md describes their form.
package struct FixtureFolder: Sendable {
  /// The beginning of a revision that may stand for it; less is more likely a slip.
  static let shortestPrefix = 4

  /// Names that are no revision's, or not of one alone; and a folder that cannot be listed.
  package let problems: [FixtureProblem]
  private let project: Path
  private let files: [String: [FixtureFile]]

  /// Lists the folder; one that is not there holds no fixtures. No file is opened.
  /// - Parameters:
  ///   - project: what the places in problems and rows are shown relative to.
  ///   - revisions: all that the project's history holds.
  package init(_ path: Path, shownRelativeTo project: Path, revisions: [String]) {
    self.project = project
    let shown = path.relative(to: project).text
    var problems: [FixtureProblem] = []
    var files: [String: [FixtureFile]] = [:]
    do {
      let names = Files.exists(path) ? try Files.names(in: path) : []
      for name in names where !FixtureFile.isIgnored(name) {
        let place = SourcePlace(file: "\(shown)/\(name)", line: 1)
        guard let file = FixtureFile(path / name) else {
          problems += Self.problem(ofEnding: name, at: place, revisions)
          continue
        }
        switch FixtureName(file.stem).revision(among: revisions) {
        case .one(let revision): files[revision, default: []].append(file)
        case .none(let near): problems.append(.unknown(file.stem, near: near, at: place))
        case .several(let found): problems.append(.ambiguous(file.stem, found, at: place))
        }
      }
    } catch {
      let reason = (error as? PlatformError)?.number.map(PlatformError.text(of:)) ?? "\(error)"
      problems.append(
        FixtureProblem(
          .unreadableFile, at: SourcePlace(file: shown, line: 1),
          message: "the fixtures' folder cannot be listed: \(reason)",
          fix: "name a folder that this user can read as fixtures: in stairway.yml"))
    }
    self.problems = problems
    self.files = files
  }

  /// The revision that a name in the folder is for; nil where it is none's, or not one's alone.
  ///
  /// - Parameter revisions: all that the project's history holds.
  package static func revision(ofFileNamed name: String, among revisions: [String]) -> String? {
    guard
      case .one(let revision) = FixtureName(String(name.prefix { $0 != "." }))
        .revision(among: revisions)
    else { return nil }
    return revision
  }

  /// The revisions that have a fixture, sorted.
  package var revisions: [String] { files.keys.sorted() }

  /// Reads what is there for the revision on that engine, now; nil where there is nothing. What cannot
  /// be used is among the fixture's problems.
  package func fixture(of revision: String, on engine: Engine) -> Fixture? {
    let files = (files[revision] ?? []).filter { $0.engine.map { $0 == engine } ?? true }
    guard !files.isEmpty else { return nil }
    var reader = FixtureReader(revision: revision, shownRelativeTo: project)
    for file in files { reader.read(file) }
    var fixture = reader.fixture
    fixture.problems = fixture.problems.condensed
    return fixture
  }

  /// A file that names a revision and cannot be read as a fixture; others are none of ours.
  private static func problem(
    ofEnding name: String, at place: SourcePlace, _ revisions: [String]
  ) -> [FixtureProblem] {
    let stem = String(name.prefix { $0 != "." })
    guard case .one = FixtureName(stem).revision(among: revisions) else { return [] }
    let isCSV = name.hasSuffix(".csv")
    return [
      FixtureProblem(
        .form, at: place,
        message: "a fixture ends in .yml, .yaml, .json or .sql, or is a folder of CSV files",
        fix: isCSV ? "move it to \(stem)/<table>.csv" : "rename it, or move it out of the folder")
    ]
  }
}
