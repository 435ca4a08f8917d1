import History
import Platform
import Projects
import Testing

/// What the worker makes of a revision's text without running it.
@Suite struct SourceTests {
  private static let header = """
    \"\"\"make posts

    Revision ID: a1
    \"\"\"
    from alembic import op
    import sqlalchemy as sa

    revision = "a1"
    down_revision = None


    """
  private static let body = """
    def upgrade():
        op.create_table("posts", sa.Column("id", sa.Integer(), nullable=False))
        op.execute(f"INSERT INTO posts VALUES ({1 + 1})")


    def downgrade():
        op.drop_table("posts")
    """

  /// Reads texts at once; nil for one that cannot be read.
  private func readings(_ texts: [String]) throws -> [RevisionReading?] {
    let temporary = try TemporaryProject(.table("z0"))
    defer { withExtendedLifetime(temporary) {} }
    let project = try temporary.project()
    let files = texts.enumerated().map {
      RevisionFile(file: "versions/\($0.offset).py", bytes: Array($0.element.utf8))
    }
    let past = try project.read(files)
    return files.map { file in past.readings.first { $0.revision.file == file.file } }
  }

  @Test func `what does not change what a file does does not change its digest`() throws {
    let same = [
      // Comments, docstrings, annotations, another message and header.
      """
      \"\"\"another message\"\"\"
      from __future__ import annotations
      from typing import Sequence, Union
      import sqlalchemy as sa  # noqa
      import unused
      from alembic import op

      # revision identifiers, used by Alembic.
      revision: str = "b2"
      down_revision: Union[str, None] = "a1"
      branch_labels: Union[str, Sequence[str], None] = None
      depends_on = None


      def downgrade() -> None:
          \"\"\"Takes posts away.\"\"\"
          op.drop_table('posts')
          pass


      def upgrade() -> None:
          # Makes them.
          op.create_table(
              'posts',
              sa.Column('id', sa.Integer(), nullable=False),
          )
          op.execute(f"INSERT INTO " f"posts VALUES ({1+1})")
      """,
      // Texts that hold no fields are the same with an `f` before them.
      (Self.header + Self.body).replacing("(\"posts\"", with: "(f\"posts\"")
        .replacing("\"id\"", with: "f\"i\" \"d\"")
        .replacing("def upgrade():", with: "def upgrade():\n    f\"idle\""),
      (Self.header + Self.body).replacing("\n", with: "\r\n"),
      // What only type checkers, linters and other modules read.
      """
      from __future__ import annotations
      import typing
      from typing import TYPE_CHECKING
      import alembic.op as op
      import sqlalchemy as sa
      import sqlalchemy as sa
      from app.models import Post

      if TYPE_CHECKING:
          from app.models import Author
      if typing.TYPE_CHECKING:
          from app.models import Reader

      __all__ = ["upgrade", "downgrade"]
      revision = "a1"
      down_revision: typing.Union[Author, None] = None


      """
        + Self.body.replacing("def upgrade():", with: "def upgrade(post: Post = None) -> Author:")
        .replacing("(post: Post = None)", with: "()"),
    ]
    let readings = try readings([Self.header + Self.body] + same)
    let digests = readings.map { $0?.digest }
    #expect(digests[0] != nil)
    #expect(Set(digests).count == 1, "\(digests)")
  }

  @Test(arguments: [
    ("nullable=False", "nullable=True", ["upgrade"]), ("1 + 1", "1 - 1", ["upgrade"]),
    ("{1 + 1}", "{1 + 1!r}", ["upgrade"]), ("INSERT INTO posts", "INSERT  INTO posts", ["upgrade"]),
    ("drop_table(\"posts\")", "drop_table(b\"posts\")", ["downgrade"]),
    ("import sqlalchemy as sa", "import sqlmodel as sa", ["upgrade"]),
    ("import op\n", "import op\nfrom models import *\n", [""]),
    ("drop_table(\"posts\")", "drop_column(sa.Column(\"posts\"))", ["downgrade"]),
    ("down_revision = None", "down_revision = None\nLIMIT = op.get_bind()", [""]),
    (
      "def downgrade():", "@op.run_async\ndef other():\n    return 1\n\n\ndef downgrade():",
      ["other"]
    ),
    ("def upgrade():", "@retried\ndef upgrade():", ["upgrade"]),
    ("def upgrade():", "if SLOW:\n    from pace import op\n\n\ndef upgrade():", [""]),
    (
      "def upgrade():",
      "if TYPE_CHECKING:\n    LIMIT = 1\nelse:\n    LIMIT = op.get_bind()\n\n\ndef upgrade():", [""]
    ),
    ("def upgrade():", "async def upgrade():", ["upgrade"]),
  ])
  func `what changes it is told by its part`(old: String, new: String, parts: [String]) throws {
    let text = Self.header + Self.body
    try #require(text.contains(old))
    let read = try readings([text, text.replacing(old, with: new)]).compactMap(\.self)
    try #require(read.count == 2)
    #expect(read[0].digest != read[1].digest)
    let before = Set(read[0].parts.map { [$0.name, $0.digest] })
    #expect(read[1].parts.filter { !before.contains([$0.name, $0.digest]) }.map(\.name) == parts)
  }

  private static let drop = "op.drop_table(\"posts\")"

  /// An edit that has another part, too, is an error instead of a warning.
  @Test(arguments: [
    ("_drop()\n\n\ndef _drop():\n    op.drop_table(NAME)\n\n\nNAME = \"posts\"\n", ["downgrade"]),
    ("op.drop_table(T.name)\n\n\nT = sa.Table(\"posts\", sa.MetaData())\n", ["downgrade"]),
    ("globals()[\"down_%s\" % 1]()\n\n\ndef down_1():\n    pass\n", ["downgrade"]),
    // What runs where it stands is the file's own.
    ("op.drop_table(NAME)\n\n\nNAME = op.get_bind()\n", ["", "downgrade"]),
    ("_drop()\n\n\ndef _drop():\n    pass\n\n\n_drop()\n", ["", "_drop", "downgrade"]),
    // What nothing uses may have been used by the way down, or is going to be.
    ("pass\n\n\ndef unused():\n    pass\n\n\nLIMIT = 5\n", ["downgrade"]),
  ])
  func `what only the way down uses is a part of it`(way: String, parts: [String]) throws {
    let text = Self.header + Self.body
    try #require(text.contains(Self.drop))
    let read = try readings([text, text.replacing(Self.drop, with: way)]).compactMap(\.self)
    try #require(read.count == 2)
    #expect((read[0].upwardDigest == read[1].upwardDigest) == (parts == ["downgrade"]))
    let before = Set(read[0].parts.map { [$0.name, $0.digest] })
    let changed = read[1].parts.filter { !before.contains([$0.name, $0.digest]) }
    #expect(changed.map(\.name).sorted() == parts)
  }

  @Test(arguments: [
    // The way up runs the way down.
    (up: "downgrade()", beside: "", isOfBoth: true),
    (up: "globals()[\"downgrade\"]()", beside: "", isOfBoth: true),
    (up: "pass", beside: "downgrade()", isOfBoth: true),
    // A table changes the MetaData that the way up has.
    (up: "metadata.create_all(op.get_bind())", beside: "", isOfBoth: true),
    // SQLAlchemy's `inspect` is no way to look up a function.
    (up: "sa.inspect(op.get_bind())", beside: "", isOfBoth: false),
  ])
  func `what the way up may use is no part of the way down alone`(
    up: String, beside: String, isOfBoth: Bool
  ) throws {
    func text(_ length: Int) -> String {
      """
      import sqlalchemy as sa
      from alembic import op
      from app.models import metadata

      revision = "a1"
      down_revision = None
      \(up.contains("metadata") ? "T = sa.Table('t', metadata, sa.Column('x', sa.String(\(length))))" : "")


      def upgrade():
          \(up)


      def downgrade():
          op.drop_table("t\(length)")
          \(up.contains("metadata") ? "T" : "pass")


      \(beside)
      """
    }
    let read = try readings([text(3), text(4)]).compactMap(\.self)
    try #require(read.count == 2)
    #expect((read[0].upwardDigest != read[1].upwardDigest) == isOfBoth)
  }

  /// Several databases: Alembic's template finds its functions by texts.
  @Test func `what the way up may look up is no part of the way down`() throws {
    let text =
      Self.header + """
        def upgrade(name):
            globals()["up_%s" % name]()


        def downgrade(name):
            up_main()


        def up_main():
            op.drop_table("posts")
        """
    let read = try readings([text, text.replacing("posts", with: "post")]).compactMap(\.self)
    try #require(read.count == 2)
    #expect(read[0].upwardDigest != read[1].upwardDigest)
    #expect(read[1].parts.map(\.name) == ["upgrade", "downgrade", "up_main"])
  }

  /// They stand in lock files: another version of Python, or of Stairway, must come to the same.
  @Test func `a digest is the same for good`() throws {
    let text = """
      from alembic import op
      import sqlalchemy as sa
      revision = "a1"
      down_revision = None
      SIZES = [1, -2, 3.5, 1j, True, None, ..., b"x", 10 ** 3, 0xFFFFFFFFFFFFFFFFFFFF]
      class Mood(sa.Enum):
          name: str
          other: int = 1
      def upgrade(*names, key: int = 1, **rest) -> None:
          conn = op.get_bind()
          count: int = 0
          with conn.begin() as one, conn.begin():
              for row in [r[1:2, ::3] for r in conn if r]:
                  print(f"{row!r:>{count}} {{}} {row.a}" "tail\\ud800", *names, **rest)
          try:
              x = lambda a, /, b=1: {**rest, "k": a}
          except (ValueError, KeyError) as error:
              raise RuntimeError("no") from error
          finally:
              del x
          return x if not count else (yield)
      def downgrade():
          pass
      """
    let read = try #require(try readings([text]).first ?? nil)
    #expect(read.digest == "edae5c01d7cccab1")
    #expect(read.upwardDigest == "47df7867c4dde963")
  }

  @Test func `a text that cannot be read is told, and one that is no revision is passed over`()
    throws
  {
    let temporary = try TemporaryProject(.table("z0"))
    defer { withExtendedLifetime(temporary) {} }
    let project = try temporary.project()
    let past = try project.read([
      RevisionFile(file: "broken.py", bytes: Array("def upgrade(:".utf8)),
      RevisionFile(file: "computed.py", bytes: Array("revision = make()".utf8)),
      RevisionFile(file: "helper.py", bytes: Array("x = 1".utf8)),
      RevisionFile(
        file: "latin.py",
        bytes: Array("# -*- coding: latin-1 -*-\nrevision = 'a1'\n# ".utf8) + [0xE9]),
    ])
    #expect(past.readings.map(\.revision.id) == ["a1"])
    #expect(past.unread.map(\.file) == ["broken.py", "computed.py"])
    #expect(past.unread[0].reason.hasPrefix("syntax error in line 1: "))
    #expect(past.unread[1].reason == "its variable `revision` is computed, and it is not run")
  }

  @Test func `shortened ids and labels are resolved within their own moment`() throws {
    let temporary = try TemporaryProject(.table("z0"))
    defer { withExtendedLifetime(temporary) {} }
    let project = try temporary.project()
    func file(_ id: String, _ rest: String) -> RevisionFile {
      RevisionFile(file: "\(id).py", bytes: Array("revision = '\(id)'\n\(rest)".utf8))
    }
    for id in ["aaaa11", "aaaa33"] {
      let moment = try project.read([file(id, ""), file("bbbb22", "down_revision = 'aaaa'")])
      #expect(moment.readings.last?.revision.parents == [RevisionID(id)])
    }
  }

  @Test func `the history says in which folders it lies`() throws {
    let temporary = try TemporaryProject(.table("a1"))
    defer { withExtendedLifetime(temporary) {} }
    let project = try temporary.project()
    #expect(project.revisionFolders.paths.isEmpty)
    _ = try project.history()
    #expect(project.revisionFolders.paths.map(\.name) == ["versions"])
    #expect(!project.revisionFolders.isRecursive)
  }
}
