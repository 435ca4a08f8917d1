import Formats

extension HistoryLock {
  private static let title = "# stairway.lock, version "

  /// The file's text: `id parents digest digest`, with `-` for no parent, commas between several, `+`
  /// before what is needed without being a parent, and `@` before a branch label; the second digest is
  /// that of all but the way down. A line of version 1 has one digest and no labels.
  package var text: String {
    let head = [
      "\(Self.title)\(Self.version): each revision, what it follows, and what its file does.",
      "# `stairway lock` adds new ones at the end, so that two branches which add one conflict here.",
    ]
    let lines = entries.map { entry in
      let before =
        entry.parents.map { Self.written($0.text) }
        + entry.dependencies.map { "+" + Self.written($0.text) }
        + (entry.labels ?? []).map { "@" + Self.written($0) }
      let place = before.isEmpty ? "-" : before.joined(separator: ",")
      let digests = [entry.digest, entry.upwardDigest].compactMap(\.self).joined(separator: " ")
      return "\(Self.written(entry.revision.text)) \(place) \(digests)"
    }
    return (head + lines).joined(separator: "\n") + "\n"
  }

  /// Reads a file's text.
  ///
  /// - Throws: `LockError`.
  package init(text: String) throws {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if let line = ConflictMarker.line(in: text) { throw LockError(.conflict, line: line) }
    guard let first = lines.first, first.hasPrefix(Self.title),
      let version = Int(first.dropFirst(Self.title.count).prefix { $0.isNumber })
    else { throw LockError(.malformed, line: 1) }
    guard version <= Self.version else { throw LockError(.laterVersion(version), line: 1) }
    var entries: [Entry] = []
    var seen: Set<RevisionID> = []
    for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
      guard let entry = Self.entry(line) else { throw LockError(.malformed, line: index + 1) }
      guard seen.insert(entry.revision).inserted else {
        throw LockError(.twice(entry.revision), line: index + 1)
      }
      entries.append(entry)
    }
    self.init(entries)
  }

  private static func entry(_ line: Substring) -> Entry? {
    let fields = line.split(separator: " ")
    guard fields.count == 3 || fields.count == 4 else { return nil }
    let before = fields[1] == "-" ? [] : fields[1].split(separator: ",")
    func marked(_ mark: String) -> [RevisionID] {
      before.filter { $0.hasPrefix(mark) }.map { read($0.dropFirst()) }
    }
    return Entry(
      revision: read(fields[0]),
      parents: before.filter { !$0.hasPrefix("+") && !$0.hasPrefix("@") }.map(read),
      dependencies: marked("+"), labels: fields.count == 4 ? marked("@").map(\.text) : nil,
      digest: String(fields[2]), upwardDigest: fields.count == 4 ? String(fields[3]) : nil)
  }

  /// Alembic takes nearly anything for an id; what the lines are made of is written as `%2C`.
  private static func written(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      let isPlain = !"%,+@# ".unicodeScalars.contains(scalar) && !scalar.properties.isWhitespace
      // A name of `-` alone would be none, and lines of markers would be a conflict's.
      if isPlain, !"-<=>|".unicodeScalars.contains(scalar) || text.first != Character(scalar) {
        return String(scalar)
      }
      return PercentEncoding.encoded(String(scalar).utf8, keeping: "")
    }.joined()
  }

  private static func read(_ text: Substring) -> RevisionID {
    RevisionID(PercentEncoding.decoded(text))
  }
}

/// Why a lock file cannot be read.
package struct LockError: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    /// A newer Stairway wrote it, in this form.
    case laterVersion(Int)
    /// Git has left both sides of a merge in it.
    case conflict
    case twice(RevisionID)
    case malformed
  }

  package let reason: Reason
  /// 1-based.
  package let line: Int

  init(_ reason: Reason, line: Int) {
    self.reason = reason
    self.line = line
  }
}
