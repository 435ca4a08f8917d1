import Databases
import History
import Platform
import Projects
import Rows
import Schemas
import Testing
import Walks

/// An Alembic project whose env.py hands models over.
func modelsProject(
  _ models: String, revision: Sample = Sample("a1"), environment: String? = nil,
  options: String = "", files: [String: String] = [:], on engine: Engine = .sqlite
) throws -> TemporaryProject {
  var all = files
  all["app/__init__.py"] = all["app/__init__.py"] ?? ""
  all["app/models.py"] = models
  let plain = Sample.environment
    .replacing(
      "target_metadata = None", with: "from app.models import Base\ntarget_metadata = Base.metadata"
    )
    .replacing(
      "target_metadata=target_metadata", with: "target_metadata=target_metadata\(options)")
  return try TemporaryProject(
    environment: environment ?? plain, revision, files: all, on: engine)
}

let users = """
  import sqlalchemy as sa
  from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


  class Base(DeclarativeBase):
      pass


  class User(Base):
      __tablename__ = "users"

      id: Mapped[int] = mapped_column(primary_key=True)
      name: Mapped[str] = mapped_column(sa.String(50), server_default="x")


  tags = sa.Table(
      "tags", Base.metadata,
      sa.Column("id", sa.Integer, primary_key=True),
      sa.Column("label", sa.Text))

  """

extension ModelsReading {
  var description: ModelsDescription? {
    if case .read(let description) = self { description } else { nil }
  }
}
