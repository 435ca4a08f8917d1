import Formats
import Testing

@Suite struct UTF8TextTests {
  @Test func `a byte order mark is no part of the text`() throws {
    #expect(try UTF8Text.decode([0xEF, 0xBB, 0xBF] + Array("é".utf8), name: "x") == "é")
    #expect(try UTF8Text.decode([], name: "x") == "")
  }

  @Test(arguments: [
    ([0x61, 0x0A, 0x62, 0xE9, 0x0A], 2, "not UTF-8"), ([0xFF, 0xFE, 0x61, 0x00], 1, "UTF-16"),
    ([0xED, 0xA0, 0x80], 1, "not UTF-8"),
  ])
  func `a fault names its line`(bytes: [UInt8], line: Int, part: String) {
    let error = #expect(throws: FormatError.self) { try UTF8Text.decode(bytes, name: "x") }
    #expect(error?.code == .notUTF8)
    #expect(error?.line == line)
    #expect(error?.message.contains(part) == true)
  }
}
