import Databases
import Formats
import History
import Platform
import Projects
import Rows
import Schemas

/// What a project has told pytest-alembic, as Stairway's fixtures and settings.
///
/// `before_revision_data` is inserted just before its revision, `at_revision_data` once it is applied:
/// a fixture's `before:` and `rows:`.
struct BroughtAlong {
  /// By file, in the history's order.
  private(set) var fixtures: [NewFixture] = []
  private(set) var floor: RevisionID?
  /// What pytest-alembic calls the floor: the revision below it.
  private(set) var minimum: RevisionID?
  private(set) var skipped: [RevisionID] = []
  private(set) var left: [LeftOut] = []

  private let history: RevisionGraph
  private let folder: Path

  init(_ data: ConftestData, history: RevisionGraph, fixtures folder: Path) {
    self.history = history
    self.folder = folder
    addFixtures(data)
    addFloor(data.minimumDowngradeRevision)
    for text in data.skippedRevisions {
      if let revision = known(text, in: "skip_revisions") { skipped.append(revision) }
    }
  }

  // MARK: Rows

  private mutating func addFixtures(_ data: ConftestData) {
    var found: [RevisionID: NewFixture] = [:]
    for (name, section, all) in [
      ("before_revision_data", FixtureSection.before, data.before),
      ("at_revision_data", FixtureSection.rows, data.at),
    ] {
      for entry in all where !entry.rows.isEmpty {
        guard let place = place(of: entry.revision, section, in: name) else { continue }
        for (index, row) in entry.rows.enumerated() {
          guard let written = inputRow(row) else {
            leaveOut(row, index: index, of: entry.revision, in: name, beside: place)
            continue
          }
          found[place.revision, default: NewFixture(place.revision, in: folder)].add(
            written, to: place.section)
        }
      }
    }
    fixtures = history.revisions.compactMap { found[$0.id] }
  }

  /// Where rows belong; `heads` is pytest-alembic's name for the state that the last revision leaves,
  /// before and after which nothing happens.
  private mutating func place(
    of text: String, _ section: FixtureSection, in name: String
  ) -> (revision: RevisionID, section: FixtureSection)? {
    if text == "heads", history[RevisionID(text)] == nil {
      if let head = history.heads.first, history.heads.count == 1 { return (head, .rows) }
      left.append(
        LeftOut(
          message: "\(name) has rows for heads, and the history has \(history.heads.count) of them",
          fix: "give the rows to one of \(history.heads.map(\.text).joined(separator: ", "))"))
      return nil
    }
    return known(text, in: name).map { ($0, section) }
  }

  private func inputRow(_ row: ConftestData.Row) -> InputRow? {
    guard row.problem == nil, let table = row.table, let cells = row.cells else { return nil }
    // pytest-alembic takes what stands before the first dot for the schema.
    let parts = table.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      .map { Identifier(String($0)) }
    return InputRow(
      parts.count == 2 ? TableName(schema: parts[0], parts[1]) : TableName(parts[0]),
      cells.map { InputRow.Cell(Identifier($0.column), InputValue($0.value)) })
  }

  private mutating func leaveOut(
    _ row: ConftestData.Row, index: Int, of revision: String, in name: String,
    beside place: (revision: RevisionID, section: FixtureSection)
  ) {
    let script = place.section == .before ? "before.sql" : "sql"
    left.append(
      LeftOut(
        message: "\(name) of \(revision), row \(index + 1)"
          + (row.table.map { " (\($0))" } ?? "") + ": \(row.problem ?? "it holds nothing")",
        fix: row.table == nil
          ? "name the table there, or write the row into \(folder / "\(place.revision).yml")"
          : "write an INSERT into \(folder / "\(place.revision).\(script)")"))
  }

  // MARK: Revisions

  private mutating func known(_ text: String, in name: String) -> RevisionID? {
    let revision = RevisionID(text)
    if history[revision] != nil { return revision }
    let near = history.revisions.map(\.id.text).nearest(to: text)
    left.append(
      LeftOut(
        message: "\(name) names the revision \(text), which the history does not have; "
          + "pytest-alembic leaves it unused too",
        fix: near.map { "did you mean \($0)?" } ?? "`stairway history` shows the revisions"))
    return nil
  }

  /// pytest-alembic takes neither the minimum nor what is older down, Stairway all that is not older
  /// than the floor: the floor is the revision after the minimum, of several one that does not need
  /// more than the minimum.
  private mutating func addFloor(_ text: String?) {
    guard let text, text != "base",
      let minimum = known(text, in: "minimum_downgrade_revision")
    else { return }
    self.minimum = minimum
    let children = history.children(of: minimum)
    floor = children.min { history.ancestors(of: $0).count < history.ancestors(of: $1).count }
    guard floor == nil else { return }
    floor = minimum
    left.append(
      LeftOut(
        message: "minimum_downgrade_revision is \(minimum), after which there is no revision: "
          + "pytest-alembic takes nothing down, and Stairway takes down \(minimum) alone",
        fix: "if its downgrade is left out on purpose, say so in its file: "
          + "# stairway: allow missing-downgrade because …"))
  }
}

/// The fixture of one revision before it is written.
struct NewFixture {
  let revision: RevisionID
  /// The folder of fixtures.
  let folder: Path
  private(set) var before: [InputRow] = []
  private(set) var rows: [InputRow] = []

  init(_ revision: RevisionID, in folder: Path) {
    self.revision = revision
    self.folder = folder
  }

  mutating func add(_ row: InputRow, to section: FixtureSection) {
    if section == .before { before.append(row) } else { rows.append(row) }
  }

  var text: String {
    var text = FixtureText(comment: [
      "What the project's conftest.py gives pytest-alembic for this revision;",
      "written by `stairway init --from-pytest-alembic`.",
    ])
    text.add(before, to: .before)
    text.add(rows, to: .rows)
    return text.text
  }

  /// What it holds, for the line that tells of it.
  var account: String {
    [(before.count, "before it"), (rows.count, "after it")].filter { $0.0 > 0 }
      .map { "\($0.0) \($0.0 == 1 ? "row" : "rows") \($0.1)" }.joined(separator: ", ")
  }
}

extension NewFiles {
  mutating func add(_ fixture: NewFixture) {
    add((fixture.folder / "\(fixture.revision).yml").text, fixture.text, account: fixture.account)
  }
}

extension InputValue {
  fileprivate init(_ value: ConftestData.Value) {
    switch value {
    case .null: self = .null
    case .boolean(let flag): self = .boolean(flag)
    case .number(let text):
      let number = Int64(text)
      self = number.map { String($0) == text ? .integer($0) : .decimal(text) } ?? .decimal(text)
    case .text(let text): self = .text(text)
    case .binary(let bytes): self = .bytes(bytes)
    case .list(let items): self = .list(items.map { InputValue($0) })
    case .json(let document): self = .json(document)
    }
  }
}
