import FoundationEssentials
import Platform

/// The process: hands its surroundings to the command line tool and ends with its status.
package enum Program {
  /// Runs the command that the process was started with, and ends the process.
  package static func run() -> Never {
    Signals.ignoreBrokenPipes()
    let output = Descriptor(owning: 1)
    let error = Descriptor(owning: 2)
    let outcome = CommandLineTool.run(
      Invocation(
        arguments: Array(CommandLine.arguments.dropFirst()),
        environment: ProcessInfo.processInfo.environment,
        workingFolder: Path(FileManager.default.currentDirectoryPath),
        writeOutput: { try? output.write($0) }, writeError: { try? error.write($0) },
        outputIsTerminal: Terminal.standardOutput.isTerminal,
        errorIsTerminal: Terminal.standardError.isTerminal, clock: .system,
        interruption: .bySignals()))
    ThisProcess.end(status: outcome.rawValue)
  }
}
