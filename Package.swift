// swift-tools-version: 6.2
import PackageDescription

/// The settings of every target: the house's Swift, in which a warning stops the build.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
]

/// A module of the house. The list below is read from the bottom up: each may use what stands
/// beneath it and names all that it uses, which `--explicit-target-dependency-import-check error`
/// enforces.
func module(
  _ name: String, uses dependencies: [String] = [], resources: [Resource]? = nil,
  exclude: [String] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies.map { .init(stringLiteral: $0) }, exclude: exclude,
    resources: resources, swiftSettings: settings)
}

/// The tests of one module; they mirror its folder.
func tests(of name: String, uses dependencies: [String] = [], resources: [Resource]? = nil)
  -> Target
{
  .testTarget(
    name: "\(name)Tests", dependencies: ([name] + dependencies).map { .init(stringLiteral: $0) },
    resources: resources, swiftSettings: settings)
}

/// The Python modules of the Alembic adapter's worker, which runs a project's migrations.
let worker = [
  "address", "apart", "application", "autogenerate", "boot", "channel", "children", "conftest_data",
  "conftest_plugin", "databases", "decoy", "definitions", "drivers", "engines", "environment",
  "failures",
  "files", "first_request", "flask_application", "flaws", "gate", "halts",
  "helpers", "history", "imports",
  "ini", "making", "measure",
  "measure_alone",
  "measure_postgresql", "measure_sqlite", "models", "origin", "own_connections",
  "own_databases", "places",
  "printing", "project", "proposals", "recorder", "revisions", "serve", "session", "sources",
  "sqlite_session", "statements",
  "steps", "syntax", "unregistered", "values", "variables", "written",
]

let package = Package(
  name: "stairway",
  products: [.executable(name: "stairway", targets: ["stairway"])],
  targets: [
    .executableTarget(name: "stairway", dependencies: ["Commands"], swiftSettings: settings),
    module(
      "Commands",
      uses: [
        "Reports", "Rules", "Runner", "Projects", "Repositories", "Walks", "Copies", "Rows",
        "Scratch", "Schemas", "Databases", "History", "Formats", "Platform",
      ]),
    module(
      "Reports",
      uses: [
        "Rules", "Walks", "Copies", "Rows", "Schemas", "Databases", "History", "Formats",
        "Platform",
      ], resources: [.embedInCode("HTML/Markup/page.css"), .embedInCode("HTML/Markup/page.js")]),
    module("Rules", uses: ["Walks", "Rows", "Schemas", "Databases", "History", "Formats"]),
    module(
      "Runner",
      uses: [
        "Walks", "Projects", "Rows", "Scratch", "Schemas", "Databases", "History", "Platform",
      ]),
    module(
      "Projects",
      uses: ["Walks", "Rows", "Schemas", "Databases", "History", "Formats", "Platform"],
      resources: worker.map { .embedInCode("Alembic/worker/\($0).py") }),
    module("Walks", uses: ["Copies", "Rows", "Schemas", "Databases", "History"]),
    module(
      "Copies", uses: ["Rows", "Scratch", "Schemas", "Databases", "Formats", "Platform"]),
    module("Rows", uses: ["Schemas", "Databases", "Formats", "Platform", "CXXHash"]),
    module("Scratch", uses: ["Databases", "Platform"]),
    module("Schemas", uses: ["Databases", "CXXHash"]),
    module("Databases", uses: ["Formats", "CSQLite", "CPostgres", "CPgQuery"]),
    module("History", uses: ["Formats"]),
    module("Repositories", uses: ["Formats", "Platform"]),
    module("Formats", uses: ["CXML", "CYAML"]),
    module("Platform", uses: ["CSystem"]),
    tests(
      of: "Commands",
      uses: [
        "Reports", "Rules", "Projects", "Walks", "Schemas", "Databases", "History", "Formats",
        "Platform",
      ]),
    tests(
      of: "Reports",
      uses: [
        "Rules", "Walks", "Copies", "Rows", "Schemas", "Databases", "History", "Formats",
        "Platform",
      ]),
    tests(of: "Rules", uses: ["Walks", "Rows", "Schemas", "Databases", "History", "Formats"]),
    tests(
      of: "Runner",
      uses: [
        "TestSupport", "Projects", "Walks", "Rows", "Scratch", "Schemas", "Databases", "History",
        "Platform",
      ]),
    tests(
      of: "Projects",
      uses: ["Walks", "Rows", "Scratch", "Schemas", "Databases", "History", "Formats", "Platform"]),
    tests(of: "Walks", uses: ["Copies", "Schemas", "Databases", "History"]),
    tests(
      of: "Copies",
      uses: ["TestSupport", "Rows", "Scratch", "Schemas", "Databases", "Formats", "Platform"]),
    tests(of: "Rows", uses: ["TestSupport", "Schemas", "Databases", "Formats", "Platform"]),
    tests(of: "Scratch", uses: ["Databases", "Platform"]),
    tests(of: "Schemas", uses: ["TestSupport", "Scratch", "Databases", "Formats", "Platform"]),
    tests(of: "Databases"),
    tests(of: "History"),
    tests(of: "Repositories", uses: ["Platform"]),
    tests(of: "Formats"),
    tests(of: "Platform"),
    // What tests of several modules have in common; it takes no part in the program.
    .target(
      name: "TestSupport", dependencies: ["Scratch", "Schemas", "Databases"],
      path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(
      name: "AcceptanceTests",
      dependencies: ["Scratch", "Databases", "Formats", "Platform", "stairway"],
      swiftSettings: settings),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CPgQuery", providers: [.apt(["libpg-query-dev"])]),
    .systemLibrary(name: "CXML", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(
      name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
    .systemLibrary(name: "CSystem"),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
  ]
)
