import FoundationEssentials
import Platform
import Synchronization

/// The process: hands its surroundings to the command line tool and ends with its status.
package enum Program {
  /// Runs the command that the process was started with, and ends the process.
  package static func run() -> Never {
    Signals.ignoreBrokenPipes()
    Orphans.adopt()
    let output = StandardOutput()
    let error = Descriptor(owning: 2)
    let interruption = Interruption.bySignals()
    var outcome = CommandLineTool.run(
      Invocation(
        arguments: Array(CommandLine.arguments.dropFirst()),
        environment: ProcessInfo.processInfo.environment,
        workingFolder: Path(FileManager.default.currentDirectoryPath),
        writeOutput: output.write, writeError: { try? error.write($0) },
        outputIsTerminal: Terminal.standardOutput.isTerminal,
        errorIsTerminal: Terminal.standardError.isTerminal,
        ask: asking(through: error, interruption), clock: .system, interruption: interruption))
    if let lost = output.loss {
      let complaint = Complaint(
        "cannot-write-output", "standard output is not whole: \(lost.message)",
        fix: "make room there, or write to a file on another disk")
      try? error.write(complaint.text)
      if outcome == .verified { outcome = complaint.outcome }
    }
    Orphans.end()
    ThisProcess.end(status: outcome.rawValue)
  }

  /// Asks whoever sits at the terminal; nil where nobody does.
  private static func asking(
    through error: Descriptor, _ interruption: Interruption
  ) -> (@Sendable (String) throws -> String?)? {
    guard Terminal.standardInput.isTerminal, Terminal.standardError.isTerminal else { return nil }
    let input = Descriptor(owning: 0)
    return { question in
      try error.write(question)
      return try input.readLine(interruption: interruption)
    }
  }
}

/// Writes to descriptor 1, and remembers whether something was lost.
private final class StandardOutput: Sendable {
  private let descriptor = Descriptor(owning: 1)
  private let first = Mutex<PlatformError?>(nil)

  /// Why the first of what is missing could not be written; a reader that had enough misses nothing.
  var loss: PlatformError? { first.withLock { $0 } }

  func write(_ text: String) {
    do {
      try descriptor.write(text)
    } catch let error as PlatformError where error.code != .brokenPipe {
      first.withLock { $0 = $0 ?? error }
    } catch {}
  }
}
