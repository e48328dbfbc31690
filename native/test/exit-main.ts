// Exits with code 7 in the stage that the first argument names.
import { stages } from './stages.ts';

stages[process.argv[2]!]!(() => process.exit(7));
