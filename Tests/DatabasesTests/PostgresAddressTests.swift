import Testing

@testable import Databases

struct PostgresAddressTests {
  @Test(arguments: [
    "postgresql://ann:s3cret@db.example:5433/shop?sslmode=require",
    "postgres://ann:s3cret@db.example:5433/shop?sslmode=require",
    "postgresql+psycopg2://ann:s3cret@db.example:5433/shop?sslmode=require",
    "postgresql+asyncpg://ann:s3cret@db.example:5433/shop?ssl=require",
    "host=db.example port=5433 user=ann password=s3cret dbname=shop sslmode=require",
  ])
  func `an address is read in every spelling`(_ url: String) throws {
    let address = try PostgresAddress(url: url)
    #expect(
      address
        == PostgresAddress(
          host: "db.example", port: 5433, user: "ann", password: "s3cret", database: "shop",
          parameters: ["sslmode": "require"]))
  }

  @Test func `escapes and sockets are understood and written back`() throws {
    let address = try PostgresAddress(
      url: "postgresql://a%40b:p%3A%2Fw%20d%27@/my%20db?host=/var/run/pg&port=6000")
    #expect(address.user == "a@b")
    #expect(address.password == "p:/w d'")
    #expect(address.database == "my db")
    #expect(address.host == "/var/run/pg")
    #expect(address.port == 6000)
    #expect(try PostgresAddress(url: address.url) == address)
    #expect(try PostgresAddress(url: address.connectionString) == address)
    let again = try PostgresAddress(url: address.sqlalchemyURL(driver: "psycopg"))
    #expect(again == address)
  }

  @Test func `a URL for SQLAlchemy names the driver`() {
    let address = PostgresAddress(host: "h", user: "u", password: "p/w", database: "d")
    #expect(
      address.sqlalchemyURL(driver: "asyncpg") == "postgresql+asyncpg://u:p%2Fw@h:5432/d")
    let socket = PostgresAddress(host: "/run/x", port: 1, user: "u", database: "d")
    #expect(socket.url == "postgresql://u@/d?host=%2Frun%2Fx&port=1")
  }

  @Test func `what is left out is filled in`() throws {
    let address = try PostgresAddress(url: "postgresql://ann@somewhere")
    #expect(address.host == "somewhere")
    #expect(address.database == "ann" || !address.database.isEmpty)
    #expect(address.password == nil)
  }

  @Test(arguments: [
    "postgresql://ann:s3cret@host:port/db", "postgresql://ann:s3cret@host/db?nonsense=1",
    "postgresql://ann:s3cret@[::1/db", "mysql://ann:s3cret@host/db",
    "host=h password=s3cret nonsense=1", "host=h password='s3cret",
    "postgresql://ann:s3%zzcret@host/db", "postgresql://ann:Sup/s3cret%zz@host/db",
    "postgresql://ann@host/db?password=Pa&s3cret", "ann:s3cret@host/db",
  ])
  func `an address that cannot be read is refused without its password`(_ url: String) {
    let error = #expect(throws: DatabaseError.self) { try PostgresAddress(url: url) }
    #expect(error?.code == .badAddress)
    #expect(error?.message.isEmpty == false)
    #expect(error?.description.contains("s3") == false)
  }

  @Test func `the address for people has no password`() {
    let address = PostgresAddress(
      host: "h", user: "u", password: "s3cret", database: "d", parameters: ["sslpassword": "k"])
    #expect(address.redacted == "postgresql://u@h:5432/d")
  }

  @Test(arguments: [
    ("postgresql://ann@host/db?sslmode=require", "postgresql://ann@host/db?sslmode=require"),
    ("host=h dbname=d", "host=h dbname=d"),
    ("postgresql://ann:Pa'ss w0rd<x>@host:5433/db", "postgresql://ann:***@host:5433/db"),
    ("host=h user=ann password='Pa\\'ss w0rd' dbname=d", "postgresql://ann:***@h:5432/d"),
    (
      "postgresql://ann@host/db?sslpassword=s3cret&sslmode=require",
      "postgresql://ann@host:5432/db?sslmode=require&sslpassword=***"
    ),
    ("ann:s3cret@host/db", "***"), ("postgresql//ann:s3cret@host/db", "***"),
    ("postgresql://ann:s3/cr%zz@host/db", "***"), ("host=h pasword=s3cret", "***"),
    ("postgresql://ann:P@ss w0rd@host/db", "***"),
  ])
  func `an address as it was written is shown without its password`(_ text: String, _ shown: String)
  {
    #expect(PostgresAddress.shown(text) == shown)
  }

  @Test func `a failed connection does not print the password`() {
    let address = PostgresAddress(
      host: "/no/such/folder", user: "u", password: "s3cret", database: "d s3cret")
    let error = #expect(throws: DatabaseError.self) { _ = try PostgresConnection(address) }
    #expect(error?.code == .cannotConnect)
    #expect(error?.message.contains("/no/such/folder") == true)
    #expect(error?.message.contains("s3cret") == false)
  }
}
