import FoundationEssentials
import Platform
import Testing

/// A disk without room is no fault of the migration's.
@Suite struct FullDiskTests {
  /// Runs a command where `/dev/shm` and `$TMPDIR` are small file systems of its own, which nobody
  /// else sees.
  private static func wrapper(small: Path, size: String, sharedMemory: Bool = true) -> [String] {
    let script = """
      \(sharedMemory ? "mount -t tmpfs -o size=\(size) stairway /dev/shm && " : "")\
      mount -t tmpfs -o size=\(size) stairway '\(small)' && exec "$@"
      """
    return ["unshare", UserAccount.effectiveUID == 0 ? "-m" : "-rm", "sh", "-c", script, "sh"]
  }

  /// Whether this machine lets the test make file systems of its own.
  static let isPossible: Bool = {
    guard let folder = try? TestFolder() else { return false }
    let command = wrapper(small: folder.path, size: "1m") + ["true"]
    let run = try? ChildProcess.run(
      Launch(
        command[0], Array(command.dropFirst()),
        environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"]))
    return run?.isSuccess ?? false
  }()

  @Test(.enabled(if: isPossible, "this account may not mount file systems"))
  func `a SQLite file that finds no room is not called a broken migration`() throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b",
      up: "op.execute('CREATE TABLE big AS SELECT randomblob(6000000) AS b')",
      down: "op.execute('DROP TABLE big')")
    let small = try TestFolder()
    let answer = try project.stairway(["TMPDIR": small.path.text]).start(
      ["verify", "--engine", "sqlite", "--python", Stairway.python().text],
      through: Self.wrapper(small: small.path, size: "3m")
    ).finish()
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(answer.says("full"))
    #expect(!answer.says("upgrade-fails"))
  }

  @Test(.enabled(if: isPossible, "this account may not mount file systems"))
  func `a cluster that finds no room is said so`() throws {
    let project = try SampleProject()
    let small = try TestFolder()
    let answer = try project.stairway(["TMPDIR": small.path.text]).start(
      ["verify", "--engine", "postgresql", "--python", Stairway.python().text],
      through: Self.wrapper(small: small.path, size: "3m")
    ).finish()
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(answer.says("disk-full"))
  }

  @Test func `what standard output could not take is said, and is no success`() throws {
    let folder = try TestFolder()
    let lost = try Stairway(folder: folder.path).start(
      ["explain", "downgrade-fails"], through: ["sh", "-c", "exec \"$@\" >/dev/full", "sh"]
    ).finish()
    #expect(lost.status == 3)
    #expect(lost.errors.contains("error[cannot-write-output]: standard output is not whole"))
    // Who has read enough misses nothing.
    let enough = try Stairway(folder: folder.path).start(
      ["explain", "--all"], through: ["sh", "-c", "\"$@\" | true", "sh"]
    ).finish()
    #expect(enough.errors == "")
  }

  /// Full after the first of the schemas, and full when the report itself is written.
  @Test(
    .enabled(if: isPossible, "this account may not mount file systems"), arguments: ["4k", "16k"])
  func `a report folder that finds no room is named, and no database is blamed`(_ size: String)
    throws
  {
    let project = try SampleProject()
    let small = try TestFolder()
    let answer = try project.stairway().start(
      [
        "verify", "--engine", "sqlite", "--python", Stairway.python().text, "--report-dir",
        small.path.text,
      ], through: Self.wrapper(small: small.path, size: size, sharedMemory: false)
    ).finish()
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(answer.says("error[cannot-write-reports]"))
    #expect(answer.says("make room there, or name another folder with `--report-dir DIR`"))
    #expect(answer.says(small.path.text))
    #expect(!answer.says("database-lost"))
    #expect(answer.leftovers.isEmpty)
  }
}
