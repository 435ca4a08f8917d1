/// A database on a PostgreSQL server, taken apart so that each driver's own spelling can be made
/// from it.
package struct PostgresAddress: Sendable, Hashable {
  /// A host name, or the folder of a Unix socket (it then begins with `/`).
  package var host: String
  package var port: Int
  package var user: String
  package var password: String?
  package var database: String
  /// Further libpq parameters, like `sslmode`.
  package var parameters: [String: String]

  package init(
    host: String, port: Int = 5432, user: String, password: String? = nil, database: String,
    parameters: [String: String] = [:]
  ) {
    self.host = host
    self.port = port
    self.user = user
    self.password = password
    self.database = database
    self.parameters = parameters
  }

  /// The same server, another database.
  package func database(_ name: String) -> PostgresAddress {
    var other = self
    other.database = name
    return other
  }

  /// libpq's keyword/value string, quoted by its rules; holds the password, so never print it.
  package var connectionString: String {
    var pairs = [("host", host), ("port", String(port)), ("user", user), ("dbname", database)]
    if let password { pairs.append(("password", password)) }
    pairs += parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return Self.keywordString(pairs)
  }

  static func keywordString(_ pairs: [(String, String)]) -> String {
    pairs.map { key, value in
      let escaped = value.flatMap { $0 == "\\" || $0 == "'" ? ["\\", $0] : [$0] }
      return "\(key)='\(String(escaped))'"
    }.joined(separator: " ")
  }
}
