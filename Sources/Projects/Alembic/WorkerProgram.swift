private import FoundationEssentials

/// The worker's Python, as this program carries it.
enum WorkerProgram {
  /// What `python -c` is given: it reads the modules from descriptor 3.
  static let boot = text(PackageResources.boot_py)

  /// The modules by name, as the one line of JSON that `boot` reads first.
  static let modules: [UInt8] = {
    let sources = [
      "address": PackageResources.address_py, "apart": PackageResources.apart_py,
      "application": PackageResources.application_py,
      "autogenerate": PackageResources.autogenerate_py, "channel": PackageResources.channel_py,
      "children": PackageResources.children_py, "conftest_data": PackageResources.conftest_data_py,
      "conftest_plugin": PackageResources.conftest_plugin_py,
      "databases": PackageResources.databases_py, "decoy": PackageResources.decoy_py,
      "definitions": PackageResources.definitions_py, "drivers": PackageResources.drivers_py,
      "engines": PackageResources.engines_py, "environment": PackageResources.environment_py,
      "failures": PackageResources.failures_py, "files": PackageResources.files_py,
      "first_request": PackageResources.first_request_py,
      "flask_application": PackageResources.flask_application_py,
      "flaws": PackageResources.flaws_py, "gate": PackageResources.gate_py,
      "halts": PackageResources.halts_py,
      "history": PackageResources.history_py, "imports": PackageResources.imports_py,
      "helpers": PackageResources.helpers_py, "ini": PackageResources.ini_py,
      "making": PackageResources.making_py,
      "measure": PackageResources.measure_py, "measure_alone": PackageResources.measure_alone_py,
      "measure_postgresql": PackageResources.measure_postgresql_py,
      "measure_sqlite": PackageResources.measure_sqlite_py, "models": PackageResources.models_py,
      "origin": PackageResources.origin_py,
      "own_connections": PackageResources.own_connections_py,
      "own_databases": PackageResources.own_databases_py,
      "places": PackageResources.places_py,
      "printing": PackageResources.printing_py, "project": PackageResources.project_py,
      "proposals": PackageResources.proposals_py,
      "recorder": PackageResources.recorder_py, "revisions": PackageResources.revisions_py,
      "serve": PackageResources.serve_py, "session": PackageResources.session_py,
      "sources": PackageResources.sources_py, "sqlite_session": PackageResources.sqlite_session_py,
      "statements": PackageResources.statements_py, "steps": PackageResources.steps_py,
      "syntax": PackageResources.syntax_py,
      "unregistered": PackageResources.unregistered_py, "values": PackageResources.values_py,
      "variables": PackageResources.variables_py, "written": PackageResources.written_py,
    ]
    let line = try? JSONEncoder().encode(sources.mapValues(text))
    return Array(line ?? Data()) + [UInt8(ascii: "\n")]
  }()

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
