/// The parts of a SARIF 2.1.0 log that Stairway writes, by the names of the standard
/// (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).
enum SARIF {
  static let schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

  struct Message: Encodable {
    let text: String
    var markdown: String?
  }

  /// `tool.driver.rules`: a `reportingDescriptor`.
  struct Rule: Encodable {
    struct Configuration: Encodable { let level: String }

    let id: String
    let shortDescription: Message
    let fullDescription: Message
    let help: Message
    let defaultConfiguration: Configuration
    let properties: RuleProperties
  }

  /// What GitHub reads beside the standard's own properties.
  struct RuleProperties: Encodable {
    let precision = "very-high"
    let severity: String
    let tags = ["database", "migrations"]

    enum CodingKeys: String, CodingKey {
      case precision, tags
      case severity = "problem.severity"
    }
  }

  struct Artifact: Encodable {
    let uri: String
    /// What relative addresses begin at.
    let uriBaseId: String?
  }

  struct Region: Encodable { let startLine: Int }

  struct PhysicalLocation: Encodable {
    let artifactLocation: Artifact
    let region: Region?
  }

  struct LogicalLocation: Encodable, Equatable {
    let fullyQualifiedName: String
    let kind: String
  }

  struct Location: Encodable {
    let physicalLocation: PhysicalLocation
    var logicalLocations: [LogicalLocation]?
  }

  /// Why a result counts for nothing; one without a `status` is accepted.
  struct Suppression: Encodable {
    let kind: String
    let justification: String
  }

  struct Result: Encodable {
    let ruleId: String
    /// nil where the rule book has no such rule.
    let ruleIndex: Int?
    let level: String
    let message: Message
    let locations: [Location]
    let partialFingerprints: [String: String]
    let suppressions: [Suppression]?
    let properties: ResultProperties
  }

  struct ResultProperties: Encodable {
    let engine: String?
    let revision: String?
    let step: String?
    let objects: [String]
  }

  struct Invocation: Encodable {
    let executionSuccessful: Bool
    let exitCode: Int
    let startTimeUtc: String?
    let endTimeUtc: String?
    let toolExecutionNotifications: [Notification]
  }

  /// What Stairway says of the run itself.
  struct Notification: Encodable {
    struct Descriptor: Encodable { let id: String }

    let descriptor: Descriptor
    let level: String
    let message: Message
    let locations: [Location]?
  }
}
