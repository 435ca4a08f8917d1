import Platform
import Scratch

/// Whether a copy has room where it will lie, asked before anything is copied.
struct Room {
  /// Bytes of the copy itself, its indexes included, as far as they can be known.
  let bytes: Int
  /// Whether the size of the source says it, or a reckoning from a packed file does.
  let isExact: Bool
  /// Of the files that are needed beside it while it is made.
  let passing: Int
  /// How many further states of it are kept.
  let checkpoints: Int

  /// The whole of it.
  var needed: Int { bytes * (1 + checkpoints) + passing }

  /// The settings with which a copy of this size is put into memory only where memory has plenty.
  func settings(_ settings: ScratchSettings) -> ScratchSettings {
    var changed = settings
    changed.roomForCluster = max(settings.roomForCluster, needed * 4)
    changed.roomForFiles = max(settings.roomForFiles, needed * 2)
    return changed
  }

  /// - Parameter places: where it may lie, the first that is there being taken.
  /// - Throws: `CopyError` `no-room` with both sizes.
  func check(_ places: [Path], of source: String) throws {
    guard let place = places.first, let free = Files.freeSpace(in: place), free < needed else {
      return
    }
    let states =
      checkpoints == 0
      ? "" : " and \(checkpoints) kept \(checkpoints == 1 ? "state" : "states") of it"
    throw CopyError(
      .noRoom,
      "\(source) \(isExact ? "takes" : "will take about") \(CopyError.size(bytes)); the copy\(states) "
        + "\(isExact ? "needs" : "will need about") \(CopyError.size(needed)), and \(place) has "
        + "\(CopyError.size(free)) free",
      fix: "set TMPDIR to a folder on a larger disk, or copy less: --schema-only-tables, "
        + "--exclude-table")
  }
}
