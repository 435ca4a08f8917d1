private import Glibc

/// The process that this code runs in.
package enum ThisProcess {
  /// Ends it with this status; what is open is closed by the system.
  package static func end(status: Int32) -> Never { exit(status) }

  /// How many processors work that is done side by side can have.
  package static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
