import FoundationEssentials
import Formats
import Platform
import Reports
import Testing

/// A page as a parser of HTML reads it: Python's, which is nobody's of this house.
struct PageReader: Decodable {
  struct Element: Decodable {
    let tag: String
    let attributes: [String: String]
  }

  let elements: [Element]
  /// What stands between tags, without the style and the script.
  let text: String
  /// What the policy would have to name each of them by.
  let hashes: [String: String]

  /// The names that links can go to.
  var names: [String] { elements.compactMap { $0.attributes["id"] } }
  /// Where the links go.
  var links: [String] { elements.compactMap { $0.attributes["href"] } }

  init(_ page: String) throws {
    let folder = try TemporaryFolder()
    try Files.write(page, to: folder.path / "report.html")
    let answer = folder.path / "answer.json"
    _ = try PackageFiles.python(
      Self.script, [(folder.path / "report.html").text, answer.text])
    self = try JSONText.decode(
      PageReader.self, from: Files.text(of: answer), name: "what Python read")
  }

  private static let script = """
    import base64, hashlib, html.parser, json, sys
    class Reader(html.parser.HTMLParser):
        elements, text, hashes, within = [], [], {}, None
        def handle_starttag(self, tag, attributes):
            self.elements.append({"tag": tag, "attributes": {k: v or "" for k, v in attributes}})
            self.within = tag if tag in ("style", "script") else None
        def handle_endtag(self, tag):
            self.within = None
        def handle_data(self, data):
            if self.within:
                digest = hashlib.sha256((self.hashes.get(self.within, "") + data).encode()).digest()
                self.hashes[self.within] = base64.b64encode(digest).decode()
            else:
                self.text.append(data)
    reader = Reader(convert_charrefs=True)
    reader.feed(open(sys.argv[1], newline="").read())
    reader.close()
    answer = {"elements": reader.elements, "text": "".join(reader.text), "hashes": reader.hashes}
    json.dump(answer, open(sys.argv[2], "w"))
    """
}
