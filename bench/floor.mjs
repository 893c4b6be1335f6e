/** The floor of any tool that looks at every file: walks the working directory and reads its `*.py` files, and no more. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

let bytes = 0;
for (const entry of readdirSync('.', { recursive: true, withFileTypes: true })) {
  if (entry.isFile() && entry.name.endsWith('.py')) bytes += readFileSync(join(entry.parentPath, entry.name)).length;
}
console.log(bytes);
