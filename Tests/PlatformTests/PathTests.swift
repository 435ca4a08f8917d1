import Platform
import Testing

@Suite struct PathTests {
  @Test(arguments: [
    ("/srv/shop/a.py", "/srv/shop", "a.py"), ("/srv/shop", "/srv/shop", "."),
    ("/srv/shop/", "/srv/shop", "."), ("/srv/shopping", "/srv/shop", "/srv/shopping"),
    ("/tmp", "/srv/shop", "/tmp"),
  ])
  func `a path reads from a folder that holds it`(_ path: String, _ folder: String, _ text: String)
  {
    #expect(Path(path).relative(to: Path(folder)).text == text)
  }
}
