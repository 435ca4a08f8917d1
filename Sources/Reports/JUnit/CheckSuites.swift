import Databases
import History
import Rules
import Walks

/// Sorts a run into suites and cases: one suite an engine and group, one case a revision.
struct CheckSuites {
  /// What a case's findings are looked up by.
  private struct Key: Hashable {
    let engine: Engine?
    let group: CheckGroup
    let revision: RevisionID?

    init(_ finding: Finding) {
      engine = finding.engine
      group = CheckGroup(finding)
      // These run over many revisions and have one case.
      revision = Self.isWhole(group) ? nil : finding.revision
    }
    init(_ engine: Engine?, _ group: CheckGroup, _ revision: RevisionID?) {
      self.engine = engine
      self.group = group
      self.revision = revision
    }
    private static func isWhole(_ group: CheckGroup) -> Bool {
      ([.approach, .descent, .ascent, .engine, .settings, .parity, .instances]
        + CheckGroup.beside).contains(group)
    }
  }

  private let report: Report
  private let textLimit: Int
  private var findings: [Key: [Finding]] = [:]
  private var declared: [Key: [DeclaredFinding]] = [:]
  private var keys: [Key] = []
  private var written: Set<Key> = []
  /// What lies behind failures that fail nothing.
  private let unseen: [Unjudged]

  init(_ report: Report) {
    self.report = report
    unseen = report.unjudged.filter { $0.fault.code == .knownFailure }
    // Each text 64 KiB, and all together what every reader takes (GitLab: 30 MB a file).
    let count = Set(report.judgement.findings.map(Key.init)).count
    textLimit = min(65_536, max(1_024, 16_000_000 / max(count, 1)))
    for finding in report.judgement.findings {
      findings[Key(finding), default: []].append(finding)
      keys.append(Key(finding))
    }
    for declaration in report.judgement.declared {
      declared[Key(declaration.finding), default: []].append(declaration)
      keys.append(Key(declaration.finding))
    }
  }

  /// The suites in the order of the walk; none is empty.
  mutating func all() -> [CheckSuite] {
    if let fault = report.record.fault { return suites(of: fault) }
    // A rehearsal reads neither the history nor all that the settings allow.
    var suites =
      report.record.rehearsal == nil
      ? [history(), suite(nil, .settings, [whole(nil, .settings, step: nil)])] : []
    for engine in report.record.engines { suites += self.suites(of: engine) }
    if let comparison = report.record.engineComparison { suites.append(parity(comparison)) }
    let taken = Set(report.record.engines.map(\.engine))
    for left in report.record.leftOut where !taken.contains(left.engine) {
      let check = CheckCase(
        name: CheckGroup.engine.title, place: nil, time: 0, result: .skipped(left.reason),
        output: "")
      suites.append(suite(left.engine, .engine, [check]))
    }
    for left in leftOver() {
      if let known = suites.firstIndex(where: { $0.engine == left.engine && $0.group == left.group }
      ) {
        suites[known] = suite(
          left.engine, left.group, suites[known].cases + left.cases, at: suites[known].startedAt)
      } else {
        suites.append(left)
      }
    }
    return suites
  }

  private func suite(
    _ engine: Engine?, _ group: CheckGroup, _ cases: [CheckCase], at time: Double? = nil
  ) -> CheckSuite {
    let placed = cases.map { check in
      var check = check
      // A failure without a file would be put beside any file of its class's name by some readers.
      if check.result.isBad { check.place = check.place ?? report.placeOfTheWhole }
      return check
    }
    return CheckSuite(
      engine: engine, group: group, startedAt: time ?? report.record.startedAt, cases: placed)
  }

  /// Those of a run that did not begin: the cases that every run has.
  private func suites(of fault: Fault) -> [CheckSuite] {
    func single(_ group: CheckGroup, _ place: Place?, _ result: CheckCase.Result) -> CheckSuite {
      suite(
        nil, group,
        [CheckCase(name: group.title, place: place, time: 0, result: result, output: "")])
    }
    let place = report.place(of: fault)
    let result: CheckCase.Result =
      fault.code.meansNothingToDo ? .skipped(fault.message) : error(fault, at: place)
    return [
      single(.history, place, result), single(.settings, nil, .skipped("the run did not begin")),
    ]
  }

  private mutating func history() -> CheckSuite {
    var cases = [whole(nil, .history, step: nil)]
    for revision in report.record.revisions {
      cases.append(check(Key(nil, .history, revision.id), step: nil, of: revision))
    }
    return suite(nil, .history, cases)
  }

  private mutating func parity(_ comparison: EngineComparison) -> CheckSuite {
    var check = whole(nil, .parity, step: nil)
    if let reason = comparison.reason {
      check = CheckCase(
        name: check.name, place: nil, time: 0, result: .skipped("not compared: \(reason)"),
        output: "")
    }
    return suite(nil, .parity, [check])
  }

  private mutating func suites(of engine: EngineRecord) -> [CheckSuite] {
    let id = engine.engine
    var suites = [suite(id, .engine, [engineCase(engine)])]
    func started(_ step: StepRecord?) -> Double? {
      step.flatMap { $0.startedAt > 0 ? $0.startedAt : nil }
    }
    if let approach = engine.approach {
      suites.append(
        suite(id, .approach, [whole(id, .approach, step: approach)], at: started(approach)))
    }
    let holdsRows = engine.roundTrips.contains { $0.step(.rollback) != nil }
    let rehearsal = report.record.rehearsal
    let isAboutRows = rehearsal.map { $0.rows != nil } ?? holdsRows
    for group in rehearsal == nil ? CheckGroup.ofRevisions : CheckGroup.ofRehearsals
    where !engine.roundTrips.isEmpty && (isAboutRows || !CheckGroup.aboutRows.contains(group)) {
      var cases: [CheckCase] = []
      var start: Double?
      for trip in engine.roundTrips {
        let step = trip.step(group.step ?? .upgrade)
        start = start ?? started(step)
        let key = Key(id, group, trip.revision)
        cases.append(
          check(
            key, step: step, of: report.revision(trip.revision), isBeside: group.isBesideUpgrade))
      }
      suites.append(suite(id, group, cases, at: start))
    }
    for (group, step) in [(CheckGroup.descent, engine.descent), (.ascent, engine.ascent)] {
      guard let step else { continue }
      suites.append(suite(id, group, [whole(id, group, step: step)], at: started(step)))
    }
    suites += rehearsal.map { trials(of: $0, on: id) } ?? []
    guard let parity = engine.parity else { return suites }
    for group in CheckGroup.beside {
      let steps = parity.steps.map(\.record).filter { CheckGroup($0.name) == group }
      let first =
        steps.first { $0.outcome.isUnjudged } ?? steps.first { $0.outcome.isSkipped }
        ?? steps.first
        ?? parity.reason.map { StepRecord(.again, outcome: .skipped($0.words(for: engine))) }
      guard let first else { continue }
      suites.append(suite(id, group, [whole(id, group, step: first)], at: started(first)))
    }
    return suites
  }

  /// What was tried beside one undisturbed upgrade.
  private mutating func trials(of rehearsal: RehearsalRecord, on engine: Engine) -> [CheckSuite] {
    var suites: [CheckSuite] = []
    func failed(_ group: CheckGroup, _ fault: Fault) -> CheckSuite {
      let result = error(fault, at: nil)
      return suite(
        engine, group,
        [CheckCase(name: group.title, place: nil, time: 0, result: result, output: "")])
    }
    if let record = rehearsal.concurrency {
      suites.append(
        record.faults.first.map { failed(.instances, $0) }
          ?? suite(engine, .instances, [whole(engine, .instances, step: nil)]))
    }
    if let record = rehearsal.interruptions {
      let cases = rehearsal.pending.map { id in
        check(Key(engine, .interruption, id), step: nil, of: report.revision(id))
      }
      suites.append(suite(engine, .interruption, cases))
      suites += record.faults.prefix(1).map { failed(.interruption, $0) }
    }
    return suites
  }

  /// Findings whose revision or step has no record, so that none is lost.
  private mutating func leftOver() -> [CheckSuite] {
    var suites: [(engine: Engine?, group: CheckGroup, cases: [CheckCase])] = []
    for key in keys where !written.contains(key) {
      let check = check(key, step: nil, of: key.revision.flatMap { report.revision($0) })
      if let known = suites.firstIndex(where: { $0.engine == key.engine && $0.group == key.group })
      {
        suites[known].cases.append(check)
      } else {
        suites.append((key.engine, key.group, [check]))
      }
    }
    return suites.map { suite($0.engine, $0.group, $0.cases) }
  }

  private mutating func whole(
    _ engine: Engine?, _ group: CheckGroup, step: StepRecord?
  ) -> CheckCase {
    check(Key(engine, group, nil), step: step, of: nil)
  }

  private mutating func engineCase(_ engine: EngineRecord) -> CheckCase {
    let versions = engine.environment.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let about = ["\(engine.engine.title) \(engine.version)", engine.scratch] + versions
    let output = (about.filter { !$0.isEmpty } + engine.notes + checklist).joined(separator: "\n")
    let key = Key(engine.engine, .engine, nil)
    written.insert(key)
    let place = engine.fault.flatMap { report.place(of: $0) }
    return CheckCase(
      name: CheckGroup.engine.title, place: place, time: 0,
      result: engine.fault.map { error($0, at: place) } ?? .passed, output: output)
  }

  /// A rehearsal's checklist, which is about all of it.
  private var checklist: [String] {
    guard let checklist = report.checklist else { return [] }
    let (word, sentence) = checklist.verdictWords
    return ["\(word): \(sentence)"] + checklist.lines
  }

  private mutating func check(
    _ key: Key, step: StepRecord?, of revision: Revision?, isBeside: Bool = false
  ) -> CheckCase {
    // Of duplicates, only the first case carries the findings.
    let isFirst = written.insert(key).inserted
    let texts = CheckTexts(
      report: report, findings: isFirst ? findings[key] ?? [] : [],
      declared: isFirst ? declared[key] ?? [] : [], limit: textLimit)
    let name = key.revision.map { report.title(of: $0, in: revision) } ?? key.group.title
    let line = key.group.step?.direction == .down ? revision?.downgradeLine : revision?.upgradeLine
    let cause = texts.failure == nil ? cause(of: key, step) : nil
    let place =
      texts.place ?? cause.flatMap { report.place(of: $0) }
      ?? revision.flatMap { $0.file.isEmpty ? nil : Place(file: report.path($0.file), line: line) }
    let reportsOnStep =
      key.engine != nil
      && (key.group.step != nil || isBeside || CheckGroup.beside.contains(key.group))
    let result: CheckCase.Result =
      texts.failure ?? cause.map { error($0) }
      ?? (reportsOnStep ? outcome(step, isBeside: isBeside, at: place) : nil)
      ?? texts.declaration.map { .skipped($0) } ?? .passed
    return CheckCase(
      name: CappedText.line(name, limit: CheckCase.nameLimit), place: place,
      time: isBeside ? 0 : step?.duration ?? 0, result: result,
      output: texts.output)
  }

  /// What keeps a case from being judged that comes next behind a failure which fails nothing, so that no
  /// reader takes the run for one in which all was found out; nil for other cases.
  private func cause(of key: Key, _ step: StepRecord?) -> Unjudged? {
    guard step.map(\.outcome.isSkipped) ?? true else { return nil }
    guard let engine = key.engine else {
      let isGraph = key.group == .history && key.revision == nil
      return isGraph ? unseen.first { $0.engine == nil } : nil
    }
    let parity = report.record.engines.first { $0.engine == engine }?.parity
    return unseen.first { one in
      guard one.engine == engine else { return false }
      return switch key.group {
      case .downgrade: one.revision == key.revision
      case .ascent: true
      default: CheckGroup.beside.contains(key.group) && parity?.reason == .headsNotReached
      }
    }
  }

  private func error(_ cause: Unjudged) -> CheckCase.Result {
    let told = Fault(cause.fault.code, message: cause.sentence, fix: cause.fault.fix)
    return error(told, at: report.place(of: cause))
  }

  /// What a step's outcome makes of its case where no finding fails it; nil: nothing.
  ///
  /// - Parameter isBeside: whether the case is about something else that is seen in the step.
  private func outcome(
    _ step: StepRecord?, isBeside: Bool, at place: Place?
  ) -> CheckCase.Result? {
    switch step?.outcome {
    case .unjudged(let fault):
      isBeside ? .skipped(fault.message) : error(fault, at: report.place(of: fault) ?? place)
    case .blocked(let by): .skipped("not reached: it needs \(by)")
    case .skipped(let reason): .skipped(reason)
    case .failed where isBeside: .skipped("not reached: the upgrade failed")
    case .failed, .succeeded: nil
    case nil: .skipped("not reached")
    }
  }

  private func error(_ fault: Fault, at place: Place?) -> CheckCase.Result {
    let parts = [
      (place.map { "\($0): " } ?? "") + fault.message, VisibleText.withoutColour(fault.output),
      fault.fix.map { "fix: \($0)" } ?? "",
    ]
    let text = parts.filter { !$0.isEmpty }.joined(separator: "\n")
    return .error(
      type: fault.code.rawValue, message: fault.message,
      text: CappedText.bytes(text, limit: textLimit))
  }
}
