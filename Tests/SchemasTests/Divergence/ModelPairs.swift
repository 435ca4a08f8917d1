import Databases
import FoundationEssentials
import Platform
import Schemas
import TestSupport
import Testing

/// One model created by SQLAlchemy on both engines, and single changes of it on PostgreSQL alone.
struct ModelPair: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  /// `column users.email`; nil where nothing is to be found. Likewise the aspect.
  let object: String?
  let aspect: Divergence.Aspect?
  let sqlite: [String]
  let postgresql: [String]

  var testDescription: String { name }

  /// Those that `fixtures/divergence/pairs.py` prints.
  static let all = (try? printed()) ?? []

  static func printed() throws -> [ModelPair] {
    let root = Path(#filePath).parent.parent.parent.parent
    let run = try ChildProcess.run(
      Launch(
        (root / ".python/bin/python").text, ["-B", (root / "fixtures/divergence/pairs.py").text],
        environment: [:]), limit: 8 << 20)
    try #require(run.isSuccess, "\(run.errors)")
    return try run.output.split(separator: "\n").map { line in
      try JSONDecoder().decode(ModelPair.self, from: Data(line.utf8))
    }
  }

  /// What is found once both engines have their part.
  func divergences() throws -> [Divergence] {
    let own = try TestDatabase(.sqlite, sqlite.joined(separator: ";\n"))
    let other = try TestDatabase(.postgresql, postgresql.joined(separator: ";\n"))
    return Divergence.all(sqlite: try own.snapshot(), postgresql: try other.snapshot())
  }
}

@Suite struct ModelPairTests {
  @Test func `there are single changes of every aspect`() throws {
    let pairs = try ModelPair.printed()
    #expect(pairs.count > 40)
    #expect(Set(pairs.compactMap(\.aspect)).isSuperset(of: Self.ofModels))
  }

  /// Those that a change of models can bring about.
  private static let ofModels = Set(Divergence.Aspect.allCases).subtracting([
    .primaryKey, .selfFilling, .view,
  ])

  @Test(arguments: ModelPair.all) func `of one model, only what was changed differs`(
    _ pair: ModelPair
  ) throws {
    let found = try pair.divergences().map { "\($0.object) \($0.aspect.rawValue)" }
    let expected = pair.object.flatMap { object in pair.aspect.map { "\(object) \($0.rawValue)" } }
    #expect(found == [expected].compactMap(\.self))
  }
}
