import Databases
import Platform

/// A file or folder whose name says which revision and engine it is for and how it is to be read.
struct FixtureFile: Hashable {
  enum Form: Hashable {
    case yaml, json, folder
    case script(FixtureSection)
  }

  let path: Path
  /// What names the revision: the name without its ending and its engine.
  let stem: String
  /// The only engine that it is for; nil for all.
  let engine: Engine?
  let form: Form

  private static let endings: [(String, Form)] = [
    (".yml", .yaml), (".yaml", .yaml), (".json", .json), (".before.sql", .script(.before)),
    (".sql", .script(.rows)),
  ]

  /// Nil for a file whose ending is no fixture's.
  init?(_ path: Path) {
    self.path = path
    let name: Substring
    if let (ending, form) = Self.endings.first(where: { path.name.hasSuffix($0.0) }) {
      name = path.name.dropLast(ending.count)
      self.form = form
    } else if Files.isFolder(path) {
      name = path.name[...]
      form = .folder
    } else {
      return nil
    }
    engine = Engine.allCases.first { name.hasSuffix(".\($0.rawValue)") }
    stem = String(name.dropLast(engine.map { $0.rawValue.count + 1 } ?? 0))
  }

  /// What lies among fixtures and is none: hidden files, what editors and Python leave, a README.
  static func isIgnored(_ name: String) -> Bool {
    name.hasPrefix(".") || name.hasPrefix("__") || name.hasSuffix("~")
      || name.uppercased().hasPrefix("README")
  }
}
