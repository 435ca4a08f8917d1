import Databases
import Rows
import Schemas
import Walks

/// What is said of one table in which models and migrations differ.
struct DriftWords {
  private let unit: ModelUnit
  private let models: ModelsRecord
  private let changes: [ObjectChange]
  private let opinion: ProposalMatching

  init(_ unit: ModelUnit, _ models: ModelsRecord) {
    self.unit = unit
    self.models = models
    changes = unit.difference.principalChanges
    opinion = ProposalMatching(unit, models.toolsOpinion)
  }

  /// The column's own line where it is about one alone, else the model's, else where the models are
  /// handed over.
  var place: SourcePlace? {
    let columns = Set(changes.compactMap { $0.id.kind == .column ? $0.id.name.raw : nil })
    if changes.count == 1, let name = columns.first,
      let column = unit.model?.columns.first(where: { $0.name == name })
    {
      return SourcePlace(file: column.file, line: column.line)
    }
    if let model = unit.model, let file = model.file, let line = model.line {
      return SourcePlace(file: file, line: line)
    }
    return models.place
  }

  var message: String {
    let subject = unit.model?.model.map { "model \($0)" }
    if let whole = changes.first(where: { $0.id == unit.id }) {
      if whole.before == nil, unit.id.kind == .table {
        return "no migration makes \(unit.id.title)" + (subject.map { " of \($0)" } ?? "")
      }
      if whole.after == nil { return "\(unit.id.title) is made by the migrations and in no model" }
    }
    let shown = changes.prefix(3).map(phrase)
    let more = changes.count - shown.count
    let phrases = shown + (more > 0 ? ["\(more) more difference\(more > 1 ? "s" : "")"] : [])
    return "\(subject ?? "the models") and the migrations differ in \(unit.id.title): "
      + phrases.joined(separator: "; ")
  }

  private func phrase(_ change: ObjectChange) -> String {
    let title = change.id.title
    if change.before == nil { return "\(title) is only in the models" }
    if change.after == nil { return "\(title) is only in the database" }
    let shown = change.properties.prefix(2).map(phrase)
    let more = change.properties.count - shown.count
    return "\(title) " + (shown + (more > 0 ? ["\(more) more"] : [])).joined(separator: ", ")
  }

  private func phrase(_ change: PropertyChange) -> String {
    let label = change.name.text.split(separator: "-").joined(separator: " ")
    if change.name == .name {
      return "is called \(change.before?.description ?? "") in the database"
    }
    switch (change.before, change.after) {
    case (nil, .flag(true)?): return "is \(label) only in the models"
    case (.flag(true)?, nil): return "is \(label) only in the database"
    case (nil, let after?): return "has \(label) \(short(after)) only in the models"
    case (let before?, nil): return "has \(label) \(short(before)) only in the database"
    case (let before?, let after?):
      return "has \(label) \(short(after)) in the models and \(short(before)) in the database"
    case (nil, nil): return "has another \(label)"
    }
  }

  private func short(_ value: PropertyValue) -> String {
    let line = value.description.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count > 80 ? line.prefix(79) + "…" : line
  }

  /// What the tool's own comparison says beside it, and who is right.
  var opinions: [String] { opinion.sentences }

  /// The operations of a further revision, and who writes them.
  ///
  /// - Parameter others: of each further engine that the revision runs on, what is written for it from
  ///   the schema; nil where nothing differs there.
  func fix(
    on engine: Engine, by writer: any MendWriter, besides others: [[String]?] = []
  ) -> String? {
    let portable = others.isEmpty ? nil : PortableProposal(unit)
    let own = written(on: engine, by: writer, isPortable: !others.isEmpty)
    let isOfAll = own.isEmpty || others.allSatisfy { $0 == own }
    let imports = (portable?.imports ?? []).filter { !own.contains($0) }
    let lines =
      imports.sorted() + (portable?.lines ?? [])
      + (isOfAll ? own : writer.limiting(own, to: engine))
    guard !lines.isEmpty else { return nil }
    var head = "# in the upgrade() of a new revision, where the model is right:"
    // What has no operation here, the command cannot be said to write.
    let isWhole = !lines.contains { $0.contains("# no operation") }
    if let command = writer.comparing, opinion.isKnown, isWhole || opinion.extent != "this" {
      let seen = isOfAll || opinion.extent != "this" ? opinion.extent : "this in words of its own"
      head += "\n# (`\(command)` writes \(seen))"
    }
    if !awaited.isEmpty {
      head += "\n# after the operations for \(awaited.map(\.title).joined(separator: " and "))"
    }
    return ([head] + lines).joined(separator: "\n")
  }

  /// What is written from the schema of one engine, as lines of an upgrade.
  func written(on engine: Engine, by writer: any MendWriter, isPortable: Bool) -> [String] {
    let difference = isPortable ? PortableProposal(unit).rest : unit.difference
    return writer.undoing(
      difference.reversed, on: engine, keeping: unit.migrated, types: types)
  }

  /// The tables that another finding has made, and to which keys of this one refer.
  private var awaited: [ObjectID] {
    let referred = Set(
      unit.difference.changes.compactMap { change -> String? in
        guard case .text(let name)? = change.after?[.referencedTable] else { return nil }
        return name
      })
    return models.units.filter { other in
      other.id != unit.id
        && [other.id.name.raw, other.id.qualifiedName].contains(where: referred.contains)
        && other.difference.changes.contains { $0.id == other.id && $0.before == nil }
    }.map(\.id)
  }

  /// What the tool's own comparison makes of columns whose type differs.
  private var types: [ObjectID: ToolsType] {
    let columns = unit.difference.changes.map(\.id).filter { $0.kind == .column }
    return Dictionary(
      columns.compactMap { id in
        let own = unit.proposals.first { $0.type != nil && $0.name == id.name.raw }
        return own?.type.map { (id, $0) }
      }
    ) { first, _ in first }
  }
}
