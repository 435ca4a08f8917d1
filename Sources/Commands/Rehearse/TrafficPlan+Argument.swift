import Runner

extension TrafficPlan {
  /// Reads what `--traffic` was given: `auto`, or a file of SQL.
  ///
  /// - Returns: nil where it was not given.
  /// - Throws: `Complaint` for a file that cannot be sent.
  init?(_ argument: String?, in invocation: Invocation) throws {
    guard let argument else { return nil }
    if argument == "auto" {
      self = .rowsByKey
      return
    }
    let text = try invocation.text(
      ofFile: argument, fix: "name a file of SQL statements, or --traffic auto")
    guard let plan = TrafficPlan(script: text) else {
      throw Complaint(
        "no-traffic", at: argument, "there is no statement in it",
        fix: "write what the application typically sends, a semicolon after each", outcome: .usage)
    }
    self = plan
  }
}
