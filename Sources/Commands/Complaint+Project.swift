import Databases
import Platform
import Walks

extension Complaint {
  /// The same with its place as the working folder sees it, where that is a file of the project.
  func seen(from workingFolder: Path, ofProjectIn project: Path) -> Complaint {
    guard let file = file(in: project) else { return self }
    let folder = project.relative(to: workingFolder).text
    guard folder != ".", !file.name.hasPrefix("/") else { return self }
    return Complaint(
      code, at: "\(folder)/\(place ?? "")", message, fix: fix, output: output, outcome: outcome)
  }

  /// The same as the reason why a run could not begin.
  func fault(ofProjectIn project: Path) -> Fault {
    let file = file(in: project)
    let said = file == nil ? place.map { "\($0): \(message)" } ?? message : message
    return Fault(
      Fault.Code(rawValue: code), message: said, output: output ?? "", fix: fix, file: file?.name,
      line: file?.line)
  }

  /// The file of `place` and its line; nil where it names none.
  private func file(in project: Path) -> (name: String, line: Int?)? {
    guard let place else { return nil }
    var name = place[...]
    var line: Int?
    if let colon = place.lastIndex(of: ":"), let number = Int(place[place.index(after: colon)...]) {
      name = place[..<colon]
      line = number
    }
    return Files.isFile(project / String(name)) ? (String(name), line) : nil
  }
}
