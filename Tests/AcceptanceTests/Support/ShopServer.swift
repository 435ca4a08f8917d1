import Databases
import FoundationEssentials
import Scratch

/// A server of its own with production's database `shop`, which stands at revision `1a`.
final class ShopServer {
  private let cluster: PostgresCluster

  /// - Parameter script: what else is there beside 3,000 users.
  init(_ script: String = "") throws {
    cluster = try PostgresCluster(
      ScratchSettings(environment: ProcessInfo.processInfo.environment))
    try PostgresConnection(cluster.address).execute("CREATE DATABASE shop")
    try PostgresConnection(shop).execute(
      """
      SET search_path = public;
      CREATE TABLE one(id INTEGER);
      CREATE TABLE users(id integer PRIMARY KEY, name text);
      INSERT INTO users SELECT i, 'n' FROM generate_series(1, 3000) i;
      CREATE TABLE alembic_version(version_num varchar(32) PRIMARY KEY);
      INSERT INTO alembic_version VALUES ('1a');
      """ + script)
  }

  func shutDown() { cluster.shutDown() }

  var shop: PostgresAddress { cluster.address.database("shop") }
}
