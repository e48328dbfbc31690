import { standardOutput } from '../output/standard-output.js';
import { Refusal } from '../refusal.js';
import { takeSinkError } from '../runtime/running-sink.js';
import { reportFailure } from './failure.js';
import { buildProgram } from './program.js';

process.on('uncaughtException', (error) => {
  if (!takeSinkError(error)) process.exit(reportFailure(error));
});

try {
  const args = process.argv.slice(2);
  await buildProgram(args).parseAsync(args, { from: 'user' });
  await standardOutput.settled();
  if (standardOutput.failure !== undefined) {
    const { message } = standardOutput.failure;
    throw new Refusal(
      `cannot write to standard output (${message}): make room, or write elsewhere`,
    );
  }
} catch (error) {
  process.exitCode = reportFailure(error);
}
await standardOutput.settled();
// A read of a pipe that nobody writes to cannot be cancelled, and would keep the process; and so would a write that
// nobody reads. What is settled was waited for as long as it may be.
process.exit();
