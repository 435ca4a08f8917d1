/// A rehearsal's checklist, as a list of what is done and what somebody has to see to.
struct PageChecklist {
  let checklist: Checklist

  var section: PageSection {
    let open = checklist.items.count { $0.state != .done }
    return PageSection(
      id: "checklist", title: "Checklist", count: open == 0 ? "" : "\(open)",
      content: "<ul class=\"checklist\">\n\(checklist.items.map(line))</ul>\n")
  }

  private func line(_ item: Checklist.Item) -> Markup {
    let mark = Mark(item.state)
    let details = item.details.map { detail -> Markup in
      "<li>\(PageText.title(detail, limit: 1_000))</li>\n"
    }
    let list: Markup = details.isEmpty ? "" : "\n<ul>\n\(details)</ul>\n"
    return """
      <li><span class="sign \(mark.rawValue)">\(mark.sign)</span> <b>\(item.title)</b> \(item.state.remark)\(PageText.title(item.answer, limit: 1_000))\(list)</li>

      """
  }
}

extension Mark {
  fileprivate init(_ state: Checklist.State) {
    self =
      switch state {
      case .done: .good
      case .open: .warning
      case .unknown: .unknown
      }
  }
}

extension Checklist.State {
  /// Before the answer, where something is left.
  fileprivate var remark: String {
    switch self {
    case .done: ""
    case .open: "(to see to) "
    case .unknown: "(not found out) "
    }
  }
}
