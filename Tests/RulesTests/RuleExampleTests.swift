import Databases
import Schemas
import Testing
import Walks

@testable import Rules

@Suite struct RuleExampleTests {
  @Test(arguments: RuleBook.all.map(\.name))
  func `a rule speaks of its triggering example, and of no other rule's matter`(_ name: RuleName)
    throws
  {
    let example = try #require(RuleBook[name]).triggering
    let judgement = RuleBook.judge(example.record, allowances: example.allowances)
    #expect(judgement.rules.contains(name))
    let related: Set<RuleName> = [
      "upgrade-fails", "downgrade-leaves-trace", "partial-migration",
    ]
    #expect(Set(judgement.rules).subtracting(related).subtracting([name]).isEmpty)
  }

  @Test(arguments: RuleBook.all.map(\.name))
  func `a rule is silent about its passing example`(_ name: RuleName) throws {
    let example = try #require(RuleBook[name]).passing
    let judgement = RuleBook.judge(example.record, allowances: example.allowances)
    #expect(!judgement.rules.contains(name))
  }

  @Test(arguments: RuleBook.all.map(\.name))
  func `a finding has its rule's severity and one sentence without a full stop`(_ name: RuleName)
    throws
  {
    let rule = try #require(RuleBook[name])
    let judgement = RuleBook.judge(
      rule.triggering.record, allowances: rule.triggering.allowances)
    let finding = try #require(judgement.findings.first { $0.rule == name })
    #expect(finding.severity == rule.severity)
    #expect(!finding.message.isEmpty)
    #expect(!finding.message.hasSuffix("."))
    #expect(!finding.message.contains("\n"))
  }

  @Test func `names of rules are kebab-case and unique`() {
    let names = RuleBook.all.map(\.name.text)
    #expect(Set(names).count == names.count)
    for name in names {
      #expect(name.allSatisfy { $0 == "-" || $0.isLowercase && $0.isASCII })
    }
  }
}
