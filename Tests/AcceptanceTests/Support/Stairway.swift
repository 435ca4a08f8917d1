import FoundationEssentials
import Platform
import Testing

/// The built binary, run as its users run it.
struct Stairway {
  /// What came of one run.
  struct Answer {
    let status: Int32?
    let output: String
    let errors: String
    /// Folders of this run's that are still there.
    let leftovers: [String]

    /// Whether one of the streams holds the words.
    func says(_ words: String) -> Bool { output.contains(words) || errors.contains(words) }
  }

  /// The folder that it starts in.
  let folder: Path
  /// Variables beside or instead of this process's own; nil takes one away.
  var environment: [String: String?] = [:]

  /// The package's folder.
  static let root = Path(#filePath).parent.parent.parent.parent

  /// What a run writes into its report folder, beside the snapshots.
  static let reportFiles = [
    "gl-code-quality-report.json", "junit.xml", "report.html", "report.json", "report.sarif",
    "summary.md",
  ]

  /// Beside the test bundle, where the build puts both.
  static let binary: Path = {
    let beside = Path(CommandLine.arguments[0]).parent / "stairway"
    return Files.isFile(beside) ? beside : root / ".build/debug/stairway"
  }()

  /// The Python of the tests, which has Alembic and every driver.
  static func python() throws -> Path {
    let named = ProcessInfo.processInfo.environment["STAIRWAY_TEST_PYTHON"]
    let path = named.map { Path($0) } ?? root / ".python/bin/python"
    try #require(Files.exists(path), "there is no \(path): run ci/setup first")
    return path
  }

  /// Runs it to its end.
  func run(_ arguments: String...) throws -> Answer { try run(arguments) }

  func run(_ arguments: [String]) throws -> Answer {
    try start(arguments).finish()
  }

  /// Starts it and lets the test go on.
  ///
  /// - Parameter isWhole: whether the arguments name the program themselves.
  func start(
    _ arguments: [String], through wrapper: [String] = [], isWhole: Bool = false
  ) throws -> Running {
    try Running(
      command: wrapper + (isWhole ? [] : [Self.binary.text]) + arguments, folder: folder,
      environment: surroundings)
  }

  /// This process's variables without those that would change what a run does.
  private var surroundings: [String: String] {
    var variables = ProcessInfo.processInfo.environment.filter { name, _ in
      !name.hasPrefix("STAIRWAY_") && !name.hasPrefix("PG") && name != "DATABASE_URL"
        && name != "VIRTUAL_ENV" && name != "FLASK_APP"
    }
    for (name, value) in environment { variables[name] = value }
    return variables
  }
}

/// A run that has been started.
final class Running {
  let child: ChildProcess
  private let outputFile: Path
  private let errorFile: Path
  private let files: TestFolder
  private let folder: Path

  init(command: [String], folder: Path, environment: [String: String]) throws {
    self.folder = folder
    files = try TestFolder()
    outputFile = files.path / "output"
    errorFile = files.path / "errors"
    // Files rather than pipes: nobody has to read them for the run to go on.
    let script = "exec \"$@\" >\"$STAIRWAY_TEST_OUTPUT\" 2>\"$STAIRWAY_TEST_ERRORS\""
    var environment = environment
    environment["STAIRWAY_TEST_OUTPUT"] = outputFile.text
    environment["STAIRWAY_TEST_ERRORS"] = errorFile.text
    // Whatever the run starts inherits it, by which it is found again.
    environment[Self.mark] = files.path.text
    child = try ChildProcess(
      Launch(
        "/bin/sh", ["-c", script, "sh"] + command, environment: environment,
        workingDirectory: folder))
  }

  var errors: String { (try? Files.text(of: errorFile)) ?? "" }
  var output: String { (try? Files.text(of: outputFile)) ?? "" }

  /// Waits until the run has written these words so many times, or ended.
  func waitUntilErrorsSay(_ words: String, times: Int = 1) -> Bool {
    let deadline = Clock.system.monotonic() + 120
    func isSaid() -> Bool { errors.ranges(of: words).count >= times }
    while !isSaid() {
      if child.wait(seconds: 0.02) != nil || Clock.system.monotonic() > deadline { break }
    }
    return isSaid()
  }

  /// Waits for its end.
  func finish() throws -> Stairway.Answer {
    let status = child.wait(seconds: 180)
    // The guard of its clusters sees its end as soon as it is scheduled.
    let deadline = Clock.system.monotonic() + 20
    while status != nil, !survivors().isEmpty, Clock.system.monotonic() < deadline {
      _ = child.wait(seconds: 0.02)
    }
    let number: Int32? = if case .exited(let number)? = status { number } else { nil }
    return Stairway.Answer(
      status: number, output: (try? Files.text(of: outputFile)) ?? "", errors: errors,
      leftovers: leftovers() + survivors())
  }

  private static let mark = "LEFT_BY_THE_TEST"

  /// Scratch folders that carry the run's number, and what it has begun to write beside its reports.
  func leftovers() -> [String] {
    func names(in place: Path, beginning prefix: String) -> [String] {
      ((try? Files.names(in: place)) ?? []).filter { $0.hasPrefix(prefix) }
        .map { (place / $0).text }
    }
    return ["/dev/shm", "/tmp", "/var/tmp"].flatMap {
      names(in: Path($0), beginning: "stairway-\(child.id)-")
    } + [folder, folder / "reports"].flatMap { names(in: $0, beginning: ".stairway") }
  }

  /// The processes that it started and that go on when it has ended, as `/proc` has them.
  private func survivors() -> [String] {
    let text = "\(Self.mark)=\(files.path)"
    return ((try? Files.names(in: "/proc")) ?? []).filter { Int($0) != nil }.filter { id in
      ((try? Files.text(of: Path("/proc/\(id)/environ"))) ?? "").split(separator: "\0")
        .contains { $0 == text }
    }.map { "process \($0)" }
  }
}
