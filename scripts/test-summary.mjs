// Adds up the results that the workspaces' test runs left behind, and names what failed or was skipped. Arguments: other results,
// instead of all of the workspaces'.
import { existsSync, globSync, readFileSync } from 'node:fs';

const totals = { passed: 0, failed: 0, pending: 0 };
const others = process.argv.slice(2);
const files =
  others.length > 0
    ? others
    : globSync('{native,packages/*,benchmarks,test}/test-results/vitest.json');
for (const file of files) {
  const results = JSON.parse(readFileSync(file, 'utf8'));
  for (const { name, status, message, assertionResults } of results.testResults) {
    if (status === 'failed' && assertionResults.length === 0) {
      totals.failed++;
      console.log(`failed: ${name}: ${message}`);
    }
    for (const test of assertionResults) {
      const outcome =
        test.status === 'passed' || test.status === 'failed' ? test.status : 'pending';
      totals[outcome]++;
      if (outcome !== 'passed')
        console.log(`${outcome === 'failed' ? 'failed' : 'skipped'}: ${test.fullName}`);
    }
  }
}
// The C++ tests count themselves.
const cpp = 'native/test-results/cpp.txt';
const said = others.length === 0 && existsSync(cpp) ? readFileSync(cpp, 'utf8') : '';
for (const [line, outcome] of said.matchAll(/^(FAILED|skipped): .*$/gm)) {
  totals[outcome === 'FAILED' ? 'failed' : 'pending']++;
  console.log(line.replace('FAILED', 'failed'));
}
for (const [, tests, failed, skipped] of said.matchAll(
  /: (\d+) tests, (\d+) failed, (\d+) skipped$/gm,
)) {
  totals.passed += Number(tests) - Number(failed) - Number(skipped);
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.pending} skipped`);

const skipsForbidden = process.env.OOMWATCHER_REQUIRE_ALL === '1';
if (totals.failed > 0 || totals.passed === 0 || (skipsForbidden && totals.pending > 0))
  process.exitCode = 1;
