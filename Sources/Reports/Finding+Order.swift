import Rules

extension [Finding] {
  /// Worst first, and otherwise in the rules' order.
  var worstFirst: [Finding] {
    Severity.allCases.reversed().flatMap { severity in filter { $0.severity == severity } }
  }
}
