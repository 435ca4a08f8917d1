import Databases

extension PostgresSchemaReader {
  /// The first snapshot: a full one, and what is needed to follow changes from there.
  func remembered() throws -> CatalogMemory {
    try writes.refresh(connection)
    let probe = ProbeResult(try ask(ChangeProbe.everything, knowing: []))
    let queries = CatalogQuery.all.filter { !probe.empty.contains($0.source) }
    let units = try read(queries, ["COMMIT"])
    let leftOut = excludedRelations(among: units)
    let finished = schemaUnits(of: units, leavingOut: leftOut)
    return CatalogMemory(
      Snapshot(engine: .postgresql, units: finished.values.map { $0 }), units: units,
      finished: finished, leftOut: leftOut, probe: probe)
  }

  /// Follows the changes since the memory was made; of the memory's snapshot, only the units concerned
  /// are read again.
  ///
  /// The steps are transactions of their own. What changes between them was written after the probe's
  /// horizon, so the next probe finds it.
  func update(_ memory: inout CatalogMemory) throws {
    try writes.refresh(connection)
    let probe = ProbeResult(try ask(memory.horizon, knowing: answers))
    let changed = try memory.takeIn(probe)
    let units = changed.units.union(try unitsConcerned(by: changed, in: &memory))
    guard !units.isEmpty else { return }
    let read = try readAgain(units.filter(memory.holds), memory)
    let gone = units.filter { $0.catalog == "pg_class" }.map(\.oid)
    let leftOut = memory.leftOut.subtracting(gone).union(excludedRelations(among: read))
    memory.replace(
      units, with: read, finished: schemaUnits(of: read, leavingOut: leftOut), leftOut: leftOut)
  }

  /// The units that lost something, and those that read relations with other columns than before.
  private func unitsConcerned(
    by changed: ChangedUnits, in memory: inout CatalogMemory
  ) throws -> Set<UnitKey> {
    let relations = changed.relationsWithOtherColumns
    let removals = changed.catalogsWithRemovals
    guard !relations.isEmpty || !removals.isEmpty else { return [] }
    for removal in removals where prepared.insert(removal.listingName).inserted {
      try connection.execute("PREPARE \(removal.listingName) AS \(removal.listing)")
    }
    let tables = try transaction(
      removals.map { "EXECUTE \($0.listingName)" }
        + (relations.isEmpty ? [] : [Self.dependents(on: relations)]))
    var units: Set<UnitKey> = []
    for (watch, table) in zip(removals, tables) {
      units.formUnion(try memory.forgetRows(of: watch.name, but: table))
    }
    guard !relations.isEmpty, let table = tables.last else { return units }
    let dependents = table.rows.compactMap { row in
      row[1].integer.flatMap { UInt32(exactly: $0) }.map { UnitKey(catalog: row.text(0), oid: $0) }
    }
    if dependents.contains(where: { $0.catalog == "row type" }) {
      throw CatalogMemory.NeedsFullSnapshot()
    }
    return units.union(memory.units(of: dependents))
  }

  /// Views, rules, policies and functions whose printed text names the columns of these relations;
  /// and, as `row type`, functions that return their rows, which are read by others in turn.
  private static func dependents(on relations: Set<UInt32>) -> String {
    let list = "ARRAY[\(relations.map(String.init).joined(separator: ", "))]::oid[]"
    return """
      SELECT DISTINCT d.classid::regclass::text, d.objid FROM pg_depend d
      WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY (\(list)) AND d.classid IN
        ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_proc'::regclass)
      UNION ALL
      SELECT 'row type', d.objid FROM pg_class c JOIN pg_depend d ON d.refobjid = c.reltype
      WHERE c.oid = ANY (\(list)) AND d.refclassid = 'pg_type'::regclass
        AND d.classid = 'pg_proc'::regclass
      """
  }

  /// Reads these units again by prepared statements, in one round trip; leaves out what cannot give
  /// a row, for beginning a statement takes longer than running it.
  private func readAgain(
    _ units: Set<UnitKey>, _ memory: CatalogMemory
  ) throws -> [UnitKey: CatalogRows.ReadUnit] {
    guard !units.isEmpty else { return [:] }
    var queries: [CatalogQuery] = []
    var statements: [String] = []
    for (catalog, group) in Self.groups {
      let oids = units.filter { $0.catalog == catalog }.map { String($0.oid) }
      guard !oids.isEmpty else { continue }
      try prepare(group, of: catalog)
      let kinds = Set(units.filter { $0.catalog == "pg_class" }.map(memory.relationKind))
      for (number, query) in group.enumerated() {
        guard query.mayGive(of: kinds), query.source == catalog || memory.hasNamed(query.source)
        else { continue }
        queries.append(query)
        statements.append("EXECUTE \(catalog)_\(number)('{\(oids.joined(separator: ","))}')")
      }
    }
    var rows = CatalogRows()
    let tables = try transaction(
      [Self.beginning] + statements + ["COMMIT"])
    for (query, table) in zip(queries, tables) { rows.add(table, of: query) }
    return rows.units
  }

  private static let groups: [(String, [CatalogQuery])] = [
    ("pg_class", CatalogQuery.relations), ("pg_type", CatalogQuery.types),
    ("pg_proc", CatalogQuery.routines),
  ]

  private func prepare(_ queries: [CatalogQuery], of catalog: String) throws {
    guard prepared.insert(catalog).inserted else { return }
    var scope = scope
    scope.isRestricted = true
    for (number, query) in queries.enumerated() {
      try connection.prepare(
        "\(catalog)_\(number)", "oid[]", as: query.text(scope), example: "'{}'")
    }
  }

  /// Asks what was written since that transaction: all questions where no answers are known, and
  /// begins the transaction in which everything is then read.
  /// - Returns: the answers to all questions, in their order.
  private func ask(_ horizon: String, knowing known: [Row]) throws -> [Row] {
    let places =
      known.isEmpty
      ? Array(probe.questions.indices) : probe.concerned { writes.isSame($0, since: asked) }
    let name = try preparedProbe(places)
    let beginning = known.isEmpty ? [Self.beginning] : []
    let found = try transaction(beginning + ["EXECUTE \(name)('\(horizon)')"])
    guard let rows = found.first?.rows, rows.count == places.count else {
      throw DatabaseError(.unreadableValue, message: "the catalogs gave no result")
    }
    var now = known.isEmpty ? rows : known
    for (place, row) in zip(places, rows) { now[place] = row }
    asked = writes.now
    // Nothing has been written where nobody was asked, next time.
    answers = now.map { Row([$0[0], $0[1], $0[2], .null]) }
    return now
  }

  /// Planning takes longer than asking: few sets of questions are ever asked.
  private func preparedProbe(_ places: [Int]) throws -> String {
    if let number = probes[places] { return "stairway_probe_\(number)" }
    let name = "stairway_probe_\(probes.count)"
    _ = try transaction([
      "SET plan_cache_mode = force_generic_plan",
      "PREPARE \(name)(xid) AS \(probe.text(places))",
    ])
    probes[places] = probes.count
    return name
  }
}
