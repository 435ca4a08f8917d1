package import Databases
import Platform

extension AlembicProject {
  /// The databases that the project's own settings lead to: what stands in its ini file, in `.env` and
  /// `.flaskenv`, in the process's variables, and as a text in env.py. What its code puts together is not
  /// among them.
  package var namedDatabases: [DatabaseAddress] {
    let folder = settings.folder
    var files = [".env", ".flaskenv"].map { folder / $0 }
    if let ini = layout.ini { files.append(ini) }
    if let toml = layout.toml { files.append(toml) }
    let lines = files.compactMap { try? Files.text(of: $0) }
      .flatMap { $0.split(whereSeparator: \.isNewline) }
    let values = lines.compactMap { line in
      line.firstIndex(of: "=").map { String(line[line.index(after: $0)...]) }
    }
    return (values + workerEnvironment.values + texts(ofEnvironmentBeside: lines))
      .compactMap { Self.address(in: $0, folder: folder) }
  }

  /// What stands between quotation marks in env.py, where the settings' lines or custom say that it is.
  private func texts(ofEnvironmentBeside lines: [Substring]) -> [String] {
    guard let here = layout.folder else { return [] }
    let named = lines.filter { $0.hasPrefix("script_location") }.compactMap { line in
      line.firstIndex(of: "=").map {
        line[line.index(after: $0)...].filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
          .replacing("%(here)s/", with: "")
      }
    }
    let places = Set([".", "migrations", "alembic"] + named).flatMap { place in
      [here, settings.folder].map { $0 / place / "env.py" }
    }
    return Set(places).compactMap { try? Files.text(of: $0) }.flatMap { text in
      text.split { $0 == "\"" || $0 == "'" }.map(String.init).filter { $0.contains("://") }
    }
  }

  private static func address(in value: String, folder: Path) -> DatabaseAddress? {
    let text = value.filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
      .replacing("%%", with: "%")
    guard let scheme = text.firstRange(of: "://").map({ text[..<$0.lowerBound].lowercased() })
    else { return nil }
    switch scheme.prefix(while: { $0 != "+" }) {
    case "postgres", "postgresql":
      return (try? PostgresAddress(url: text)).map { .postgresql($0) }
    case "sqlite":
      // Three slashes before a path from the project's folder, four before one from the root.
      let path = text.dropFirst(scheme.count + 4)
      return path.isEmpty ? nil : .sqlite(path: (folder / String(path)).text)
    default: return nil
    }
  }
}
