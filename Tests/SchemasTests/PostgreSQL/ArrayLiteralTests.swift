import Testing

@testable import Schemas

struct ArrayLiteralTests {
  @Test(arguments: [
    ("{}", []), ("{a,b}", ["a", "b"]), ("{\"a b\",NULL,\"NULL\"}", ["a b", "NULL"]),
    (#"{"say \"x\"","a\\b","{,}"}"#, [#"say "x""#, #"a\b"#, "{,}"]), (#"{""}"#, [""]),
  ]) func `elements are read as the server writes them`(_ literal: String, _ elements: [String]) {
    #expect(ArrayLiteral.elements(of: literal) == elements)
  }
}
