/// What every guide to a deploy asks for, answered by what a rehearsal saw; stands in report.json and is
/// what all other forms of the report print.
struct Checklist: Sendable, Hashable, Codable {
  /// Whether the deploy can go.
  enum Verdict: String, Sendable, Codable {
    case go
    case noGo = "no-go"
    /// Not all that is pending could be judged.
    case unknown
  }

  /// What is asked, in the order in which it is answered.
  enum Topic: String, Sendable, Codable, CaseIterable {
    case copy
    case duration
    case blocking
    case rewriting
    case rows
    case rollback
    case backup
    /// Only where it was tried, as the next.
    case instances
    case interruption
    case order
  }

  /// How a question stands.
  enum State: String, Sendable, Codable {
    /// It was seen, and nothing is to be done.
    case done
    /// The team has something to do, or to decide.
    case open
    /// It could not be found out.
    case unknown
  }

  /// One line of it.
  struct Item: Sendable, Hashable, Codable {
    let topic: Topic
    /// What is asked, as the line begins.
    let title: String
    let state: State
    /// One sentence without its end.
    let answer: String
    /// What the answer is made of, a line each.
    let details: [String]
  }

  let verdict: Verdict
  /// One for each topic that there is an answer to.
  let items: [Item]
}

extension Checklist {
  /// The verdict as a word and a sentence.
  var verdictWords: (word: String, sentence: String) {
    switch verdict {
    case .go: ("Go", "what is pending ran on the copy of production")
    case .noGo: ("No go", "what is pending is not to be deployed as it is")
    case .unknown: ("Not known", "not all that is pending could be judged on this copy")
    }
  }

  /// The items as plain lines, each behind the box that shows how it stands, its details indented below.
  var lines: [String] {
    items.flatMap { item in
      ["\(item.state.box) \(item.line)"] + item.details.map { "      \($0)" }
    }
  }
}

extension Checklist.Item {
  /// The question with its answer.
  var line: String { "\(title): \(answer)" }
}

extension Checklist.State {
  /// As a list of tasks has it.
  var box: String {
    switch self {
    case .done: "[x]"
    case .open: "[ ]"
    case .unknown: "[?]"
    }
  }
}

extension Checklist.Topic {
  /// As a line of the list begins.
  var title: String {
    switch self {
    case .copy: "tested on a copy"
    case .duration: "time"
    case .blocking: "blocking"
    case .rewriting: "rewriting"
    case .rows: "rows"
    case .rollback: "way back"
    case .backup: "backup"
    case .instances: "several instances"
    case .interruption: "killed on the way"
    case .order: "order of deploy"
    }
  }
}
