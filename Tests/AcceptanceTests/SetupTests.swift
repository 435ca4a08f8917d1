import Platform
import Testing

/// Machines on which `ci/setup` cannot do its work: each is told in a sentence what to do.
@Suite struct SetupTests {
  struct Machine: Sendable, CustomTestStringConvertible {
    let name: String
    /// Programs that stand before the machine's own, by the shell script that each is.
    let programs: [String: String]
    var variables: [String: String] = [:]
    let sentence: String

    var testDescription: String { name }

    static let all: [Machine] = [
      Machine(
        name: "without Swift", programs: ["swift": "exit 127"],
        sentence: "Swift 6.2 or newer is needed: see https://www.swift.org/install/linux/"),
      Machine(
        name: "with an old Swift", programs: ["swift": "echo Swift version 5.10.1"],
        sentence: "see https://www.swift.org/install/linux/ (found Swift 5.10)"),
      Machine(
        name: "without packages, without root",
        programs: ["pkg-config": "exit 1", "id": "echo 1000", "sudo": "exit 1"],
        sentence: "this is not root; run as root: apt-get install --yes --no-install-recommends"),
      Machine(
        name: "without packages, without network",
        programs: ["pkg-config": "exit 1", "id": "echo 0", "apt-get": "exit 100"],
        sentence: "could not be installed; with a network, run as root: apt-get update &&"),
      Machine(
        name: "without Python's packages, without network", programs: ["pkg-config": "exit 0"],
        variables: ["PIP_INDEX_URL": "http://127.0.0.1:1/", "PIP_RETRIES": "0"],
        sentence: "with a network to pypi.org, run ci/setup again"),
    ]
  }

  @Test(arguments: Machine.all)
  func `what is missing is said in a sentence with what to do`(_ machine: Machine) throws {
    let folder = try TestFolder()
    for name in ["setup", "common.sh", "requirements.txt"] {
      let text = try Files.text(of: Stairway.root / "ci/\(name)")
      try folder.write(text, to: "ci/\(name)")
    }
    let programs = ["swift": "echo Swift version 6.2"].merging(machine.programs) { $1 }
    for (name, script) in programs {
      let file = try folder.write("#!/bin/sh\n\(script)\n", to: "bin/\(name)")
      try Files.setMode(0o755, of: file)
    }
    let run = try ChildProcess.run(
      Launch(
        "/bin/bash", [(folder.path / "ci/setup").text],
        environment: ["PATH": "\(folder.path)/bin:/usr/bin:/bin", "HOME": folder.path.text]
          .merging(machine.variables) { $1 }))
    #expect(run.status == .exited(3), "\(run.output)\(run.errors)")
    #expect(run.errors.contains(machine.sentence), "\(run.errors)")
  }
}
