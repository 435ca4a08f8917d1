package import Projects
package import Walks

/// One engine's part of a run, decided before any migration runs.
package struct LanePlan: Sendable {
  package let walk: Walk
  package let rows: RowPlan
  /// nil where nothing is held against the walk's result.
  package let parity: ParityPlan?
  /// Neither a flag nor the settings named this engine: it may turn out that the project does not
  /// support it.
  package let engineIsAssumed: Bool
  package let project: any MigrationProject
  package let server: ServerStart

  package init(
    walk: Walk, rows: RowPlan = RowPlan(), parity: ParityPlan? = nil,
    engineIsAssumed: Bool = false,
    project: any MigrationProject,
    server: ServerStart
  ) {
    self.walk = walk
    self.rows = rows
    self.parity = parity
    self.engineIsAssumed = engineIsAssumed
    self.project = project
    self.server = server
  }
}
