extension String {
  /// JSON with pieces put into the member that this text holds as an empty list, a line each. Within
  /// strings the quotation marks would be escaped, so only the member itself matches.
  func filled(_ key: String, with pieces: [String]) -> String {
    guard !pieces.isEmpty, let range = firstRange(of: "\"\(key)\":[]") else { return self }
    return self[..<range.lowerBound] + "\"\(key)\":[\n" + pieces.joined(separator: ",\n") + "\n]"
      + self[range.upperBound...]
  }
}
