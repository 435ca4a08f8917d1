import Platform

/// A workflow for GitHub to begin with: every pull request verifies what it adds.
struct StarterWorkflow {
  /// The project's folder as the repository's root sees it; empty for the root itself.
  var place = ""
  /// What installs the project's requirements, run in its folder.
  private(set) var installation = "pip install -r requirements.txt"
  /// Whether there is nothing that says what the project needs, so that it has to be written down.
  private(set) var isToBeCompleted = false

  static let name = ".github/workflows/migrations.yml"

  init() {}

  /// For the project in this folder, which may lie anywhere in its repository.
  init(of folder: Path, at place: String) {
    self.place = place
    func has(_ name: String) -> Bool { Files.exists(folder / name) }
    if has("requirements.txt") { return }
    isToBeCompleted = !has("pyproject.toml") && !has("setup.py")
    installation =
      isToBeCompleted ? "pip install alembic # and what else the project needs" : "pip install ."
  }

  /// Its own name as the project's folder sees it.
  var name: String {
    let steps = place.isEmpty ? 0 : place.split(separator: "/").count
    return String(repeating: "../", count: steps) + Self.name
  }

  var text: String {
    let isNested = !place.isEmpty
    let folder = isNested ? "\n        working-directory: \(place)" : ""
    let input = isNested ? "\n          working-directory: \(place)" : ""
    return """
      # Every pull request: what it adds, on SQLite and PostgreSQL, and once more in a merge queue. Without a
      # filter by paths, so that it can be a required check. Safe for forks: it reads the repository and has no
      # secrets. Explained in docs/ci.md.
      name: Migrations
      on:
        pull_request:
        merge_group: # nothing begins it where the repository has no merge queue
      permissions:
        contents: read
      concurrency:
        group: ${{ github.workflow }}-${{ github.ref }}
        cancel-in-progress: true
      jobs:
        migrations:
          name: Up, down and up again
          runs-on: ubuntu-24.04
          steps:
            - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
              with:
                fetch-depth: 0 # base-ref needs the other branch
                persist-credentials: false
            - uses: actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0
              with:
                python-version: "3.13"
            - run: \(installation)\(folder)
            # OWNER and the commit are those of the Stairway that you use.
            - uses: OWNER/stairway@0000000000000000000000000000000000000000 # v0.1.0
              id: stairway
              with:
                # Where the pull request goes; in a merge queue, what it is queued behind.
                base-ref: ${{ github.event.merge_group.base_sha || format('origin/{0}', github.base_ref) }}\(input)
            - uses: actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0
              if: ${{ !cancelled() && steps.stairway.outputs.report-dir != '' }}
              with:
                name: stairway
                path: ${{ steps.stairway.outputs.report-dir }}

      """
  }
}
