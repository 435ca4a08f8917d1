/// Settings that cannot be followed: which one, where it stands, and what would be right.
struct SettingsError: Error, Hashable {
  enum Code: String {
    case unknownKey = "unknown-key"
    case wrongType = "wrong-type"
    case invalidValue = "invalid-value"
    case missingReason = "missing-reason"
    case unknownRule = "unknown-rule"
    case unreadableSettings = "unreadable-settings"
    case noTOMLReader = "no-toml-reader"
    case invalidAllowance = "invalid-allowance"
  }

  let code: Code
  /// `path:line`, or the name of the flag or variable.
  let place: String
  let message: String
  let fix: String?

  init(_ code: Code, at place: String, _ message: String, fix: String? = nil) {
    self.code = code
    self.place = place
    self.message = message
    self.fix = fix
  }
}
