package import Databases

extension AlembicProject {
  /// The databases that are the project's own: those that its settings and variables name, and those that
  /// its code asks for when its environment is run without a step, however it puts their names together.
  ///
  /// None of them is opened. Where the code ends before it asks for one, that one is not among them.
  ///
  /// - Throws: `ProjectError` where no Python can be asked, or does not answer.
  package func ownDatabases() throws -> [DatabaseAddress] {
    let worker = try takeWorker()
    defer { worker.close() }
    var order = WorkerOrder(.databases)
    order.settings = orderSettings
    return try ask(worker, order).databases?.compactMap(\.address) ?? []
  }
}

extension WorkerAnswer {
  /// A database of the project's own.
  struct OwnDatabase: Decodable {
    let engine: Engine
    let path: String?
    /// libpq's; what is left out is as libpq would take it.
    let keywords: [String: String]?

    /// nil for what libpq would not take.
    var address: DatabaseAddress? {
      switch engine {
      case .sqlite: path.map { .sqlite(path: $0) }
      case .postgresql: (try? PostgresAddress(keywords: keywords ?? [:])).map { .postgresql($0) }
      }
    }
  }
}
