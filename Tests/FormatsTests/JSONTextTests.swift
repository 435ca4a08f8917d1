import Formats
import Testing

@Suite struct JSONTextTests {
  struct Sample: Codable, Equatable {
    var zebra = "a/b"
    var apple = [1, 2]
  }

  @Test func `keys are sorted and slashes left as they are`() throws {
    #expect(try JSONText.encode(Sample(), pretty: false) == #"{"apple":[1,2],"zebra":"a/b"}"#)
    #expect(
      try JSONText.decode(Sample.self, from: JSONText.encode(Sample()), name: "x") == Sample())
  }

  @Test func `a wrong member is named by its path`() {
    let error = #expect(throws: FormatError.self) {
      try JSONText.decode([Sample].self, from: #"[{"apple":[1,"x"],"zebra":""}]"#, name: "a.json")
    }
    #expect(error?.message.contains("[0].apple[1]") == true, "\(error?.message ?? "")")
    let missing = #expect(throws: FormatError.self) {
      try JSONText.decode(Sample.self, from: "{}", name: "a.json")
    }
    #expect(missing?.message == #"there is no "zebra""#)
  }
}
