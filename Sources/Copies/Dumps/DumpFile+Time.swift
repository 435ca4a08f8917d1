import FoundationEssentials
import Platform

extension DumpFile {
  /// When it was written, in seconds since 1970: an archive says so itself, by the clock of where
  /// `pg_dump` ran; else when the file was.
  var writtenAt: Double? {
    let file = form == .directory ? path / "toc.dat" : path
    // In a tar archive the contents begin with toc.dat, behind a header of 512 bytes.
    let begin = form == .tar ? 512 : 0
    let isArchive = form != .plain && compression == nil
    let head = isArchive ? (try? Files.bytes(of: file, upTo: begin + 96)) ?? [] : []
    return ArchiveHead(head.dropFirst(begin))?.writtenAt ?? Files.changeTime(of: file)
  }
}

/// The first bytes of an archive, as `ReadHead` of PostgreSQL's `pg_backup_archiver.c` takes them.
private struct ArchiveHead {
  private var rest: ArraySlice<UInt8>
  private let integerSize: Int

  /// - Returns: nil where they are none, or of a version that nobody has written since PostgreSQL 7.4.
  init?(_ bytes: ArraySlice<UInt8>) {
    let magic = Array("PGDMP".utf8)
    guard bytes.count >= 96, bytes.starts(with: magic) else { return nil }
    let fields = Array(bytes.dropFirst(magic.count).prefix(6))
    let (major, minor) = (fields[0], fields[1])
    guard major == 1, minor >= 7, (1...8).contains(fields[3]) else { return nil }
    integerSize = Int(fields[3])
    // Major, minor, revision, the sizes of an integer and of an offset, and the form; then how it is
    // packed, which is a byte since 1.15.
    rest = bytes.dropFirst(magic.count + 6 + (minor >= 15 ? 1 : 1 + Int(fields[3])))
  }

  /// Second, minute, hour, day, month from 0 and year from 1900, as C's `struct tm` has them.
  var writtenAt: Double? {
    var head = self
    let fields = (0..<6).map { _ in head.integer() }
    guard (0...60).contains(fields[0]), (0...59).contains(fields[1]), (0...23).contains(fields[2]),
      (1...31).contains(fields[3]), (0...11).contains(fields[4])
    else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar.date(
      from: DateComponents(
        year: fields[5] + 1900, month: fields[4] + 1, day: fields[3], hour: fields[2],
        minute: fields[1], second: fields[0]))?.timeIntervalSince1970
  }

  /// A sign, then the bytes from the least.
  private mutating func integer() -> Int {
    let isNegative = rest.first != 0
    let value = rest.dropFirst().prefix(integerSize).reversed().reduce(0) { $0 << 8 | Int($1) }
    rest = rest.dropFirst(1 + integerSize)
    return isNegative ? -value : value
  }
}
