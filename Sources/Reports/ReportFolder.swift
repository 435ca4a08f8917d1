package import Databases
import Formats
package import History
package import Platform
import Walks
private import Synchronization

/// Where a run's reports go, whole or not at all.
///
/// Everything is written into a folder beside, within the report folder, and renamed into place when
/// all of it is there. The verdict of the run before is taken away as soon as one begins, so that
/// nobody reads it for this one's, however this one ends.
package final class ReportFolder: Sendable {
  /// The report folder itself.
  package let path: Path
  private let staging: Path
  /// Held as long as this process writes, so that the next run can tell what a killed one left.
  private let lock: Mutex<FolderLock?>

  /// Makes the folder where it is not there, and begins to write: called before the run, so that
  /// nobody waits for a run whose reports cannot be kept.
  ///
  /// - Throws: `ReportError` where nothing can be written there.
  package init(_ path: Path) throws {
    self.path = path
    let (staging, lock) = try Self.writing(to: path) {
      try Files.makeFolder(path)
      try Self.sweep(path)
      try Self.removeVerdict(in: path)
      let made = try FolderLock.makingFolder(in: path, prefix: Self.stagingPrefix)
      try Files.setMode(0o755, of: made.0)
      return made
    }
    self.staging = staging
    self.lock = Mutex(lock)
  }

  deinit { try? Files.removeTree(staging) }

  /// Takes the verdict of an earlier run away; called where one cannot even begin. What others keep
  /// there under these names stays.
  ///
  /// - Throws: `ReportError`.
  package static func withdraw(from path: Path) throws {
    try writing(to: path) { try removeVerdict(in: path) }
  }

  private static func removeVerdict(in path: Path) throws {
    for report in ReportFile.allCases {
      let file = path / report.rawValue
      guard Files.isFile(file) else { continue }
      let beginning = String(decoding: try Files.bytes(of: file, upTo: 400), as: UTF8.self)
      if report.isOurs(beginning) { try Files.remove(file) }
    }
  }

  /// Removes what runs that were killed have left.
  private static func sweep(_ path: Path) throws {
    for name in try Files.names(in: path) where name.hasPrefix(stagingPrefix + "-") {
      let folder = path / name
      guard let lock = try? FolderLock(folder) else { continue }
      try Files.removeTree(folder)
      lock.release()
    }
  }

  /// Keeps a snapshot as `snapshots/<engine>/<revision>.json`; may be called from several threads,
  /// for different engines or revisions.
  ///
  /// - Throws: `ReportError`.
  package func keep(snapshot json: String, engine: Engine, revision: RevisionID) throws {
    try Self.writing(to: path) {
      let folder = staging / Self.snapshots / engine.rawValue
      try Files.makeFolder(folder)
      try Files.write(
        Redaction.applied(to: json), to: folder / Self.snapshotFileName(of: revision))
    }
  }

  /// The name of a revision's snapshot in the folder of its engine.
  package static func snapshotFileName(of revision: RevisionID) -> String {
    "\(fileName(of: revision)).json"
  }

  /// Writes every form of the report and puts them in the place of older ones, with the snapshots that
  /// were kept; called once.
  ///
  /// - Throws: `ReportError`, and `FormatError` where libxml2 has no memory.
  package func publish(_ report: Report, as form: ReportForm) throws {
    // What code hosts read is about files, of which a rehearsal on a copy says too little.
    let files =
      report.record.rehearsal == nil
      ? ReportFile.allCases : [.report, .junit, .summary, .page]
    let texts = try files.map { ($0.rawValue, try $0.text(of: report, as: form)) }
    try Self.writing(to: path) {
      for (name, text) in texts { try Files.write(text, to: staging / name) }
      for engine in Engine.allCases { try replaceSnapshots(of: engine) }
      for (name, _) in texts { try Files.move(staging / name, to: path / name) }
      try Files.removeTree(staging)
    }
  }

  /// Puts the new snapshots in the place of the old ones; whatever else lies beside them stays.
  private func replaceSnapshots(of engine: Engine) throws {
    let folder = path / Self.snapshots / engine.rawValue
    let made = staging / Self.snapshots / engine.rawValue
    if Files.isFolder(folder) {
      for name in try Files.names(in: folder) where name.hasSuffix(".json") {
        try Files.removeTree(folder / name)
      }
    }
    guard Files.isFolder(made) else { return }
    try Files.makeFolder(folder)
    for name in try Files.names(in: made) { try Files.move(made / name, to: folder / name) }
  }

  private static let snapshots = "snapshots"
  private static let stagingPrefix = ".stairway"

  /// A revision's id as a file's name: what could be a path or hide the file is written as `%2F`.
  static func fileName(of revision: RevisionID) -> String {
    let name = PercentEncoding.encoded(revision.text.utf8.prefix(200), keeping: "_-.")
    return name.hasPrefix(".")
      ? PercentEncoding.encoded(".".utf8, keeping: "") + name.dropFirst() : name
  }

  private static func writing<Value>(to path: Path, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as PlatformError {
      let isFile = error.code == .alreadyExists
      let fix =
        switch error.code {
        case .diskFull: "make room there, or name another folder with `--report-dir DIR`"
        case .alreadyExists: "remove the file, or name a folder with `--report-dir DIR`"
        default: "name a folder that you may write to with `--report-dir DIR`"
        }
      throw ReportError(
        .cannotWriteReports,
        "the reports cannot be written: \(isFile ? "\(path) is a file" : error.message)", fix: fix)
    }
  }
}
