import Formats
import Testing

@Suite struct XMLTextTests {
  @Test func `elements, attributes and text are escaped and indented`() throws {
    var xml = try XMLText()
    try xml.element("a", ["x": "1 < 2 & \"3\"", "left-out": nil]) { xml in
      try xml.element("b", text: "]]> <i> & ü 🚪")
      try xml.element("c")
    }
    let text = try xml.finish()
    #expect(
      text == """
        <?xml version="1.0" encoding="UTF-8"?>
        <a x="1 &lt; 2 &amp; &quot;3&quot;">
          <b>]]&gt; &lt;i&gt; &amp; ü 🚪</b>
          <c/>
        </a>

        """)
  }

  @Test func `line breaks and tabs in attributes are written as character references`() throws {
    var xml = try XMLText()
    try xml.element("a", ["x": "one\ntwo\tthree\rfour"])
    let text = try xml.finish()
    #expect(text.contains("x=\"one&#10;two&#9;three&#13;four\""))
  }

  @Test func `characters that XML cannot hold are shown, in text and in attributes`() throws {
    var xml = try XMLText()
    try xml.element("a", ["x": "\u{7}\u{0}"], text: "\u{1B}[31m\u{FFFE}\u{FFFF}\u{B}")
    let text = try xml.finish()
    #expect(text.contains("<a x=\"#x07#x00\">#x1B[31m#xFFFE#xFFFF#x0B</a>"))
    #expect(try XMLSchemaCheck.problems(of: text, against: Self.schema).isEmpty)
  }

  @Test func `the schema check says what a schema does not permit`() throws {
    #expect(try XMLSchemaCheck.problems(of: "<a x='1'/>", against: Self.schema).isEmpty)
    let problems = try XMLSchemaCheck.problems(of: "<a>\n<b/></a>", against: Self.schema)
    #expect(!problems.isEmpty)
    #expect(problems.contains { $0.contains("'b'") || $0.contains("'x'") })
  }

  @Test func `the schema check refuses what is not well-formed`() {
    let error = #expect(throws: FormatError.self) {
      try XMLSchemaCheck.problems(of: "<a>\n<b></a>", against: Self.schema)
    }
    #expect(error?.source == "document")
    #expect(error?.line == 2)
    #expect(throws: FormatError.self) {
      try XMLSchemaCheck.problems(of: "<a/>", against: "<a/>")
    }
  }

  private static let schema = """
    <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
      <xs:element name="a"><xs:complexType><xs:simpleContent>
        <xs:extension base="xs:string"><xs:attribute name="x" use="required"/></xs:extension>
      </xs:simpleContent></xs:complexType></xs:element>
    </xs:schema>
    """
}
