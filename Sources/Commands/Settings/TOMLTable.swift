import Formats
import Platform

/// Reads `[tool.stairway]` through a Python, whose library has the TOML parser that is right.
enum TOMLTable {
  /// The script that Python is given, with the file's path as its argument: it prints the table as
  /// JSON in which every value names its sort (`t` text, `l` list, `m` mapping), and ends with 3
  /// where it knows no TOML parser, with 4 where the file is not TOML.
  static let script = """
    import json, sys
    try:
        import tomllib
    except ImportError:
        try:
            import tomli as tomllib
        except ImportError:
            try:
                from pip._vendor import tomli as tomllib
            except ImportError:
                sys.exit(3)
    def sort(value):
        if isinstance(value, dict):
            return {"m": [{"key": k, "value": sort(v)} for k, v in value.items()]}
        if isinstance(value, list):
            return {"l": [sort(v) for v in value]}
        if isinstance(value, bool):
            return {"t": "true" if value else "false"}
        return {"t": str(value)}
    try:
        with open(sys.argv[1], "rb") as file:
            table = tomllib.load(file).get("tool", {}).get("stairway")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        print(error)
        sys.exit(4)
    print(json.dumps(None if table is None else sort(table)))
    """

  /// Reads what the script printed.
  ///
  /// - Parameters:
  ///   - status: the script's exit status.
  ///   - output: what it printed.
  ///   - text: the file's text, in which the lines of keys are looked up.
  /// - Throws: `SettingsError`.
  static func node(status: Int32, output: String, text: String) throws -> SettingNode? {
    let file = "pyproject.toml"
    switch status {
    case 0:
      guard let table = try? JSONText.decode(Sorted?.self, from: output, name: file) else {
        return nil
      }
      return table.node(in: TOMLLines(text), file: file, under: [])
    case 3:
      throw SettingsError(
        .noTOMLReader, at: file,
        "[tool.stairway] cannot be read: the project's Python has neither tomllib (3.11 and later) nor tomli",
        fix: "python -m pip install tomli, or write the settings into stairway.yml")
    case 4:
      // Like `Invalid value (at line 3, column 9)`.
      let said = output.trimmed
      let line = said.firstRange(of: "(at line ").flatMap {
        Int(said[$0.upperBound...].prefix(while: \.isNumber))
      }
      throw SettingsError(
        .unreadableSettings, at: line.map { "\(file):\($0)" } ?? file, "not valid TOML: " + said,
        fix: "correct the file there")
    default:
      throw SettingsError(
        .noTOMLReader, at: file,
        "[tool.stairway] cannot be read: the Python that was to read it ended with status \(status)",
        fix: "write the settings into stairway.yml")
    }
  }

  private struct Sorted: Decodable {
    struct Member: Decodable {
      let key: String
      let value: Sorted
    }

    let t: String?
    let l: [Sorted]?
    let m: [Member]?

    func node(in lines: TOMLLines, file: String, under path: [String]) -> SettingNode {
      let place = lines.line(of: path).map { "\(file):\($0)" } ?? file
      if let m {
        let entries = m.map { member in
          let inner = path + [member.key]
          return SettingNode.Entry(
            key: member.key, place: lines.line(of: inner).map { "\(file):\($0)" } ?? file,
            value: member.value.node(in: lines, file: file, under: inner))
        }
        return SettingNode(.map(entries), at: place)
      }
      if let l {
        return SettingNode(.list(l.map { $0.node(in: lines, file: file, under: path) }), at: place)
      }
      return SettingNode(.text(t ?? ""), at: place)
    }
  }
}

/// Finds the lines of `pyproject.toml` on which Stairway's keys stand; parsers do not tell them.
private struct TOMLLines {
  /// Each line of the tables of Stairway: the path of its table, its key, its number.
  private var keys: [(path: [String], line: Int)] = []

  init(_ text: String) {
    var table: [String]?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let line = String(line).trimmed
      if line.hasPrefix("[") {
        let name = line.drop { $0 == "[" }.prefix { $0 != "]" }
        let parts = Self.parts(name)
        table = parts.starts(with: ["tool", "stairway"]) ? Array(parts.dropFirst(2)) : nil
        if let table { keys.append((table, index + 1)) }
      } else if let table, !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") {
        keys.append((table + Self.parts(line[..<equals]), index + 1))
      }
    }
  }

  /// The line of the key, or of what holds it.
  func line(of path: [String]) -> Int? {
    for length in stride(from: path.count, through: 0, by: -1) {
      if let key = keys.first(where: { $0.path == Array(path.prefix(length)) }) { return key.line }
    }
    return keys.first?.line
  }

  private static func parts(_ name: Substring) -> [String] {
    name.split(separator: ".").map {
      String($0).trimmed.filter { $0 != "\"" && $0 != "'" }
    }
  }
}
