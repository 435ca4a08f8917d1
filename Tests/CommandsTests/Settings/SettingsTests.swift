import Databases
import Formats
import History
import Platform
import Projects
import Rules
import Testing
import Walks

@testable import Commands

struct SettingsTests {
  private func node(_ yaml: String) throws -> SettingNode {
    SettingNode(try YAMLDocument.parse(yaml, name: "stairway.yml"), file: "stairway.yml")
  }

  private func settings(
    _ yaml: String, environment: [String: String] = [:], flags: [String] = []
  ) throws -> Settings {
    let syntax = CommandSyntax(
      "verify", overview: "",
      options: SettingKey.all.compactMap { key in
        key.flag.map {
          Option(String($0.dropFirst(2)), value: "X", isRepeatable: key.path == "engines", help: "")
        }
      })
    return try Settings(
      SettingsLayers(
        file: node(yaml), environment: environment, arguments: ParsedArguments(flags, by: syntax)),
      project: "/project", workingFolder: "/here")
  }

  @Test func `everything has a default`() throws {
    let settings = try settings("")
    #expect(settings.engines == nil)
    #expect(settings.failOn == .error)
    #expect(settings.reportFolder == "/here/reports")
    #expect(settings.allowances.isEmpty)
  }

  @Test func `a flag stands above a variable, and a variable above the file`() throws {
    let yaml = "engines: [sqlite]\nfail-on: error\ndowngrade-floor: 012345678901\n"
    let variables = ["STAIRWAY_ENGINES": "postgresql, sqlite", "STAIRWAY_FAIL_ON": "warning"]
    #expect(try settings(yaml).engines == [.sqlite])
    #expect(try settings(yaml).downgradeFloor == "012345678901")
    #expect(try settings(yaml, environment: variables).engines == [.postgresql, .sqlite])
    let highest = try settings(
      yaml, environment: variables, flags: ["--engine", "postgresql", "--fail-on", "error"])
    #expect(highest.engines == [.postgresql])
    #expect(highest.failOn == .error)
  }

  @Test func `rows and their seed come from the highest place that says them`() throws {
    #expect(try settings("").rows == .typical)
    #expect(try settings("").seed == 0)
    let yaml = "rows: edge\nseed: 18446744073709551615\n"
    #expect(try settings(yaml).rows == .edge)
    #expect(try settings(yaml).seed == .max)
    let variables = ["STAIRWAY_ROWS": "none", "STAIRWAY_SEED": "7"]
    #expect(try settings(yaml, environment: variables).rows == .none)
    #expect(try settings(yaml, environment: variables).seed == 7)
    let flags = ["--rows", "typical", "--seed", "8"]
    let highest = try settings(yaml, environment: variables, flags: flags)
    #expect(highest.rows == .typical)
    #expect(highest.seed == 8)
  }

  @Test(arguments: ["-1", "1.5", "many", "18446744073709551616"])
  func `a seed is a whole number`(_ seed: String) throws {
    let error = try #require(throws: SettingsError.self) {
      try settings("", flags: ["--seed=\(seed)"])
    }
    #expect(error.place == "--seed")
    #expect(error.message == "'seed' expects a whole number, not '\(seed)'")
    #expect(error.fix == "write it like `seed: 42`")
  }

  @Test func `the keys of the documentation's example are all accepted`() throws {
    let settings = try settings(
      """
      engines: [sqlite, postgresql]
      alembic:
        config: migrations/alembic.ini
        app: wsgi:app
        python: .venv/bin/python
        environment: {APP_ENV: testing, LIMIT: 5}
        configure: package.module:function
        start: create_all
        x: {tenant: one}
      postgresql:
        server: postgresql://localhost/
      fixtures: stairway/fixtures
      rows: typical
      seed: 42
      downgrade-floor: 4cd99ccb2794
      fail-on: error
      severity: {data-dropped: error}
      baseline: stairway-baseline.json
      allow:
        - {rule: data-dropped, revision: 9f31c02e77ab, object: users.nickname, because: moved to profiles}
      """)
    #expect(settings.layers.texts("alembic.environment") == ["APP_ENV": "testing", "LIMIT": "5"])
    #expect(settings.layers.text("alembic.app") == "wsgi:app")
    #expect(settings.severities == ["data-dropped": .error])
    let allowance = try #require(settings.allowances.first)
    #expect(allowance.object == "users.nickname")
    #expect(allowance.reason == "moved to profiles")
    #expect(allowance.place == "stairway.yml:20")
  }

  @Test(arguments: [
    (
      "engine: [sqlite]", "stairway.yml:1", SettingsError.Code.unknownKey,
      "unknown key 'engine'; did you mean 'engines'?"
    ),
    (
      "\nalembic:\n  cnofig: a", "stairway.yml:3", .unknownKey,
      "unknown key in 'alembic': 'cnofig'; did you mean 'config'?"
    ),
    (
      "config: alembic.ini", "stairway.yml:1", .unknownKey,
      "unknown key 'config'; 'config' belongs into the section 'alembic'"
    ),
    (
      "alembic:\n  rows: none", "stairway.yml:2", .unknownKey,
      "unknown key in 'alembic': 'rows'; 'rows' stands at the top, outside of any section"
    ),
    ("zebra: 1", "stairway.yml:1", .unknownKey, "unknown key 'zebra'"),
    (
      "alembic: alembic.ini", "stairway.yml:1", .wrongType,
      "'alembic' is a section with keys of its own, not 'alembic.ini'"
    ),
    (
      "- engines", "stairway.yml:1", .wrongType,
      "settings are a mapping of keys to values, not a list"
    ),
    (
      "rows: [typical]", "stairway.yml:1", .wrongType,
      "'rows' expects one of typical, edge, none, not a list"
    ),
    (
      "fixtures:\n  a: b", "stairway.yml:2", .wrongType,
      "'fixtures' expects text, not a mapping"
    ),
    (
      "alembic: {step-timeout: soon}", "stairway.yml:1", .wrongType,
      "'alembic.step-timeout' expects a number of seconds, not 'soon'"
    ),
    (
      "rehearse:\n  max-lock: 500", "stairway.yml:2", .wrongType,
      "'rehearse.max-lock' expects a number with its unit, like 500ms, 30s, 5min or 1h, and at most 500h, not '500'"
    ),
    (
      "rehearse: {max-step: -3s}", "stairway.yml:1", .wrongType,
      "'rehearse.max-step' expects a number with its unit, like 500ms, 30s, 5min or 1h, and at most 500h, not '-3s'"
    ),
    (
      "rehearse: {max-locks: 1s}", "stairway.yml:1", .unknownKey,
      "unknown key in 'rehearse': 'max-locks'; did you mean 'max-lock'?"
    ),
    (
      "engines:\n  - sqlite\n  - postgres", "stairway.yml:3", .invalidValue,
      "'engines' expects a list out of sqlite, postgresql, not 'postgres'; did you mean 'postgresql'?"
    ),
    (
      "fail-on: never", "stairway.yml:1", .invalidValue,
      "'fail-on' expects one of warning, error, not 'never'"
    ),
    (
      "severity: {data-droped: error}", "stairway.yml:1", .unknownRule,
      "there is no rule 'data-droped'; did you mean 'data-dropped'?"
    ),
    (
      "severity: {data-dropped: fatal}", "stairway.yml:1", .invalidValue,
      "the severity of 'data-dropped' expects one of note, warning, error, not 'fatal'"
    ),
    (
      "allow:\n  - {rule: data-dropped}", "stairway.yml:2", .missingReason,
      "the allowance of data-dropped needs a reason"
    ),
    (
      "allow:\n  - {rule: data-dropped, reason: x}", "stairway.yml:2", .unknownKey,
      "unknown key 'reason' in an allowance"
    ),
  ])
  func `a mistake is named with its line and what would be right`(
    yaml: String, place: String, code: SettingsError.Code, message: String
  ) {
    let error = #expect(throws: SettingsError.self) { try settings(yaml) }
    #expect(error?.place == place)
    #expect(error?.code == code)
    #expect(error?.message == message)
  }

  @Test func `a variable with a wrong value is named`() {
    let error = #expect(throws: SettingsError.self) {
      try settings("", environment: ["STAIRWAY_ENGINES": "mysql"])
    }
    #expect(error?.place == "STAIRWAY_ENGINES")
  }

  @Test func `a rehearsal's limits stand in the file, with units`() throws {
    let bounds = try settings(
      "rehearse: {max-lock: 2s, max-step: 5min, lock-timeout: 250ms}",
      environment: ["STAIRWAY_MAX_STEP": "1h"]
    ).rehearsalBounds
    #expect((bounds.longestLock, bounds.longestStep) == (2, 3_600))
    #expect((bounds.lockTimeout, bounds.statementTimeout) == (0.25, nil))
    #expect(try settings("").rehearsalBounds == .standard)
  }

  @Test
  func `paths in the file begin at the project, those on the command line where it was typed`()
    throws
  {
    let invocation = Invocation(
      arguments: [], environment: [:], workingFolder: "/here", writeOutput: { _ in },
      writeError: { _ in }, outputIsTerminal: false, errorIsTerminal: false, ask: nil,
      clock: .system, interruption: Interruption())
    let yaml = """
      alembic: {python: env/bin/python, start: create_all, x: {tenant: one, size: 2}, step-timeout: 5}
      """
    let fromFile = try settings(yaml).alembic(project: "/project", in: invocation)
    #expect(fromFile.python == "env/bin/python")
    #expect(fromFile.start == .createAll)
    #expect(fromFile.xArguments == ["tenant=one", "size=2"])
    #expect(fromFile.stepTimeout == 5)
    let typed = try settings(yaml, flags: ["--python", "env/bin/python"])
    #expect(typed.alembic(project: "/project", in: invocation).python == "/here/env/bin/python")
    let folders = "report-dir: out\npostgresql: {binaries: bin}"
    #expect(try settings(folders).reportFolder == "/project/out")
    #expect(try settings(folders).postgresBinaries == "/project/bin")
    let given = try settings(
      folders, environment: ["STAIRWAY_POSTGRES_BINARIES": "bin"], flags: ["--report-dir", "out"])
    #expect(given.reportFolder == "/here/out")
    #expect(given.postgresBinaries == "/here/bin")
    for (text, start) in [
      ("dump.sql", AlembicSettings.Start.sqlFile("dump.sql")), ("make db", .command("make db")),
    ] {
      let settings = try settings("alembic: {start: \(text)}")
      #expect(settings.alembic(project: "/project", in: invocation).start == start)
    }
  }
}
