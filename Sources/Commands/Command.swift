/// One command: its table and what it does.
protocol Command: SendableMetatype {
  static var syntax: CommandSyntax { get }

  /// Does it.
  ///
  /// - Returns: the exit status.
  /// - Throws: anything that `Complaint` can put into words, or a `UsageError`.
  static func run(_ arguments: ParsedArguments, in invocation: Invocation) throws -> Outcome
}
