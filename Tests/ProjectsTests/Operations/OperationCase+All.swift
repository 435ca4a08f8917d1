import Databases
import Schemas

extension OperationCase {
  static let all = left + gone + different + sqlite

  /// What a downgrade left behind.
  private static let left = [
    OperationCase(
      "enum", .postgresql, [.added(.single(.type, "mood", ["form": "enum"]))],
      #"op.execute("DROP TYPE mood")"#),
    OperationCase(
      "reserved name", .postgresql, [.added(.single(.sequence, "order"))],
      #"op.execute('DROP SEQUENCE "order"')"#),
    OperationCase(
      "table with its parts", .postgresql,
      [
        .added(.table("t")), .added(.column("t", "id", ["type": "integer"])),
        .added(.index("t", "t_id", ["columns": .list(["id"])])),
        .added(.constraint("t", "t_pkey", "PRIMARY KEY", ["columns": .list(["id"])])),
      ], #"op.drop_table("t")"#),
    OperationCase(
      "index before column", .postgresql,
      [
        .added(.column("t", "a", ["type": "text"])),
        .added(.index("t", "t_a", ["columns": .list(["a"])])),
      ],
      #"op.drop_index("t_a", table_name="t")"#, #"op.drop_column("t", "a")"#),
    OperationCase(
      "function", .postgresql, [.added(.single(.function, "f(integer)"))],
      #"op.execute("DROP FUNCTION f(integer)")"#),
    OperationCase(
      "rule", .postgresql,
      [.added(SchemaObject(ObjectID(.rule, schema: "public", ["t", "r"])))],
      #"op.execute("DROP RULE r ON t")"#),
    OperationCase(
      "grant", .postgresql,
      [
        .changed(
          .single(.table, "t", ["owner": "o"]), ["privileges": .list(["=r/o", "o=arwdDxt/o"])])
      ], #"op.execute("REVOKE SELECT ON t FROM PUBLIC")"#),
    OperationCase(
      "row security", .postgresql, [.changed(.single(.table, "t"), ["row-security": true])],
      #"op.execute("ALTER TABLE t DISABLE ROW LEVEL SECURITY")"#),
    OperationCase(
      "storage parameter", .postgresql,
      [.changed(.single(.table, "t"), ["options": .list(["fillfactor=70"])])],
      #"op.execute("ALTER TABLE t RESET (fillfactor)")"#),
    OperationCase(
      "enum label", .postgresql,
      [
        .changed(
          .single(.type, "mood", ["labels": .list(["a", "b"])]), ["labels": .list(["a", "b", "c"])])
      ],
      "# no operation for type mood: PostgreSQL cannot take labels from an enum; make the type "
        + "anew with a, b and alter its columns to it"),
    OperationCase(
      "order of enum labels", .postgresql,
      [
        .changed(
          .single(.type, "mood", ["labels": .list(["a", "b", "c"])]),
          ["labels": .list(["b", "a", "c"])])
      ],
      "# no operation for type mood: PostgreSQL cannot put an enum's labels in another order; make "
        + "the type anew with a, b, c and alter its columns to it"),
  ]

  /// What a downgrade did not bring back.
  private static let gone = [
    OperationCase(
      "serial keys", .postgresql,
      [
        .removed(.column("t", "id", ["type": "bigint", "not-null": true, "autoincrement": true])),
        .removed(.column("t", "j", ["type": "jsonb", "position": .number(2)])),
        .removed(.constraint("t", "t_pkey", "PRIMARY KEY", ["columns": .list(["id"])])),
        .removed(.table("t")),
        .removed(.column("u", "a", ["type": "integer", "autoincrement": true])),
        .removed(.column("u", "b", ["type": "integer", "position": .number(2)])),
        .removed(.constraint("u", "u_pkey", "PRIMARY KEY", ["columns": .list(["a", "b"])])),
        .removed(.table("u")),
      ],
      "op.execute(", #"    "CREATE TABLE t (\n""#, #"    "  id bigserial NOT NULL,\n""#,
      #"    "  j jsonb,\n""#, #"    "  CONSTRAINT t_pkey PRIMARY KEY (id)\n""#, #"    ")""#, ")",
      "op.create_table(", #"    "u","#,
      #"    sa.Column("a", sa.Integer(), autoincrement=True, nullable=True),"#,
      #"    sa.Column("b", sa.Integer(), autoincrement=False, nullable=True),"#,
      #"    sa.PrimaryKeyConstraint("a", "b", name="u_pkey"),"#, ")"),
    OperationCase(
      "partial unique index", .postgresql,
      [
        .removed(
          .index("t", "t_a", ["columns": .list(["a"]), "unique": true, "predicate": "(NOT d)"]))
      ],
      #"op.create_index("t_a", "t", ["a"], unique=True, postgresql_where=sa.text("(NOT d)"))"#),
    OperationCase(
      "operator class, expression, method", .postgresql,
      [
        .removed(
          .index(
            "t", "t_a",
            ["columns": .list(["lower(a)", "b text_pattern_ops", "\"C\""]), "method": "gin"]))
      ],
      #"op.create_index("t_a", "t", [sa.text("lower(a)"), sa.text("b text_pattern_ops"), "C"], "#
        + #"postgresql_using="gin")"#),
    OperationCase(
      "index with nulls not distinct", .postgresql,
      [
        .removed(
          .index("t", "u", ["columns": .list(["a"]), "unique": true, "nulls-not-distinct": true]))
      ], #"op.execute("CREATE UNIQUE INDEX u ON t (a) NULLS NOT DISTINCT")"#),
    OperationCase(
      "foreign key", .postgresql,
      [
        .removed(
          .constraint(
            "k", "fk", "FOREIGN KEY",
            [
              "columns": .list(["p_id"]), "referenced-table": "p",
              "referenced-columns": .list(["id"]), "on-delete": "CASCADE",
              "deferrable": "DEFERRABLE INITIALLY DEFERRED",
            ]))
      ],
      #"op.create_foreign_key("fk", "k", "p", ["p_id"], ["id"], ondelete="CASCADE", "#
        + #"deferrable=True, initially="DEFERRED")"#),
    OperationCase(
      "exclusion", .postgresql,
      [
        .removed(
          .constraint("t", "ex", "EXCLUDE", ["definition": "EXCLUDE USING gist (r WITH &&)"]))
      ],
      #"op.execute("ALTER TABLE t ADD CONSTRAINT ex EXCLUDE USING gist (r WITH &&)")"#),
    OperationCase(
      "column", .postgresql,
      [
        .removed(
          .column(
            "t", "a", ["type": "character varying(20)", "not-null": true, "default": "'n/a'::text"]
          ))
      ],
      #"op.add_column("t", sa.Column("a", sa.String(length=20), "#
        + #"server_default=sa.text("'n/a'::text"), nullable=False))"#),
    OperationCase(
      "column of the project's own type", .postgresql,
      [.removed(.column("t", "m", ["type": "mood", "privileges": .list(["=r/o"])]))],
      #"op.execute("ALTER TABLE t ADD COLUMN m mood")"#,
      #"op.execute("GRANT SELECT (m) ON t TO PUBLIC")"#),
    OperationCase(
      "table", .postgresql,
      [
        .removed(
          .column("t", "id", ["type": "integer", "not-null": true, "position": .number(1)])),
        .removed(.column("t", "p_id", ["type": "integer", "position": .number(2)])),
        .removed(.constraint("t", "t_pkey", "PRIMARY KEY", ["columns": .list(["id"])])),
        .removed(
          .constraint(
            "t", "t_p_id_fkey", "FOREIGN KEY",
            [
              "columns": .list(["p_id"]), "referenced-table": "p",
              "referenced-columns": .list(["id"]),
            ])),
        .removed(.index("t", "t_p", ["columns": .list(["p_id"])])),
        .removed(.table("t")),
      ],
      "op.create_table(", #"    "t","#,
      #"    sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),"#,
      #"    sa.Column("p_id", sa.Integer(), nullable=True),"#,
      #"    sa.PrimaryKeyConstraint("id", name="t_pkey"),"#, ")",
      #"op.create_foreign_key("t_p_id_fkey", "t", "p", ["p_id"], ["id"])"#,
      #"op.create_index("t_p", "t", ["p_id"])"#),
    OperationCase(
      "function", .postgresql,
      [
        .removed(
          .single(
            .function, "f(integer)",
            [
              "arguments": "a integer", "returns": "integer", "language": "sql",
              "definition": "select $$1$$::int\n", "volatility": "IMMUTABLE",
              "security-definer": true, "configuration": .list(["search_path=pg_catalog"]),
            ]))
      ],
      "op.execute(",
      #"    "CREATE OR REPLACE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE "#
        + #"SECURITY DEFINER SET search_path TO pg_catalog AS $_$select $$1$$::int\n""#,
      #"    "$_$""#, ")"),
    OperationCase(
      "view", .postgresql,
      [
        .removed(
          .single(
            .view, "v",
            ["definition": " SELECT t.id\n   FROM t;", "options": .list(["security_barrier=true"])])
        )
      ],
      "op.execute(", #"    "CREATE VIEW v WITH (security_barrier=true) AS\n""#,
      #"    " SELECT t.id\n""#, #"    "   FROM t""#, ")"),
    OperationCase(
      "serial column's sequence", .postgresql,
      [.removed(.single(.sequence, "t_id_seq", ["type": "integer", "owned-by": "t.id"]))],
      #"op.execute("CREATE SEQUENCE t_id_seq AS integer")"#,
      #"op.execute("ALTER SEQUENCE t_id_seq OWNED BY t.id")"#),
  ]

  /// What a downgrade rebuilt differently.
  private static let different = [
    OperationCase(
      "type with a default that does not follow", .postgresql,
      [
        .changed(
          .column("t", "b", ["type": "boolean", "default": "false"]),
          ["type": "integer", "default": "0"])
      ], #"op.alter_column("t", "b", server_default=None)"#,
      #"op.alter_column("t", "b", type_=sa.Boolean(), postgresql_using="b::boolean", "#
        + #"server_default=sa.text("false"))"#),
    OperationCase(
      "type with a default that follows", .postgresql,
      [
        .changed(
          .column("t", "b", ["type": "bigint", "default": "0"]), ["type": "numeric(4,1)"])
      ],
      #"op.alter_column("t", "b", type_=sa.BigInteger(), postgresql_using="b::bigint")"#),
    OperationCase(
      "labels before what uses them", .postgresql,
      [
        .changed(
          .column("t", "m", ["type": "mood", "default": "'c'::mood"]),
          ["default": "'a'::mood"]),
        .changed(
          .single(.type, "mood", ["labels": .list(["a", "b", "c"])]), ["labels": .list(["b"])]),
      ], "with op.get_context().autocommit_block():",
      #"    op.execute("ALTER TYPE mood ADD VALUE 'a' BEFORE 'b'")"#,
      #"    op.execute("ALTER TYPE mood ADD VALUE 'c'")"#,
      #"op.alter_column("t", "m", server_default=sa.text("'c'::mood"))"#),
    OperationCase(
      "sequence that starts later", .postgresql,
      [.changed(.single(.sequence, "s", ["start": .number(100)]), ["start": nil])],
      #"op.execute("SELECT setval('s', greatest(nextval('s'), 100), false)")"#,
      #"op.execute("ALTER SEQUENCE s START 100")"#),
    OperationCase(
      "default and nullability", .postgresql,
      [
        .changed(
          .column("t", "a", ["type": "text", "default": "'n/a'::text", "not-null": true]),
          ["default": "''::text", "not-null": nil])
      ],
      #"op.alter_column("t", "a", nullable=False, server_default=sa.text("'n/a'::text"))"#),
    OperationCase(
      "type", .postgresql,
      [.changed(.column("t", "a", ["type": "integer"]), ["type": "text"])],
      #"op.alter_column("t", "a", type_=sa.Integer(), postgresql_using="a::integer")"#),
    OperationCase(
      "index without its predicate", .postgresql,
      [
        .changed(
          .index("t", "t_a", ["columns": .list(["a"]), "predicate": "(NOT d)"]), ["predicate": nil])
      ],
      #"op.drop_index("t_a", table_name="t")"#,
      #"op.create_index("t_a", "t", ["a"], postgresql_where=sa.text("(NOT d)"))"#),
    OperationCase(
      "identity", .postgresql,
      [.changed(.column("t", "id", ["type": "integer"]), ["identity": "BY DEFAULT"])],
      #"op.execute("ALTER TABLE t ALTER COLUMN id DROP IDENTITY")"#),
    OperationCase(
      "sequence too narrow", .postgresql,
      [.changed(.single(.sequence, "s", ["type": "bigint"]), ["type": "integer"])],
      #"op.execute("ALTER SEQUENCE s AS bigint")"#),
    OperationCase(
      "partition", .postgresql,
      [
        .changed(
          .single(
            .table, "m1",
            ["partition-bound": "FOR VALUES FROM ('2024') TO ('2025')", "inherits": .list(["m"])]),
          ["partition-bound": nil, "inherits": nil])
      ],
      #"op.execute("ALTER TABLE m ATTACH PARTITION m1 FOR VALUES FROM ('2024') TO ('2025')")"#),
    OperationCase(
      "owner", .postgresql,
      [.changed(.single(.table, "t", ["owner": "postgres"]), ["owner": "app"])],
      #"op.execute("ALTER TABLE t OWNER TO postgres")"#),
  ]

  private static let sqlite = [
    OperationCase(
      "half of a copy", .sqlite,
      [
        .added(.table("_alembic_tmp_t")), .added(.column("_alembic_tmp_t", "a", ["type": "TEXT"])),
        .added(.table("u")),
      ], #"op.drop_table("u")"#),
    OperationCase(
      "one batch a table", .sqlite,
      [
        .added(.column("t", "a", ["type": "TEXT"])),
        .changed(.column("t", "b", ["type": "TEXT", "collation": "NOCASE"]), ["collation": nil]),
        .removed(
          .constraint("t", "ck", "CHECK", ["expression": "a <> ''"])),
      ],
      #"with op.batch_alter_table("t") as batch_op:"#,
      #"    batch_op.alter_column("b", type_=sa.Text(collation="NOCASE"))"#,
      #"    batch_op.drop_column("a")"#,
      #"    batch_op.create_check_constraint(op.f("ck"), sa.text("a <> ''"))"#),
    OperationCase(
      "check without a name", .sqlite,
      [
        .removed(
          .constraint("t", "CHECK (x > 5)", "CHECK", ["expression": "x > 5", "unnamed": true]))
      ],
      #"with op.batch_alter_table("t", table_args=(sa.CheckConstraint(sa.text("x > 5")),), "#
        + #"recreate="always") as batch_op:"#, "    pass"),
    OperationCase(
      "autoincrement", .sqlite,
      [
        .changed(
          .column("t", "id", ["type": "INTEGER", "autoincrement": true]), ["autoincrement": nil])
      ],
      #"with op.batch_alter_table("t", table_kwargs={"sqlite_autoincrement": True}, "#
        + #"recreate="always") as batch_op:"#, "    pass"),
    OperationCase(
      "trigger", .sqlite,
      [
        .removed(
          SchemaObject(
            ObjectID(.trigger, ["t", "tr"]),
            ["definition": "CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END"]))
      ],
      #"op.execute("CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END")"#),
    OperationCase(
      "foreign key without a name", .sqlite,
      [
        .changed(
          .constraint(
            "t", "FOREIGN KEY (p_id) REFERENCES p", "FOREIGN KEY",
            [
              "columns": .list(["p_id"]), "referenced-table": "p",
              "referenced-columns": .list(["id"]), "on-delete": "CASCADE", "unnamed": true,
            ]), ["on-delete": nil])
      ],
      #"with op.batch_alter_table("t", naming_convention={"fk": "fk_%(table_name)s_"#
        + #"%(column_0_N_name)s_%(referred_table_name)s"}, table_args=(sa.ForeignKeyConstraint("#
        + #"["p_id"], list(sa.Table("p", sa.MetaData(), sa.Column("id")).c), ondelete="CASCADE"),), "#
        + #"recreate="always") as batch_op:"#,
      #"    batch_op.drop_constraint("fk_t_p_id_p", type_="foreignkey")"#),
    OperationCase(
      "table", .sqlite,
      [
        .removed(
          .column(
            "t", "id",
            [
              "type": "INTEGER", "not-null": true, "rowid-alias": true, "autoincrement": true,
              "position": .number(1),
            ])),
        .removed(.column("t", "at", ["type": "TEXT", "default": "datetime('now')"])),
        .removed(
          .constraint(
            "t", "PRIMARY KEY", "PRIMARY KEY", ["columns": .list(["id"]), "unnamed": true])
        ), .removed(.table("t")),
      ],
      "op.create_table(", #"    "t","#,
      #"    sa.Column("at", sa.Text(), server_default=sa.text("(datetime('now'))"), nullable=True),"#,
      #"    sa.Column("id", sa.Integer(), nullable=False),"#,
      #"    sa.PrimaryKeyConstraint("id"),"#, "    sqlite_autoincrement=True,", ")"),
  ]
}
