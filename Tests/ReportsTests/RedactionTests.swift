import Reports
import Testing

@Suite struct RedactionTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    let text: String
    let expected: String
    var testDescription: String { text }
    init(_ text: String, _ expected: String? = nil) {
      self.text = text
      self.expected = expected ?? text
    }

    static let all: [Sample] = [
      .init("postgresql://u:p@h/db", "postgresql://u:***@h/db"),
      .init("postgresql+psycopg2://u:p%40w@h:5432/db", "postgresql+psycopg2://u:***@h:5432/db"),
      .init("see postgres://u:a/b@h/d now", "see postgres://u:***@h/d now"),
      .init("postgres://u:a@b@h/d", "postgres://u:***@h/d"),
      .init("two a://u:x@h b://u:y@h", "two a://u:***@h b://u:***@h"),
      .init("postgresql://u@h/db"), .init("http://h:80/a"), .init("sqlite:////tmp/a@b"),
      .init("postgresql://u:***@h/db"), .init("a::b text://"), .init("x:"), .init("p"),
      .init("host=h password=geheim user=u", "host=h password=*** user=u"),
      .init("password='ge heim' x", "password='***' x"),
      .init("PGPASSWORD=geheim ", "PGPASSWORD=*** "),
      .init("UID=sa;PWD=geheim;x=1", "UID=sa;PWD=***;x=1"),
      .init("DATABASE_PASS=geheim ", "DATABASE_PASS=*** "),
      .init("{'pass': 'x', 'pwd': 'y'}", "{'pass': '***', 'pwd': '***'}"),
      .init("url.render_as_string(hide_password=False)"),
      .init("PWD=/srv/app bypass=yes"), .init("pass = 1; pass the 'x' on"), .init("pass"),
      .init("?user=u&password=x&sslmode=on", "?user=u&password=***&sslmode=on"),
      .init("{'password': 'x', 'user': 'u'}", "{'password': '***', 'user': 'u'}"),
      .init("CREATE ROLE a PASSWORD 'x''y' LOGIN", "CREATE ROLE a PASSWORD '***' LOGIN"),
      .init("ROLE a PASSWORD E'x\\'y' LOGIN", "ROLE a PASSWORD E'***' LOGIN"),
      .init("ROLE a PASSWORD U&'xy' LOGIN", "ROLE a PASSWORD U&'***' LOGIN"),
      .init("ROLE a PASSWORD $$x$y$$ LOGIN", "ROLE a PASSWORD $$***$$ LOGIN"),
      .init("ROLE a PASSWORD $a_b$x$$y$a_b$ b", "ROLE a PASSWORD $a_b$***$a_b$ b"),
      .init("WHERE password $1 AND password $"),
      .init(#"{"a": "PASSWORD $$x", "b": 1}"#, #"{"a": "PASSWORD $$***", "b": 1}"#),
      .init(#"{"a": "password=\"x y\" z"}"#, #"{"a": "password=\"***\" z"}"#),
      .init(#"{"a": "password='x", "b": 1}"#, #"{"a": "password='***", "b": 1}"#),
      .init(#"{"a": "x://u:p\\q@h", "b": 1}"#),
      .init("column users.password: VARCHAR(64)"), .init("password = db.Column(db.String)"),
      .init("password VARCHAR(255) NOT NULL"), .init("WHERE password=%(password)s"),
      .init("password=? AND password=$1 AND password=:p"), .init("the password is wrong"),
      .init(#"{"password": "structure", "path": ["users", "password"]}"#),
    ]
  }

  @Test(arguments: Sample.all)
  func `passwords are hidden and nothing else`(_ sample: Sample) {
    #expect(Redaction.applied(to: sample.text) == sample.expected)
    #expect(Redaction.applied(to: sample.expected) == sample.expected)
  }
}
