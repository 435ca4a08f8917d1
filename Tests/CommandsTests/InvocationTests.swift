import Platform
import Testing

@testable import Commands

struct InvocationTests {
  private func words(_ arguments: [String], _ environment: [String: String] = [:]) -> [String] {
    Invocation(
      arguments: arguments, environment: environment, workingFolder: "/here",
      writeOutput: { _ in }, writeError: { _ in }, outputIsTerminal: false, errorIsTerminal: false,
      ask: nil, clock: .system, interruption: Interruption()
    ).words
  }

  @Test func `what is to be typed for the same run has the settings from outside and no watch`() {
    let given = words(
      ["verify", "--watch", "shop"], ["STAIRWAY_ENGINES": "sqlite", "HOME": "/root"])
    #expect(given == ["env", "STAIRWAY_ENGINES=sqlite", "stairway", "verify", "shop"])
  }

  @Test func `the application that Flask's own variable names is among them`() {
    let flask = ["FLASK_APP": "shop.web:create_app"]
    #expect(
      words(["verify"], flask)
        == ["env", "FLASK_APP=shop.web:create_app", "stairway", "verify"])
    #expect(
      words(["verify"], flask.merging(["STAIRWAY_APP": "shop"]) { $1 })
        == ["env", "STAIRWAY_APP=shop", "stairway", "verify"])
    #expect(words(["verify"], ["FLASK_APP": ""]) == ["stairway", "verify"])
  }

  @Test func `passwords of addresses stand nowhere in it, however odd they are`() {
    let url = "postgresql://ann:Pa'ss w0rd<x>@db:5433/shop"
    let hidden = "postgresql://ann:***@db:5433/shop"
    #expect(
      words(["verify"], ["STAIRWAY_POSTGRES_URL": url])
        == ["env", "STAIRWAY_POSTGRES_URL=\(hidden)", "stairway", "verify"])
    for option in ["--postgresql-server", "--source"] {
      #expect(words(["rehearse", option, url]) == ["stairway", "rehearse", option, hidden])
      #expect(
        words(["rehearse", "\(option)=\(url)"]) == ["stairway", "rehearse", "\(option)=\(hidden)"])
      #expect(
        words(["rehearse", option, "ann:Pa'ss@db"]) == ["stairway", "rehearse", option, "***"])
    }
    let files = ["rehearse", "--source", "dumps/shop.dump", "--source=sqlite:///shop.db"]
    #expect(words(files) == ["stairway"] + files)
  }
}
