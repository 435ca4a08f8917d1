import Formats
import History

/// A `stairway.yml` to begin with: the settings that projects most often want, each behind a `#` with
/// what it means, and those that are known already.
struct StarterSettings {
  /// A setting that is to hold from the beginning.
  struct Known {
    let path: String
    /// Lines of YAML.
    let lines: [String]
    /// Why it holds.
    let because: String
  }

  var known: [Known] = []

  /// Keys of the table with a value that shows their form.
  private static let examples: [(path: String, value: String)] = [
    ("engines", "[sqlite, postgresql]"),
    ("alembic.config", "migrations/alembic.ini"),
    ("alembic.app", "wsgi:app"),
    ("alembic.python", ".venv/bin/python"),
    ("alembic.environment", "{APP_ENV: testing}"),
    ("postgresql.server", "postgresql://user@localhost:5432/postgres"),
    ("fixtures", "stairway/fixtures"),
    ("rows", "typical"),
    ("downgrade-floor", "4cd99ccb2794"),
    ("skip", "{7d0e21c4b9aa: loads a dump that only production has}"),
    ("fail-on", "error"),
    (
      "allow",
      "\n  - {rule: data-dropped, revision: 9f31c02e77ab, because: the column was moved in 2b77}"
    ),
  ]

  var text: String {
    var lines = [
      "# Settings of Stairway. Everything has a default that works; what is to be otherwise stands here,",
      "# without the # at the beginning. docs/configuration.md of Stairway explains every key.",
    ]
    var section = ""
    for (path, value) in Self.examples {
      guard let key = SettingKey.find(path) else { continue }
      if let known = known.first(where: { $0.path == path }) {
        lines += [""] + Self.comment(known.because) + known.lines
        continue
      }
      if key.section != section || key.section.isEmpty { lines.append("") }
      lines += Self.comment(key.meaning) + Self.comment("Default: \(key.standard).")
      if !key.section.isEmpty, key.section != section { lines.append("#\(key.section):") }
      section = key.section
      let example = "\(key.section.isEmpty ? "" : "  ")\(key.name): \(value)"
      lines += example.split(separator: "\n").map { "#" + Self.trimmed($0) }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// Lines that are not too wide to be read.
  private static func comment(_ text: String) -> [String] {
    var lines = ["#"]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].count + 1 + word.count > 98 { lines.append("#") }
      lines[lines.count - 1] += " \(word)"
    }
    return lines
  }

  /// Without blanks at the end.
  private static func trimmed(_ line: Substring) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}

/// What lies in a folder of fixtures that has none yet.
enum FixturesReadme {
  static let text = """
    # Fixtures

    Rows that Stairway's walk finds in this project's tables, one file for a revision: `<revision>.yml`.

    ```yaml
    before:                # written in the state just before the revision
      users:
        - {id: 1, name: Ann Lee}
    rows:                  # written once the revision is applied, and there when it is taken back
      users:
        - {id: 2, name: Bob, active: true}
    expect:                # must be found once the revision is applied: a data migration's result
      users:
        - {id: 1, full_name: Ann Lee}
    ```

    Tables without fixtures are given made-up rows. `docs/fixtures.md` of Stairway describes values, CSV,
    JSON and SQL.

    """
}
