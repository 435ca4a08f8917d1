import Platform

/// A small shell process that outlives Stairway by a moment: when its pipe ends although nobody
/// dismissed it, Stairway was killed, and it stops the cluster in the folder and removes the folder.
final class ScratchGuard {
  private let process: ChildProcess
  /// Held open as long as this process lives; nobody else has this end.
  private let pipe: Pipe

  init(of folder: Path, settings: ScratchSettings) throws {
    pipe = try Pipe()
    process = try ChildProcess(
      Launch(
        "/bin/sh", ["-c", Self.script, "stairway-guard", folder.text, PostgresCluster.dataName],
        environment: settings.programEnvironment, workingDirectory: "/",
        descriptors: [0: pipe.reading.number]))
    pipe.reading.close()
  }

  /// Ends it without its doing anything: the folder has been removed.
  func dismiss() { process.terminate(within: 0) }

  private static let script = """
    trap '' HUP INT TERM
    read -r ended
    data=$1/$2
    pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null)
    runs() { [ -n "$pid" ] && tr '\\0' '\\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qxF "$data"; }
    tries=0
    runs && kill -QUIT "$pid"
    while runs && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
    runs && kill -KILL "$pid"
    tries=0
    while [ -e "$1" ] && [ $tries -lt 50 ]; do
      rm -rf -- "$1" 2>/dev/null || sleep 0.1
      tries=$((tries + 1))
    done
    """
}
