import Formats
import Testing

@Suite struct YAMLTextTests {
  @Test(arguments: [
    "Ann", "Ann Lee", "ann@example.org", "a/b-c_d.e+f", "Zoë", "2001-02-03", "_x",
  ])
  func `what can only be text stands without quotes`(text: String) {
    #expect(YAMLText.text(text) == text)
  }

  @Test(arguments: [
    "", " ", "~", "null", "True", "yes", "NO", "off", "y", "5", "-1", "1.5", "1e3", ".inf", "0x1F",
    "012", "2001-02-03 04:05:06", "12:30:45", "a: b", "a #b", "#a", "- a", "a ", " a", "[a", "{a",
    "a,b", "'a", "a\"b\\", "*a", "&a", "!a", "%a", "@a", "`a", "? a", "<<", "a\nb\tc\r", "\u{1}",
    "\u{85}\u{2028}\u{2029}\u{FEFF}\u{FFFE}\u{7F}\u{9F}", "\u{301}a", "e\u{301}", "日本語", "😀",
    "a\u{A0}", String(repeating: "long ", count: 100),
  ])
  func `any text is read back as it was, in a row, in a list and as a key`(text: String) throws {
    let written = YAMLText.text(text)
    #expect(!written.contains("\n"))
    for document in [
      "v: \(written)", "v: {a: 1, v: \(written), b: 2}", "v: [1, \(written), 2]",
      "\(written): {\(written): \(written)}",
    ] {
      let root = try YAMLDocument.parse(document, name: "x")
      var texts: [String] = []
      func collect(_ node: YAMLNode) {
        node.sequence?.forEach(collect)
        node.mapping?.forEach {
          if $0.key == text { texts.append($0.key) }
          collect($0.value)
        }
        if node.value == .text(text) { texts.append(text) }
      }
      collect(root)
      #expect(texts.contains(text), "\(document)")
    }
  }
}
