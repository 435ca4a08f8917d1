extension ProjectError {
  /// Why an engine that nobody asked for is left out, and what would let it be verified too.
  package var reasonToLeaveOut: String {
    message + (fix.map { "; to verify on it too: \($0)" } ?? "")
  }

  /// The same error with the next command, where it does not name one already.
  var withFix: ProjectError {
    let usual: String? =
      switch code {
      case .environmentFails: "correct it there; `alembic current` runs the same env.py"
      case .applicationFails:
        "correct it there; the project's Python shows the same on importing it"
      case .brokenConfiguration: "correct it there; `alembic history` reads the same configuration"
      case .unreadableRevision: "correct the file; `alembic history` reads it too"
      case .workerFailed: "run `alembic current` in the project, which loads the same files"
      case .conftestFails: "correct it there; `pytest --test-alembic` asks for the same fixture"
      default: nil
      }
    return ProjectError(code, message, place: place, fix: fix ?? usual, output: output)
  }
}
