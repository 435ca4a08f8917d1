/// Writes `docs/configuration.md` from the table of keys, so that it lists what there is.
enum SettingsDocumentation {
  static var page: String {
    """
    <!-- Generated from Sources/Commands/Settings: STAIRWAY_WRITE_DOCS=1 swift test --filter CommandsTests -->
    # Configuration

    Everything has a default that works: `stairway verify` in a project's folder needs no settings.
    What a project wants otherwise stands in `stairway.yml` in its folder, or in `[tool.stairway]` of
    its `pyproject.toml`, which is read where there is neither that nor `stairway.yaml`; `stairway doctor`
    names a file of settings that is passed over for another one. A flag stands above an
    environment variable, a variable above the file, the file above the default. An unknown key or a
    value of another type is an error that names the line and what would be right; the exit status is
    then 4. Paths in the file begin at the project's folder, those in flags and variables at the
    working folder. A `.env` file is read for the variables that name a database, as the frameworks
    do, so that they can be pointed at the scratch database.

    ```yaml
    engines: [sqlite, postgresql]
    alembic:
      config: migrations/alembic.ini
      app: wsgi:app
      environment: {APP_ENV: testing}
    downgrade-floor: 4cd99ccb2794
    skip: {7d0e21c4b9aa: loads a dump that only production has}
    severity: {downgrade-reorders-columns: error}
    allow:
      - rule: missing-downgrade
        revision: 9f31c02e77ab
        because: the rows were handed over to another service
    ```

    ## Keys

    \(SettingKey.all.map(entry).joined(separator: "\n"))
    ## Allowances

    An allowance says that a finding is meant. It has a `rule`, and perhaps a `revision` and the
    `object` that it is about, as the finding names it after its kind (`users.nickname`). `because` is
    the reason, and required. An allowance that matches nothing any more is a finding itself
    (`unused-allow`).

    The same can stand beside the code that it is about, in the file of the revision:

    ```python
    # stairway: allow downgrade-leaves-trace users.nickname because old releases still read it
    ```

    In SQL such a comment begins with `--`.

    ## Values in reports

    Reports show a few values of the rows that a finding is about. `verify --redact` leaves them out: of
    values their types and lengths stay, of rows their keys, of statements and of
    the lines of code that are quoted all but their literals and comments, of what a migration prints its
    length. The snapshots of the schema hold no rows.

    """
  }

  private static func entry(_ key: SettingKey) -> String {
    var lines = ["### `\(key.path)`", "", key.meaning, ""]
    lines.append("- expects \(key.kind.expectation)")
    if let flag = key.flag { lines.append("- flag: `\(flag)`") }
    if let variable = key.variable { lines.append("- variable: `\(variable)`") }
    lines.append("- default: \(key.standard)")
    return lines.joined(separator: "\n") + "\n"
  }
}
