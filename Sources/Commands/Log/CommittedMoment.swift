import History

/// What may be a revision's file, as a commit has it.
struct CommittedText {
  /// As the project names it.
  let path: String
  /// The name of its contents in the repository; nil for what lies outside of it, behind a link.
  let contents: String?
  let bytes: [UInt8]
}

/// A project's history as a commit has it.
struct CommittedMoment {
  let texts: [CommittedText]
  /// What they say and do, as far as it is known.
  let readings: [RevisionReading]
  /// Those that could not be read as they were.
  let unread: [UnreadFile]
  /// Of these, what only the id is missing of, under the names of their files.
  let nameless: [Revision]

  var revisions: [Revision] { readings.map(\.revision) }

  /// What a file said of itself.
  func reading(of file: String) -> RevisionReading? {
    readings.first { $0.revision.file == file }
  }
}
