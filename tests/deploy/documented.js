// Prints a code block of a page: node documented.js PAGE HEADING NUMBER
import { blocks } from './repository.js';

const [page, heading, number] = process.argv.slice(2);
process.stdout.write(blocks(page, heading)[number - 1]);
