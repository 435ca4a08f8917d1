private import Glibc

/// An account of this machine.
package struct UserAccount: Sendable, Hashable {
  package let name: String
  package let uid: UInt32
  package let gid: UInt32

  package init(name: String, uid: UInt32, gid: UInt32) {
    self.name = name
    self.uid = uid
    self.gid = gid
  }

  /// The account of this name; nil where there is none.
  package init?(named name: String) {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var space = [CChar](repeating: 0, count: 16 << 10)
    guard getpwnam_r(name, &entry, &space, space.count, &found) == 0, found != nil else {
      return nil
    }
    self.init(name: name, uid: entry.pw_uid, gid: entry.pw_gid)
  }

  /// Who Stairway itself runs as.
  package static var effectiveUID: UInt32 { geteuid() }
}
