/** Builds obligations. What does not hold, or cannot be known, always names the place that was looked at. */
import type { Obligation } from '../core/finding.ts';
import type { Obstacle } from '../model/construction.ts';
import type { FileModel } from '../model/file.ts';
import type { PyNode } from '../syntax/tree.ts';
import { place } from './place.ts';

export function met(id: string, detail: string): Obligation {
  return { id, holds: true, detail };
}

export function unmet(id: string, { file, node, detail }: Obstacle): Obligation {
  return { id, holds: false, detail, where: place(file, node) };
}

export function unknown(id: string, { file, node, detail }: Obstacle): Obligation {
  return { id, holds: 'unknown', detail, where: place(file, node) };
}

const EXCERPT_LENGTH = 40;

/** Source on one line, cut to what fits a sentence. */
export function excerpt(file: FileModel, node: PyNode): string {
  const text = file.text(node).replace(/\s+/g, ' ');
  return text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH - 3)}...` : text;
}
