import Testing

@testable import Databases

struct CredentialsTests {
  @Test(arguments: [
    ("nothing here", "nothing here"),
    ("postgresql://u:pw@h/d", "postgresql://u:***@h/d"),
    (
      "at postgresql+asyncpg://u:p@w@h:5/d?x=1 failed",
      "at postgresql+asyncpg://u:***@h:5/d?x=1 failed"
    ),
    ("postgres://u:a@h and postgres://v:b@h", "postgres://u:***@h and postgres://v:***@h"),
    ("postgres://u@h/d", "postgres://u@h/d"),
    ("https://h:80/a", "https://h:80/a"),
    ("host=h password=pw user=u", "host=h password=*** user=u"),
    ("password='a \\' b' user=u", "password=*** user=u"),
    ("connect(password=\"x y\")", "connect(password=***)"),
    ("?sslpassword=x&sslmode=y", "?sslpassword=***&sslmode=y"),
    ("password=", "password=***"),
    ("str(url, hide_password=False), pw", "str(url, hide_password=False), pw"),
    ("PGPASSWORD=x DATABASE_PASS=y;PWD=z;", "PGPASSWORD=*** DATABASE_PASS=***;PWD=***;"),
    ("PWD=/srv bypass=1", "PWD=/srv bypass=1"),
    ("://", "://"),
  ])
  func `passwords are taken out by their place`(_ text: String, _ expected: String) {
    #expect(Credentials.removed(from: text) == expected)
  }
}
