import Rules
import Walks

/// What a JUnit suite is about, on each engine; the raw value stands in class names.
enum CheckGroup: String, CaseIterable {
  /// Of the project, without an engine: the revision graph.
  case history
  /// Of the project: the settings' allowances.
  case settings
  /// Whether the engine could be had and the walk begun.
  case engine
  case approach
  case upgrade, downgrade, reupgrade
  /// Down and up with rows that were written after the upgrade.
  case rollback, recovery
  /// What became of the rows, and the project's own ones.
  case rows
  /// What a step's schema is like, whatever the direction: views, sequences, names.
  case schema
  case descent, ascent
  /// Of a rehearsal: several upgrades at once, and upgrades that were killed.
  case instances, interruption
  /// What else is to describe the schema at the heads.
  case models, commands, application, offline
  /// Of the project: what one engine's schema has and the other's has not.
  case parity

  /// Those with a test case for each revision of a walk.
  static let ofRevisions: [CheckGroup] = [
    .upgrade, .downgrade, .reupgrade, .rollback, .recovery, .rows, .schema,
  ]

  /// Those with a test case for each revision of a rehearsal.
  static let ofRehearsals: [CheckGroup] = [.upgrade, .downgrade, .reupgrade, .rows]

  /// Those that say nothing of a walk on empty tables.
  static let aboutRows: Set<CheckGroup> = [.rollback, .recovery, .rows]

  /// Those beside the walk, each with one test case for all its steps.
  static let beside: [CheckGroup] = [.models, .commands, .application, .offline]

  /// The group of a finding: that of its rule, else that of the step it was seen in.
  init(_ finding: Finding) {
    if let group = Self.groupOfRule[finding.rule] {
      self = group
    } else if finding.engine == nil {
      self = .history
    } else {
      self = finding.step.map(Self.init) ?? .schema
    }
  }

  init(_ step: StepName) {
    self =
      switch step {
      case .approach: .approach
      case .upgrade: .upgrade
      case .downgrade: .downgrade
      case .reupgrade: .reupgrade
      case .rollback: .rollback
      case .recovery: .recovery
      case .descent: .descent
      case .ascent: .ascent
      case .models: .models
      case .again, .stamp: .commands
      case .start, .earlyStart, .lateUpgrade: .application
      case .printedUpgrade, .printedDowngrade: .offline
      }
  }

  /// The step that the group's cases report on; nil where they report on none.
  var step: StepName? { StepName(rawValue: rawValue) }

  /// Whether it is about what the upgrade did beside succeeding: where that failed, there is nothing to see.
  var isBesideUpgrade: Bool { self == .rows || self == .schema }

  /// What a case without a revision is called.
  var title: String {
    switch self {
    case .history: "the revision graph"
    case .settings: "every allowance is used"
    case .engine: "the engine"
    case .approach: "up to the first revision in one go"
    case .upgrade, .downgrade, .reupgrade: "the \(rawValue)"
    case .rollback: "the rollback with rows"
    case .recovery: "the upgrade after the rollback"
    case .rows: "the rows"
    case .schema: "the schema"
    case .instances: "several instances at once"
    case .interruption: "the interrupted upgrade"
    case .descent: "down to base in one go"
    case .ascent: "up to the heads in one go"
    case .models: "the models"
    case .commands: "upgrade and stamp at the heads"
    case .application: "the application"
    case .offline: "the printed SQL"
    case .parity: "SQLite and PostgreSQL agree"
    }
  }

  private static let groupOfRule: [RuleName: CheckGroup] = [
    "multiple-heads": .history, "missing-parent": .history, "history-cycle": .history,
    "duplicate-revision": .history, "edited-revision": .history, "deleted-revision": .history,
    "misplaced-revision": .history, "vague-message": .history,
    "unused-allow": .settings,
    "broken-view": .schema, "sequence-too-narrow": .schema, "identifier-truncated": .schema,
    "model-drift": .models, "unregistered-model": .models,
    "engine-divergence": .parity, "create-all-conflict": .application,
    "offline-sql-fails": .offline,
    "offline-sql-differs": .offline,
    "rows-lost": .rows, "data-dropped": .rows, "values-lost": .rows, "values-changed": .rows,
    "expected-rows-missing": .rows, "fixture-rejected": .rows, "sequence-behind": .rows,
    "dangling-references": .rows,
    "concurrent-upgrade-fails": .instances, "interrupt-not-recoverable": .interruption,
    "descent-leaves-trace": .descent, "ascent-differs": .ascent,
  ]
}
