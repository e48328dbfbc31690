import { reportFailure } from './failure.js';
import { buildProgram } from './program.js';

// A reader that goes away (`| head -1`) is an ordinary end, not a failure; commands stop on it by themselves.
process.stdout.on('error', ignoreClosedPipe);
process.stderr.on('error', ignoreClosedPipe);

try {
  await buildProgram().parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
