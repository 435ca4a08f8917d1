package import Projects
package import Scratch
package import Walks

/// One engine's part of a run, decided before anything runs.
///
/// The server is made on the lane's own thread, so nothing that is not `Sendable` crosses it.
package struct LanePlan: Sendable {
  package let walk: Walk
  /// Neither a flag nor the settings named this engine: it may turn out that the project does not
  /// support it.
  package let engineIsAssumed: Bool
  package let project: any MigrationProject
  package let makeServer: @Sendable () throws -> any ScratchServer

  package init(
    walk: Walk, engineIsAssumed: Bool = false, project: any MigrationProject,
    makeServer: @escaping @Sendable () throws -> any ScratchServer
  ) {
    self.walk = walk
    self.engineIsAssumed = engineIsAssumed
    self.project = project
    self.makeServer = makeServer
  }
}
