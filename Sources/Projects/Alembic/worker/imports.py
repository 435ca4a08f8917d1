"""Changes modules of others right after their import: before, if they are imported already."""
import importlib.abc
import importlib.util
import sys


def change(patches):
    """Calls each function with the module of its name, once that is imported."""
    for name in list(patches):
        if name in sys.modules:
            patches.pop(name)(sys.modules[name])
    sys.meta_path.insert(0, Hook(patches))


class Hook(importlib.abc.MetaPathFinder):
    """Changes a module right after its import."""

    def __init__(self, patches):
        self._waiting = patches
        self._finding = set()

    def find_spec(self, name, path=None, target=None):
        if name not in self._waiting or name in self._finding:
            return None
        self._finding.add(name)
        try:
            spec = importlib.util.find_spec(name)
        except (ImportError, ValueError):
            spec = None
        finally:
            self._finding.discard(name)
        if spec is None or spec.loader is None or not hasattr(spec.loader, "exec_module"):
            return None
        run = spec.loader.exec_module
        patch = self._waiting[name]

        def exec_module(module):
            run(module)
            patch(module)

        try:
            spec.loader.exec_module = exec_module
        except AttributeError:
            return None
        return spec
