private import FoundationEssentials

/// The page's style and script, as this program carries them, and the policy that lets nothing else
/// take effect.
enum PageFiles {
  static let style = Markup(resource: PackageResources.page_css)
  static let script = Markup(resource: PackageResources.page_js)

  /// For the page's `Content-Security-Policy`: nothing is loaded, nothing is sent, and no script or
  /// style counts but these two (<https://www.w3.org/TR/CSP3/#grammardef-hash-source>).
  static let policy: Markup = """
    default-src 'none'; style-src '\(hash(PackageResources.page_css))'; \
    script-src '\(hash(PackageResources.page_js))'; base-uri 'none'; form-action 'none'
    """

  private static func hash(_ bytes: [UInt8]) -> String {
    "sha256-" + Data(SHA256.digest(of: bytes)).base64EncodedString()
  }
}
