/// Strongly connected components by Tarjan's algorithm, without recursion: a chain of rows may be
/// long. What others point to is found before them.
package struct StrongComponents {
  private let edges: [[Int]]
  /// Each component's nodes, in the order in which the components were complete.
  package private(set) var found: [[Int]] = []
  private var numbers: [Int?]
  private var lows: [Int]
  private var isOpen: [Bool]
  private var stack: [Int] = []
  private var next = 0

  /// - Parameter edges: of each node, the nodes that it points to.
  package init(edges: [[Int]]) {
    self.edges = edges
    numbers = Array(repeating: nil, count: edges.count)
    lows = Array(repeating: 0, count: edges.count)
    isOpen = Array(repeating: false, count: edges.count)
  }

  /// Finds the components that can be reached from this node and are not found yet.
  package mutating func visit(_ start: Int) {
    guard numbers[start] == nil else { return }
    var path = [(node: start, edge: 0)]
    enter(start)
    while let (node, edge) = path.last {
      if edge < edges[node].count {
        path[path.count - 1].edge += 1
        let target = edges[node][edge]
        if let number = numbers[target] {
          if isOpen[target] { lows[node] = min(lows[node], number) }
        } else {
          enter(target)
          path.append((target, 0))
        }
        continue
      }
      path.removeLast()
      if let parent = path.last?.node { lows[parent] = min(lows[parent], lows[node]) }
      if lows[node] == numbers[node] { close(node) }
    }
  }

  private mutating func enter(_ node: Int) {
    numbers[node] = next
    lows[node] = next
    next += 1
    stack.append(node)
    isOpen[node] = true
  }

  private mutating func close(_ node: Int) {
    var component: [Int] = []
    while let last = stack.popLast() {
      isOpen[last] = false
      component.append(last)
      if last == node { break }
    }
    found.append(component.sorted())
  }
}
