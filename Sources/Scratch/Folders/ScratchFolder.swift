package import Platform

/// A run's own folder `stairway-<pid>-<random>`: locked as long as the run lives, watched by a guard
/// that removes it when the run is killed, swept by a later run when the guard was killed too.
package final class ScratchFolder {
  static let prefix = "stairway"

  package let path: Path
  private var lock: FolderLock?
  private var guardian: ScratchGuard?

  private static let fix = "set TMPDIR to a folder that can be written to"

  /// Makes the folder in the first place that takes it.
  /// - Parameter mode: 0700, or 0711 where another account has its own folder inside.
  package init(in places: [Path], settings: ScratchSettings, mode: UInt32 = 0o700) throws {
    var refusal = PlatformError(.cannotWrite, "no temporary folder can be written to")
    for place in places {
      do {
        let (path, lock) = try FolderLock.makingFolder(in: place, prefix: Self.prefix)
        self.path = path
        self.lock = lock
      } catch let error as PlatformError {
        refusal = error
        continue
      }
      do {
        try Files.setMode(mode, of: path)
        guardian = try ScratchGuard(of: path, settings: settings)
      } catch {
        remove()
        throw ScratchError(error, .cannotWrite, "cannot make a scratch folder", fix: Self.fix)
      }
      return
    }
    throw ScratchError(
      refusal, .cannotWrite, "cannot make a scratch folder", fix: Self.fix)
  }

  deinit { remove() }

  /// Removes the folder with all that is in it. What cannot be removed now, a later sweep removes.
  package func remove() {
    guard lock != nil else { return }
    try? Files.removeTree(path)
    guardian?.dismiss()
    guardian = nil
    lock = nil
  }

  /// Ends the guard, as somebody does who kills all of a run's processes.
  func killGuard() { guardian?.dismiss() }
}
