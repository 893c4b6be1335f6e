/** Builds `dist/` once before the tests, so that those which start the command line run what is in the source tree. */
import { build } from '../../scripts/build.mjs';

export default async function setup(): Promise<void> {
  await build();
}
