/** A proof as JSON: what `prove --format json` prints and `--evidence` reads. */
import type { Proof } from '../core/proof.ts';
import { safeJson } from '../core/safe-json.ts';

/** ASCII escapes for what must not reach a terminal raw, and a final line end. */
export function proofJson(proof: Proof): string {
  return `${safeJson(proof, 2)}\n`;
}
