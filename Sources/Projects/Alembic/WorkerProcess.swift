import FoundationEssentials
private import Glibc
import Platform
import Synchronization
import Walks

/// The Python process that runs a project's migrations, and the line of orders to it.
///
/// It ends when it is let go; an order that it does not answer properly ends it at once.
final class WorkerProcess: Sendable {
  /// Why a worker gave no answer.
  struct Failure: Error {
    let code: Fault.Code
    let message: String
    /// The last of what it printed, and of one that hung the lines that it was at.
    let output: String
    /// Of one that hung.
    var atWork: StatementAtWork?
  }

  /// The statement that a server has not answered yet.
  struct StatementAtWork {
    let sql: String
    /// Whether it waits for a lock that another connection of the same worker holds.
    let waitsForOwnLock: Bool
  }

  private struct Line {
    let child: ChildProcess
    let orders: Descriptor
    let answers: LineReader
    /// Held open as long as the worker shall live.
    let lifeline: Descriptor
  }

  private let line: Mutex<Line>
  private let output: UnnamedFile
  private static let longestOutput = 16 << 10

  /// Starts Python and hands it the worker's modules; it then loads Alembic by itself.
  /// - Throws: `PlatformError`.
  init(
    _ python: PythonInterpreter, folder: Path, environment: [String: String],
    interruption: Interruption?
  ) throws {
    let orders = try Pipe()
    let answers = try Pipe()
    let lifeline = try Pipe()
    let printed = try UnnamedFile(in: Files.temporaryFolder(environment))
    let launch = Launch(
      python.path.text, ["-c", WorkerProgram.boot], environment: environment,
      workingDirectory: folder,
      descriptors: [
        1: printed.descriptor.number, 2: printed.descriptor.number, 3: orders.reading.number,
        4: answers.writing.number, 5: lifeline.reading.number,
      ])
    let child = try ChildProcess(launch)
    orders.reading.close()
    answers.writing.close()
    lifeline.reading.close()
    try? orders.writing.write(WorkerProgram.modules)
    output = printed
    line = Mutex(
      Line(
        child: child, orders: orders.writing,
        answers: LineReader(answers.reading, interruption: interruption),
        lifeline: lifeline.writing))
  }

  /// Sends an order and waits for its answer.
  /// - Parameters:
  ///   - seconds: after which the worker is given up.
  ///   - atWork: called before it is, for what its server is about.
  func ask(
    _ order: WorkerOrder, seconds: Double, atWork: () -> StatementAtWork? = { nil }
  ) throws(Failure) -> WorkerAnswer {
    tell(order)
    return try answer(seconds: seconds, atWork: atWork)
  }

  /// Waits for the answer to an order that was told.
  /// - Parameters: those of `ask`.
  func answer(
    seconds: Double, atWork: () -> StatementAtWork? = { nil }
  ) throws(Failure) -> WorkerAnswer {
    let result: Result<WorkerAnswer, Failure> = line.withLock { line in
      do {
        let deadline = Clock.system.monotonic() + seconds
        guard let answer = try line.answers.next(deadline: deadline) else {
          return .failure(ended(line.child))
        }
        return read(answer, line.child)
      } catch let error as PlatformError where error.code == .timedOut {
        let statement = atWork()
        // It writes down where it is.
        line.child.signal(SIGUSR2)
        _ = line.child.wait(seconds: 0.2)
        line.child.terminate(within: 0)
        return .failure(hung(after: seconds, at: statement))
      } catch {
        line.child.terminate(within: 0)
        return .failure(failure(.workerExited, "the Python worker was given up: \(error)"))
      }
    }
    return try result.get()
  }

  /// Sends an order and does not wait for its answer.
  func tell(_ order: WorkerOrder) {
    line.withLock { line in
      guard let text = try? JSONEncoder().encode(order) else { return }
      // A worker that has just ended does not read; its end is seen by the next line.
      try? line.orders.write(Array(text) + [UInt8(ascii: "\n")])
    }
  }

  /// Ends it at once, without a word, and all that it has started.
  func kill() { line.withLock { _ = $0.child.terminate(within: 0) } }

  private func read(_ answer: String, _ child: ChildProcess) -> Result<WorkerAnswer, Failure> {
    if let read = try? JSONDecoder().decode(WorkerAnswer.self, from: Data(answer.utf8)) {
      return .success(read)
    }
    child.terminate(within: 0)
    let shown = answer.prefix(80).map { $0.isASCII && !$0.isNewline ? String($0) : "?" }.joined()
    return .failure(
      failure(
        .workerGarbled, "the Python worker sent what is no answer: \(shown)",
        printed: answer.count > 80 ? String(answer.prefix(2_000)) : nil))
  }

  private func ended(_ child: ChildProcess) -> Failure {
    let status = child.wait(seconds: 5) ?? child.terminate(within: 0)
    return failure(.workerExited, "the Python worker \(status)")
  }

  private func failure(_ code: Fault.Code, _ message: String, printed: String? = nil) -> Failure {
    Failure(code: code, message: message, output: printed ?? output.tail(Self.longestOutput))
  }

  private func hung(after seconds: Double, at statement: StatementAtWork?) -> Failure {
    let why =
      statement?.waitsForOwnLock == true
      ? ": it waits for a lock that another connection of its own holds" : ""
    var failure = failure(
      .workerHung, "the Python worker gave no answer within \(Self.shown(seconds))\(why)")
    failure.atWork = statement
    return failure
  }

  private static func shown(_ seconds: Double) -> String {
    seconds == seconds.rounded() && seconds < 1e9 ? "\(Int(seconds)) s" : "\(seconds) s"
  }

  /// Asks it to end, and ends it.
  func close() {
    line.withLock { line in
      try? line.orders.write("{\"order\":\"close\"}\n")
      _ = try? line.answers.next(deadline: Clock.system.monotonic() + 2)
      line.child.terminate(within: 0)
    }
  }
}
