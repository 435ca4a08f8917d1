/// A revision that is merged already, and is not any more what it was then.
package struct RevisionChange: Hashable, Sendable, Codable {
  /// A part of the file that does something else now.
  package struct Part: Hashable, Sendable, Codable {
    /// What the part that says the branch labels is called.
    package static let labels = "branch_labels"

    /// The function's or class's name, or `labels`; empty for what stands outside of any.
    package let name: String
    /// Where it is now, 1-based; nil where it is gone.
    package let line: Int?
    /// Its lines that differ, each with `-` or `+` before it, and those around them with a blank.
    package let difference: [String]

    package init(name: String, line: Int?, difference: [String]) {
      self.name = name
      self.line = line
      self.difference = difference
    }
  }

  package let revision: RevisionID
  /// Its file then, where the project looks for it now; nil where that is not known.
  package var formerFile: String?
  /// Where that file lay then as the repository names it, where it was another place: its folder, or the
  /// whole project, was moved since. nil where it was the same.
  package var formerPlace: String?
  /// The commit that has it so, as git abbreviates it, where the one at which the branches parted has
  /// it not. nil where that one has it, or where no commit tells.
  package var formerCommit: String?
  /// The submodule in which that file lay, as the outermost repository names it: the commit is one of its
  /// own then. nil where it lay in none.
  package var formerModule: String?
  /// Where that submodule lies now, where it was moved; nil where it was not.
  package var presentModule: String?
  /// What it followed and needed then.
  package let formerParents: [RevisionID]
  package let formerDependencies: [RevisionID]
  /// What it follows and needs now; nil where no file defines it any more.
  package let parents: [RevisionID]?
  package let dependencies: [RevisionID]?
  /// Whether its file does something else than then, or labels another branch.
  package let isEdited: Bool
  /// Which parts of it do; empty where that is not known.
  package let parts: [Part]
  /// A new revision that does the same, where this one is gone: its id was changed.
  package let successor: RevisionID?
  /// Where its file lies, this one being gone: where it lay, in a folder that the settings do not name any
  /// more, or in another that they never did. nil where there is none, or where that is not known.
  package var leftAt: String?

  package init(
    revision: RevisionID, formerFile: String? = nil, formerParents: [RevisionID] = [],
    formerDependencies: [RevisionID] = [], parents: [RevisionID]? = nil,
    dependencies: [RevisionID]? = nil, isEdited: Bool = false, parts: [Part] = [],
    successor: RevisionID? = nil
  ) {
    self.revision = revision
    self.formerFile = formerFile
    self.formerParents = formerParents
    self.formerDependencies = formerDependencies
    self.parents = parents
    self.dependencies = dependencies
    self.isEdited = isEdited
    self.parts = parts
    self.successor = successor
  }

  /// Whether no file defines it any more.
  package var isGone: Bool { parents == nil }

  /// Whether it stands at another place of the history.
  package var isMoved: Bool {
    guard let parents, let dependencies else { return false }
    return Set(parents) != Set(formerParents) || Set(dependencies) != Set(formerDependencies)
  }
}
