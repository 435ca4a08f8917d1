import Testing

@testable import Formats

@Suite struct PercentEncodingTests {
  @Test(arguments: [
    ("plain-1", "", "plain%2D1"), ("plain-1", "-", "plain-1"), ("a b\n", "", "a%20b%0A"),
    ("größe", "", "gr%C3%B6%C3%9Fe"), ("%", "-", "%25"), ("", "-", ""),
  ])
  func `all but letters, digits and some marks`(text: String, marks: String, encoded: String) {
    #expect(PercentEncoding.encoded(text.utf8, keeping: marks) == encoded)
    #expect(PercentEncoding.decoded(encoded) == text)
  }

  @Test func `only some marks, and everything else as it is`() {
    #expect(PercentEncoding.encoded("größe?\r\n1%", only: "%?\r\n") == "größe%3F%0D%0A1%25")
  }

  @Test(arguments: [("100%", "100%"), ("%4", "%4"), ("%zz%41", "%zzA"), ("%+1", "%+1")])
  func `a percent sign that encodes nothing stands for itself`(text: String, decoded: String) {
    #expect(PercentEncoding.decoded(text) == decoded)
  }
}
