package import Databases
import Formats
package import History
package import Platform
import Walks
private import Synchronization

/// Where a run's reports go, whole or not at all.
///
/// Everything is written into a folder beside, within the report folder, and renamed into place when
/// all of it is there. What the run before left is taken away as soon as one begins, so that nobody reads
/// it for this one's, however this one ends. What other tools keep there is told by how it begins: it is
/// neither taken away nor replaced, and a run that would have to does not begin.
package final class ReportFolder: Sendable {
  /// The report folder itself.
  package let path: Path
  private let staging: Path
  private let files: [ReportFile]
  /// Held as long as this process writes, so that the next run can tell what a killed one left.
  private let lock: Mutex<FolderLock?>

  /// Makes the folder where it is not there, and begins to write: called before the run, so that
  /// nobody waits for a run whose reports cannot be kept.
  ///
  /// - Parameter isForRehearsal: whether it is a rehearsal's, on which not all files are written.
  /// - Throws: `ReportError` where nothing can be written there, or where a file of another tool's would have
  ///   to be replaced.
  package init(_ path: Path, isForRehearsal: Bool = false) throws {
    self.path = path
    // What code hosts read is about files, of which a rehearsal on a copy says too little.
    let files: [ReportFile] =
      isForRehearsal ? [.report, .junit, .summary, .page] : ReportFile.allCases
    self.files = files
    let (staging, lock) = try Self.writing(to: path) {
      try Files.makeFolder(path)
      try Self.sweep(path)
      try Self.expectNoOthers(among: files.map { path / $0.rawValue })
      try Self.removeOwn(in: path)
      let made = try FolderLock.makingFolder(in: path, prefix: Self.stagingPrefix)
      try Files.setMode(0o755, of: made.0)
      return made
    }
    self.staging = staging
    self.lock = Mutex(lock)
  }

  deinit { try? Files.removeTree(staging) }

  /// Takes away what an earlier run left; called where one cannot even begin. What others keep there under
  /// these names stays.
  ///
  /// - Throws: `ReportError`.
  package static func withdraw(from path: Path) throws {
    try writing(to: path) { try removeOwn(in: path) }
  }

  private static func removeOwn(in path: Path) throws {
    for report in ReportFile.allCases {
      let file = path / report.rawValue
      if try Files.isFile(file) && report.isOurs(beginning(of: file)) { try Files.remove(file) }
    }
    for engine in Engine.allCases {
      for file in try ownSnapshots(in: path / snapshots / engine.rawValue) {
        try Files.remove(file)
      }
    }
  }

  /// - Throws: `ReportError` where one of these is there and not a run's. An empty file is nobody's.
  private static func expectNoOthers(among places: [Path]) throws {
    let others = try places.filter { place in
      guard Files.exists(place) else { return false }
      guard Files.isFile(place) else { return true }
      let beginning = try beginning(of: place)
      if beginning.isEmpty { return false }
      return ReportFile(rawValue: place.name).map { !$0.isOurs(beginning) }
        ?? !isSnapshot(beginning)
    }
    guard let other = others.first else { return }
    let more = others.count > 1 ? " and \(others.count - 1) more" : ""
    throw ReportError(
      .otherReports,
      "the reports cannot be written: \(other)\(more) is another tool's, and is not replaced",
      fix:
        "name a folder of their own with `--report-dir DIR` (`report-dir` in stairway.yml), or move it away"
    )
  }

  private static func beginning(of file: Path) throws -> String {
    String(decoding: try Files.bytes(of: file, upTo: 400), as: UTF8.self)
  }

  /// The snapshots of runs in a folder of an engine's.
  private static func ownSnapshots(in folder: Path) throws -> [Path] {
    guard Files.isFolder(folder) else { return [] }
    return try Files.names(in: folder).filter { $0.hasSuffix(".json") }.map { folder / $0 }
      .filter { try Files.isFile($0) && isSnapshot(beginning(of: $0)) }
  }

  /// Whether a file that begins so is a snapshot that a run kept: its keys are sorted.
  private static func isSnapshot(_ beginning: String) -> Bool {
    ["{\n  \"base\" : \"", "{\n  \"engine\" : \""].contains { beginning.hasPrefix($0) }
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
    let texts = try files.map { ($0.rawValue, try $0.text(of: report, as: form)) }
    try Self.writing(to: path) {
      for (name, text) in texts { try Files.write(text, to: staging / name) }
      // Another tool may have written meanwhile.
      try Self.expectNoOthers(among: texts.map { path / $0.0 } + places(ofSnapshots: staging))
      for engine in Engine.allCases { try replaceSnapshots(of: engine) }
      for (name, _) in texts { try Files.move(staging / name, to: path / name) }
      try Files.removeTree(staging)
    }
  }

  /// Puts the new snapshots in the place of the old ones; whatever else lies beside them stays.
  private func replaceSnapshots(of engine: Engine) throws {
    let folder = path / Self.snapshots / engine.rawValue
    let made = staging / Self.snapshots / engine.rawValue
    for file in try Self.ownSnapshots(in: folder) { try Files.remove(file) }
    guard Files.isFolder(made) else { return }
    try Files.makeFolder(folder)
    for name in try Files.names(in: made) { try Files.move(made / name, to: folder / name) }
  }

  /// Where the snapshots that were kept will lie.
  private func places(ofSnapshots staging: Path) throws -> [Path] {
    try Engine.allCases.flatMap { engine -> [Path] in
      let made = staging / Self.snapshots / engine.rawValue
      guard Files.isFolder(made) else { return [] }
      return try Files.names(in: made).map { path / Self.snapshots / engine.rawValue / $0 }
    }
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
