"""A history's starting point, where it does not begin with an empty database."""
import os
import subprocess
import sys

from . import failures


def create_all(environment, recorder):
    """Makes the tables of the project's models, as `create_all()` does."""
    recorder.begin()
    application = environment.project.app
    try:
        if application is not None and hasattr(application.db, "create_all"):
            application.db.create_all()
        else:
            _create_metadata(environment)
    except BaseException as error:
        return {"status": "failed", "statements": recorder.take(),
                "failure": failures.raised(error)}
    finally:
        environment.release()
    environment.starts_from_models = True
    return {"status": "succeeded", "statements": recorder.take()}


def _create_metadata(environment):
    metadata = environment.metadata
    if metadata is None:
        raise RuntimeError("env.py has no target_metadata, so there is nothing to create")
    several = metadata if isinstance(metadata, (list, tuple)) else [metadata]

    def create(heads, context):
        for one in several:
            one.create_all(context.connection)
        if hasattr(context.connection, "commit") and not environment.is_external:
            context.connection.commit()
        return ()

    environment.run_env(create, dont_mutate=True)


def run_command(project, command):
    """Runs the project's own command for its starting point, through the shell."""
    sys.stdout.flush()
    sys.stderr.flush()
    # `python` in the command is the project's.
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])
    done = subprocess.call(
        command, shell=True, cwd=project.folder, stdin=subprocess.DEVNULL,
        env=dict(os.environ, PATH=path))
    if done == 0:
        return {"status": "succeeded"}
    return {"status": "failed", "failure": {
        "kind": "raised", "type": "", "frames": [],
        "message": "the command `%s` ended with status %d" % (command, done)}}
