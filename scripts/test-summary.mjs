// Adds up the results in the files of its arguments, and names what failed or was skipped: vitest's JSON, and the lines of the
// C++ tests (.txt).
import { readFileSync } from 'node:fs';

const totals = { passed: 0, failed: 0, pending: 0 };
const files = process.argv.slice(2);
for (const file of files.filter((name) => name.endsWith('.json'))) {
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
const said = files
  .filter((name) => name.endsWith('.txt'))
  .map((name) => readFileSync(name, 'utf8'))
  .join('');
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
