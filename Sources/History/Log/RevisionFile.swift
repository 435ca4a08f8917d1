/// A revision's file at one moment: now, or at a commit.
package struct RevisionFile: Hashable, Sendable {
  /// Relative to the project's folder where it lies inside, else absolute.
  package let file: String
  /// Its text; nil where nothing but `known` is asked of it.
  package let bytes: [UInt8]?
  /// What it says, where that is known already; nil to read it from the text.
  package let known: Revision?
  /// What it is taken to say of itself where only running it would tell.
  package let assumed: Revision?

  package init(
    file: String, bytes: [UInt8]? = nil, known: Revision? = nil, assumed: Revision? = nil
  ) {
    self.file = file
    self.bytes = bytes
    self.known = known
    self.assumed = assumed
  }

  /// Whether two files' bytes differ at most in how lines end, which git may change on the way.
  package static func isSameText(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    if left == right { return true }
    let lineFeed: (UInt8) -> Bool = { $0 != UInt8(ascii: "\r") }
    return left.lazy.filter(lineFeed).elementsEqual(right.lazy.filter(lineFeed))
  }
}

/// What a revision's file says and does, read without running it.
package struct RevisionReading: Hashable, Sendable {
  /// A part of a file: one of its functions or classes, `branch_labels`, or under the name ""
  /// everything else.
  package struct Part: Hashable, Sendable, Codable {
    package let name: String
    /// Of its syntax tree, so that comments and formatting do not count.
    package let digest: String
    /// Where it stands, 1-based, both included.
    package let firstLine: Int
    package let lastLine: Int

    package init(name: String, digest: String, firstLine: Int, lastLine: Int) {
      self.name = name
      self.digest = digest
      self.firstLine = firstLine
      self.lastLine = lastLine
    }
  }

  package let revision: Revision
  /// Of everything that the file does, whatever revision it follows; nil where its text was not
  /// asked about.
  package let digest: String?
  /// Of everything but its `downgrade`; nil as `digest`, and where that is not known.
  package let upwardDigest: String?
  package let parts: [Part]
  /// The file's text; nil as `digest`.
  package let text: String?

  package init(
    revision: Revision, digest: String? = nil, upwardDigest: String? = nil, parts: [Part] = [],
    text: String? = nil
  ) {
    self.revision = revision
    self.digest = digest
    self.upwardDigest = upwardDigest
    self.parts = parts
    self.text = text
  }
}

/// A file among the revisions that could not be read as it was at a commit.
package struct UnreadFile: Hashable, Sendable, Codable {
  package let file: String
  /// Why, as the end of a sentence.
  package let reason: String

  package init(file: String, reason: String) {
    self.file = file
    self.reason = reason
  }
}
