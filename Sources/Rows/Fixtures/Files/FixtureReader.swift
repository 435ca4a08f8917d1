import Databases
import Formats
import Platform
import Schemas

/// Reads the files of one revision into its fixture; what cannot be read becomes a problem of it.
struct FixtureReader {
  /// More is refused before it is read: a parsed file takes twenty times its size of memory, and
  /// rows that show whether a migration works are few.
  static let sizeLimit = 16 << 20

  /// What the places of files are shown relative to.
  let project: Path
  private(set) var fixture: Fixture

  init(revision: String, shownRelativeTo project: Path) {
    self.project = project
    fixture = Fixture(revision: revision)
  }

  mutating func read(_ file: FixtureFile) {
    switch file.form {
    case .yaml: readSections(of: file.path) { FixtureNode(try YAMLDocument.parse($0, name: $1)) }
    case .json: readSections(of: file.path) { FixtureNode(try JSONDocument.parse($0, name: $1)) }
    case .script(let section): readScript(file.path, section)
    case .folder: readFolder(file.path)
    }
  }

  private mutating func readSections(
    of path: Path, parse: (_ text: String, _ name: String) throws -> FixtureNode
  ) {
    let file = shown(path)
    guard let text = text(of: path, writing: "rows: and a table below it") else { return }
    do {
      var sections = FixtureSections(file: file)
      sections.read(try parse(text, file))
      for (section, row) in sections.rows { fixture.add(row, to: section) }
      fixture.problems += sections.problems
    } catch let error as FormatError {
      fixture.problems.append(FixtureProblem(error, file: file))
    } catch {
      fixture.problems.append(unreadable(file, "\(error)"))
    }
  }

  private mutating func readScript(_ path: Path, _ section: FixtureSection) {
    let file = shown(path)
    guard let text = text(of: path, writing: "INSERT statements") else { return }
    if let end = text.unicodeScalars.firstIndex(of: "\0") {
      let line = text.unicodeScalars[..<end].count { $0 == "\n" } + 1
      fixture.problems.append(
        FixtureProblem(
          .syntax, at: SourcePlace(file: file, line: line),
          message: "the script holds the character U+0000, at which both engines end it",
          fix: "remove the character"))
      return
    }
    let script = FixtureScript(text: text, file: file)
    if section == .before {
      fixture.beforeScripts.append(script)
    } else {
      fixture.scripts.append(script)
    }
  }

  private mutating func readFolder(_ folder: Path) {
    let file = shown(folder)
    let names: [String]
    do {
      names = try Files.names(in: folder).filter { !FixtureFile.isIgnored($0) }
    } catch {
      fixture.problems.append(unreadable(file, Self.reason(error)))
      return
    }
    if names.isEmpty {
      fixture.problems.append(empty(file, "the folder holds no CSV file", "<table>.csv into it"))
    }
    for name in names { readTable(folder / name) }
  }

  private mutating func readTable(_ path: Path) {
    let file = shown(path)
    guard path.name.hasSuffix(".csv") else {
      fixture.problems.append(
        FixtureProblem(
          .form, at: SourcePlace(file: file, line: 1),
          message: "a fixture's folder holds CSV files, and this is none",
          fix: "name it <table>.csv, or move it out of the folder"))
      return
    }
    guard let text = text(of: path, writing: "a line with the columns' names") else { return }
    do {
      var table = CSVTable(file: file, stem: String(path.name.dropLast(4)))
      table.read(try CSVDocument.records(of: text, name: file))
      for row in table.rows { fixture.add(row, to: table.section) }
      fixture.problems += table.problems
    } catch let error as FormatError {
      fixture.problems.append(FixtureProblem(error, file: file))
    } catch {
      fixture.problems.append(unreadable(file, "\(error)"))
    }
  }

  private func shown(_ path: Path) -> String { path.relative(to: project).text }

  /// The file's text; nil, and a problem, where there is none to use.
  private mutating func text(of path: Path, writing hint: String) -> String? {
    let file = shown(path)
    fixture.files.append(file)
    do {
      guard !Files.isFolder(path) else {
        fixture.problems.append(
          FixtureProblem(
            .unreadableFile, at: SourcePlace(file: file, line: 1),
            message: "this is a folder, and its name is a file's",
            fix: "give the folder the revision's name alone, with one CSV a table in it"))
        return nil
      }
      let size = Files.size(of: path) ?? 0
      guard size <= Self.sizeLimit else { return tooLarge(file, size: size) }
      // A pipe or a device would be waited for.
      guard Files.isFile(path) || Files.size(of: path) == nil else {
        fixture.problems.append(unreadable(file, "it is no regular file"))
        return nil
      }
      let bytes = try Files.bytes(of: path, upTo: Self.sizeLimit + 1)
      guard bytes.count <= Self.sizeLimit else { return tooLarge(file, size: bytes.count) }
      let text = try UTF8Text.decode(bytes, name: file)
      guard !text.allSatisfy(\.isWhitespace) else {
        fixture.problems.append(empty(file, "the file is empty", hint))
        return nil
      }
      return text
    } catch let error as FormatError {
      fixture.problems.append(FixtureProblem(error, file: file))
    } catch {
      fixture.problems.append(unreadable(file, Self.reason(error)))
    }
    return nil
  }

  private mutating func tooLarge(_ file: String, size: Int) -> String? {
    fixture.problems.append(
      FixtureProblem(
        .tooLarge, at: SourcePlace(file: file, line: 1),
        message: "the file has \(size >> 20) MiB, and a fixture at most \(Self.sizeLimit >> 20)",
        fix: "keep the few rows that matter to the migration"))
    return nil
  }

  private func empty(_ file: String, _ message: String, _ hint: String) -> FixtureProblem {
    FixtureProblem(
      .form, at: SourcePlace(file: file, line: 1), message: message,
      fix: "write \(hint), or remove it")
  }

  private func unreadable(_ file: String, _ reason: String) -> FixtureProblem {
    FixtureProblem(
      .unreadableFile, at: SourcePlace(file: file, line: 1), message: "cannot be read: \(reason)",
      fix: "make it a file that this user can read")
  }

  /// The system's own words, without the path, which the place names.
  private static func reason(_ error: any Error) -> String {
    (error as? PlatformError)?.number.map(PlatformError.text(of:)) ?? "\(error)"
  }
}
