import Databases
import History

extension Examination {
  /// For reading: what was found, what is missing, and what the tools' own errors mean.
  var text: String {
    let sections = [found, problems.map(\.text).joined(separator: "\n"), ClassicError.text]
    return sections.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var found: String {
    var table = Table()
    table.add("project", project)
    if let historyFile {
      let tool = isFlaskMigrate ? "Flask-Migrate" : "Alembic"
      table.add("history", "\(tool), by \(historyFile)" + (history.map { ": \($0.words)" } ?? ""))
    } else if let history {
      table.add("history", history.words)
    }
    table.add("settings", settingsFile ?? "no settings file; `stairway init` writes one")
    for passed in settingsPassedOver {
      table.add("", "\(passed) has settings too, which do not hold: move them, or this file, away")
    }
    for setting in settings {
      table.add("", "\(setting.key): \(setting.value)  (\(setting.place))")
    }
    if let python {
      table.add("python", "\(python.version), \(python.path), \(python.origin)")
      let packages = python.packages.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      table.add("", packages.joined(separator: ", "))
    }
    for engine in engines { table.add(engine.engine.rawValue, engine.words) }
    table.add("git", git)
    return table.text
  }
}

extension Examination.History {
  fileprivate var words: String {
    let names = heads.map(\.text).joined(separator: ", ")
    return "\(revisions) revision\(revisions == 1 ? "" : "s"), "
      + "head\(heads.count == 1 ? "" : "s") \(names)"
  }
}

extension Examination.ExaminedEngine {
  fileprivate var words: String {
    if let leftOut { return "left out: \(leftOut)" }
    guard let version else { return "cannot be had, see below" }
    let place = "\(version), \(scratch ?? "")"
    guard let driver = environment["driver"] else {
      return "\(place); env.py cannot be loaded, see below"
    }
    return "\(place); env.py is loaded with \(driver)"
  }
}

/// Lines of a name and what is said of it.
private struct Table {
  private(set) var text = ""

  mutating func add(_ name: String, _ words: String) {
    guard !words.isEmpty else { return }
    let blanks = String(repeating: " ", count: max(12 - name.count, 1))
    text += "\(name)\(blanks)\(words)\n"
  }
}
